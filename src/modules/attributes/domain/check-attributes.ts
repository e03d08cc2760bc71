import type { Attribute, AttributeRules, AttributeValue, AttributeValues, Violation } from './attribute.js';
import { isDay } from './day.js';
import { compilePattern } from './pattern.js';

const LONGEST_TEXT = 1_000;
/** Neither can be stored as JSON: control characters but tabs and line ends, and halves of characters. */
const UNSTORABLE = /[^\P{Cc}\t\n]|\p{Cs}/u;

/** A rule as far as checking values goes. */
type Rule = Pick<Attribute, 'name' | 'retired'> & AttributeRules;

/**
 * Everything that is wrong with the attributes of an object, each under `attributes.<name>`. What is stored already under a
 * definition that has since been retired may stay; new values of it may not come.
 */
export function checkAttributes(
  definitions: readonly Rule[],
  values: Readonly<Record<string, unknown>>,
  stored: AttributeValues = {},
): Violation[] {
  const rules = new Map(definitions.map((definition) => [definition.name, definition]));
  const given = Object.entries(values).flatMap(([name, value]) => {
    const rule = rules.get(name);
    if (rule && !rule.retired) return checkValue(rule, value);
    if (Object.hasOwn(stored, name) && JSON.stringify(stored[name]) === JSON.stringify(value)) return [];
    const shown = name.slice(0, 60);
    return rule
      ? [said(name, 'RETIRED', 'is retired and takes no new values', 'đã ngừng dùng, không nhận giá trị mới')]
      : [said(shown, 'UNKNOWN_FIELD', 'is not a known attribute', 'không phải là thuộc tính được biết đến')];
  });
  const lacking = definitions
    .filter(({ name, required, retired }) => required && !retired && !Object.hasOwn(values, name))
    .map(({ name }) => said(name, 'REQUIRED', 'must have a value', 'phải có giá trị'));
  return [...given, ...lacking];
}

/** What is wrong with one value. */
export function checkValue(rule: Rule, value: unknown): Violation[] {
  const { name, type, choices } = rule;
  const list = choices.join(', ');
  switch (type) {
    case 'text':
      return typeof value === 'string'
        ? checkText(rule, value)
        : [said(name, 'TYPE', 'must be a text', 'phải là văn bản')];
    case 'number':
    case 'integer':
      return checkNumber(rule, value);
    case 'boolean':
      if (typeof value === 'boolean') return [];
      return [said(name, 'TYPE', 'must be true or false', 'phải là true hoặc false')];
    case 'date':
      return checkDay(rule, value);
    case 'choice':
      if (typeof value === 'string' && choices.includes(value)) return [];
      return [said(name, 'ONE_OF', `must be one of ${list}`, `phải là một trong: ${list}`)];
    case 'choices': {
      const right =
        Array.isArray(value) &&
        value.length > 0 &&
        value.every((one, i) => choices.includes(one as string) && value.indexOf(one) === i);
      if (right) return [];
      return [
        said(
          name,
          'SOME_OF',
          `must be a list of some of ${list}, each once`,
          `phải là danh sách gồm: ${list}, mỗi giá trị một lần`,
        ),
      ];
    }
  }
}

function checkText({ name, maxLength, pattern }: Rule, text: string): Violation[] {
  const longest = maxLength ?? LONGEST_TEXT;
  if (text.trim() === '' || text.length > longest || UNSTORABLE.test(text))
    return [said(name, 'LENGTH', `must be 1 to ${longest} characters`, `phải có từ 1 đến ${longest} ký tự`)];
  if (pattern === null || compilePattern(pattern)?.testExact(text)) return [];
  return [said(name, 'PATTERN', `must match ${pattern}`, `phải khớp mẫu ${pattern}`)];
}

function checkNumber({ name, type, min, max }: Rule, value: unknown): Violation[] {
  const whole = type === 'integer';
  const [en, vi] = whole ? ['a whole number', 'số nguyên'] : ['a number', 'số'];
  if (typeof value !== 'number' || !(whole ? Number.isSafeInteger(value) : Number.isFinite(value)))
    return [said(name, 'TYPE', `must be ${en}`, `phải là ${vi}`)];
  return checkLimits(name, value, min, max, [en, vi]);
}

function checkDay({ name, min, max }: Rule, value: unknown): Violation[] {
  if (typeof value !== 'string' || !isDay(value))
    return [
      said(
        name,
        'DATE',
        'must be a day of the calendar, YYYY-MM-DD',
        'phải là một ngày có thật, dạng YYYY-MM-DD',
      ),
    ];
  return checkLimits(name, value, min, max, ['a day', 'ngày']);
}

/** Both ends are of the value's type: numbers, or days, which are in the order of their texts. */
function checkLimits(
  name: string,
  value: number | string,
  min: number | string | null,
  max: number | string | null,
  [en, vi]: readonly [string, string],
): Violation[] {
  if ((min === null || value >= min) && (max === null || value <= max)) return [];
  const [fromEn, fromVi] = min === null ? ['', ''] : [` from ${min}`, ` từ ${min}`];
  const [toEn, toVi] = max === null ? ['', ''] : [` up to ${max}`, ` đến ${max}`];
  return [said(name, 'RANGE', `must be ${en}${fromEn}${toEn}`, `phải là ${vi}${fromVi}${toVi}`)];
}

function said(name: string, code: string, en: string, vi: string): Violation {
  const field = `attributes.${name}`;
  return { field, code, en: `${field} ${en}`, vi: `${field} ${vi}` };
}

/** The stored values with those that are given put over them by name; a null takes one away. In the order of the names. */
export function mergeAttributes(
  stored: AttributeValues,
  given: Readonly<Record<string, unknown>> = {},
): AttributeValues {
  const merged = new Map<string, unknown>([...Object.entries(stored), ...Object.entries(given)]);
  return Object.fromEntries(
    [...merged]
      .filter((entry): entry is [string, AttributeValue] => entry[1] !== null && entry[1] !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}
