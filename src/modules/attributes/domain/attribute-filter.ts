import type { Attribute, Violation } from './attribute.js';
import { isDay } from './day.js';

/** A condition on the value of one attribute. Of `choices`, equality asks whether the value is among them. */
export interface AttributeFilter {
  attribute: Attribute;
  is: '=' | '>=' | '<=';
  value: string | number | boolean;
}

/** The prefix of attributes in queries, in the names of dimensions, and in the headings of sheets. */
export const ATTRIBUTE_PREFIX = 'attr.';

const RANGED = new Set(['number', 'integer', 'date']);
const LONGEST_VALUE = 1_000;

/** Reads `{name: value, 'name.min': value, 'name.max': value}` as a query brings it; what is wrong is named `attr.<name>`. */
export function readFilters(
  definitions: readonly Attribute[],
  given: Readonly<Record<string, unknown>>,
): { filters: AttributeFilter[]; violations: Violation[] } {
  const active = new Map(definitions.filter(({ retired }) => !retired).map((one) => [one.name, one]));
  const filters: AttributeFilter[] = [];
  const violations: Violation[] = [];
  for (const [key, text] of Object.entries(given)) {
    const [, name = key, end] = /^(.*)\.(min|max)$/.exec(key) ?? [];
    const field = `${ATTRIBUTE_PREFIX}${key.slice(0, 60)}`;
    const say = (code: string, en: string, vi: string) =>
      violations.push({ field, code, en: `${field} ${en}`, vi: `${field} ${vi}` });
    const attribute = active.get(name);
    if (!attribute)
      say('UNKNOWN_FIELD', 'is not a known attribute', 'không phải là thuộc tính được biết đến');
    else if (end && !RANGED.has(attribute.type))
      say('RANGE', 'is for numbers and dates only', 'chỉ dùng cho số và ngày');
    else {
      // Bodies bring numbers and booleans as they are.
      const isPlain = typeof text === 'string' || typeof text === 'number' || typeof text === 'boolean';
      const value = isPlain ? readValue(attribute, String(text)) : undefined;
      if (value === undefined) say('TYPE', `must be a ${attribute.type}`, `phải có kiểu ${attribute.type}`);
      else filters.push({ attribute, is: end === 'min' ? '>=' : end === 'max' ? '<=' : '=', value });
    }
  }
  return { filters, violations };
}

function readValue({ type, choices }: Attribute, text: string): string | number | boolean | undefined {
  switch (type) {
    case 'text':
      return text.length <= LONGEST_VALUE && !/[\0\p{Cs}]/u.test(text) ? text : undefined;
    case 'number':
    case 'integer':
      return /^[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})$/.test(text) ? Number(text) : undefined;
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'date':
      return isDay(text) ? text : undefined;
    case 'choice':
    case 'choices':
      return choices.find((choice) => choice === text);
  }
}
