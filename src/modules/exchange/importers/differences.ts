import type { FieldChange } from './importer.js';

/** Fields that differ, of those that are in `after`. */
export function differences(before: object, after: object): FieldChange[] {
  const was = before as Record<string, unknown>;
  return Object.entries(after).flatMap(([field, value]) =>
    JSON.stringify(was[field] ?? null) === JSON.stringify(value ?? null)
      ? []
      : [{ field, before: was[field] ?? null, after: value as unknown }],
  );
}
