import { ATTRIBUTE_PREFIX } from '../../attributes/index.js';
import type { FieldChange } from './importer.js';

type Values = Readonly<Record<string, unknown>>;

/** Fields that differ, of those that are in `after`; custom attributes one by one. */
export function differences(before: object, after: object): FieldChange[] {
  const was = before as Values;
  const { attributes, ...fields } = after as Values;
  return [...compared(was, fields, ''), ...ofAttributes(was.attributes, attributes)];
}

function ofAttributes(before: unknown, after: unknown): FieldChange[] {
  if (after === undefined) return [];
  const [was, is] = [before, after].map((values): Values => ({ ...(values as Values | undefined) }));
  // A value that was taken away is told as well.
  const names = [...new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})])].sort();
  return compared(
    was ?? {},
    Object.fromEntries(names.map((name) => [name, is?.[name] ?? null])),
    ATTRIBUTE_PREFIX,
  );
}

function compared(was: Values, is: Values, prefix: string): FieldChange[] {
  return Object.entries(is).flatMap(([field, value]) =>
    isSame(was[field] ?? null, value ?? null)
      ? []
      : [{ field: prefix + field, before: was[field] ?? null, after: value }],
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || (typeof a === 'object' && JSON.stringify(a) === JSON.stringify(b));
}
