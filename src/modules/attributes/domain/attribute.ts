import { isDay } from './day.js';
import { compilePattern } from './pattern.js';

/** What may have attributes of its own, by the name that the API gives it. */
export const ATTRIBUTE_RESOURCES = ['sites', 'cells', 'hamlets', 'areas', 'clusters', 'fibre'] as const;
export type AttributeResource = (typeof ATTRIBUTE_RESOURCES)[number];

/** `choice` is one of a list, `choices` some of it; a date is a day, YYYY-MM-DD. */
export const ATTRIBUTE_TYPES = ['text', 'number', 'integer', 'boolean', 'date', 'choice', 'choices'] as const;
export type AttributeType = (typeof ATTRIBUTE_TYPES)[number];

export type AttributeValue = string | number | boolean | string[];
/** By name, in the order of the names. What has no value is not there. */
export type AttributeValues = Readonly<Record<string, AttributeValue>>;

/**
 * How the attributes of a bulk of objects are meant: those that are left out stay as they are stored (`merge`), or they are
 * `exact`; with `restore` they are not checked either, as they were stored once.
 */
export type AttributeMode = 'merge' | 'exact' | 'restore';

/** What the values of an attribute must be. A null does not limit. */
export interface AttributeRules {
  type: AttributeType;
  /** Objects that are new, or change, must have a value. */
  required: boolean;
  /** Of numbers, and of dates as a day; both included. */
  min: number | string | null;
  max: number | string | null;
  /** Of texts: a regular expression (RE2) that the whole text must match. */
  pattern: string | null;
  /** Of texts, in characters. */
  maxLength: number | null;
  /** Of `choice` and `choices`; of others there are none. */
  choices: readonly string[];
}

/** An attribute that an administrator has given to a resource. */
export interface Attribute extends AttributeRules {
  id: string;
  resource: AttributeResource;
  /** Unique in its resource, whatever the letter case. */
  name: string;
  title: { en: string; vi: string };
  description: string | null;
  unit: string | null;
  /** Shown to those who read an open collection without signing in, too. */
  openData: boolean;
  /** Values stay as they are stored; new ones are not accepted. */
  retired: boolean;
}

/** A value that a rule refuses: which field, and what is right, in both languages. */
export interface Violation {
  field: string;
  code: string;
  en: string;
  vi: string;
}

/** A name stands in queries, in CQL2 and in headings of sheets as it is. */
const NAME = /^[a-z][A-Za-z0-9_]{0,39}$/;
const LONGEST_TEXT = 4_000;
const MOST_CHOICES = 200;
/** What stands between the choices of one cell in a sheet. */
const SEPARATORS = /[;,|/+\n]/;
const UNPRINTABLE = /[\p{Cc}\p{Cs}]/u;

/** Everything that is wrong with a definition taken by itself. */
export function checkDefinition(given: Omit<Attribute, 'id' | 'retired'>): Violation[] {
  const { type, min, max, pattern, maxLength } = given;
  return [
    ...(NAME.test(given.name)
      ? []
      : [
          violation(
            'name',
            'PATTERN',
            'must be 1 to 40 letters a–z, digits or underscores, the first a small letter',
            'phải gồm 1 đến 40 chữ cái a–z, chữ số hoặc gạch dưới, bắt đầu bằng chữ thường',
          ),
        ]),
    ...checkWords('title.en', given.title.en, 100),
    ...checkWords('title.vi', given.title.vi, 100),
    ...(given.description === null ? [] : checkWords('description', given.description, 500)),
    ...(given.unit === null ? [] : checkWords('unit', given.unit, 20)),
    ...checkLimit('min', type, min),
    ...checkLimit('max', type, max),
    ...onlyOf('pattern', pattern !== null && type !== 'text', 'texts', 'văn bản'),
    ...onlyOf('maxLength', maxLength !== null && type !== 'text', 'texts', 'văn bản'),
    ...(min !== null && max !== null && min > max
      ? [violation('max', 'ORDER', 'must not be less than min', 'không được nhỏ hơn min')]
      : []),
    ...(maxLength !== null && !(Number.isInteger(maxLength) && maxLength >= 1 && maxLength <= LONGEST_TEXT)
      ? [
          violation(
            'maxLength',
            'RANGE',
            `must be from 1 to ${LONGEST_TEXT}`,
            `phải từ 1 đến ${LONGEST_TEXT}`,
          ),
        ]
      : []),
    ...(pattern === null || compilePattern(pattern) ? [] : [unreadablePattern()]),
    ...checkChoices(given),
  ];
}

function checkLimit(field: 'min' | 'max', type: AttributeType, limit: unknown): Violation[] {
  if (limit === null) return [];
  switch (type) {
    case 'number':
    case 'integer':
      if (Number.isFinite(limit)) return [];
      return [violation(field, 'TYPE', 'must be a number', 'phải là số')];
    case 'date':
      if (typeof limit === 'string' && isDay(limit)) return [];
      return [
        violation(field, 'DATE', 'must be a day, YYYY-MM-DD', 'phải là một ngày có thật, dạng YYYY-MM-DD'),
      ];
    default:
      return onlyOf(field, true, 'numbers and dates', 'số và ngày');
  }
}

function checkChoices({ type, choices }: Pick<AttributeRules, 'type' | 'choices'>): Violation[] {
  if (type !== 'choice' && type !== 'choices')
    return onlyOf('choices', choices.length > 0, 'choice and choices', 'choice và choices');
  if (choices.length === 0 || choices.length > MOST_CHOICES)
    return [
      violation(
        'choices',
        'COUNT',
        `must be 1 to ${MOST_CHOICES} values`,
        `phải có 1 đến ${MOST_CHOICES} giá trị`,
      ),
    ];
  const folded = choices.map((choice) => choice.toLowerCase());
  return choices.flatMap((choice, i) => {
    const field = `choices.${i}`;
    if (folded.indexOf(choice.toLowerCase()) !== i)
      return [violation(field, 'DUPLICATE', `"${choice}" is given twice`, `"${choice}" bị ghi hai lần`)];
    if (type === 'choices' && SEPARATORS.test(choice))
      return [
        violation(
          field,
          'SEPARATOR',
          'must not hold any of ; , | / +, which stand between choices in sheets',
          'không được có ; , | / + vì các dấu này ngăn cách các lựa chọn trong bảng',
        ),
      ];
    return checkWords(field, choice, 100);
  });
}

function checkWords(field: string, text: string, longest: number): Violation[] {
  if (text.trim() !== '' && text === text.trim() && text.length <= longest && !UNPRINTABLE.test(text))
    return [];
  return [
    violation(
      field,
      'TEXT',
      `must be 1 to ${longest} characters on one line, without blanks around them`,
      `phải có 1 đến ${longest} ký tự trên một dòng, không có khoảng trắng ở hai đầu`,
    ),
  ];
}

function onlyOf(field: string, wrong: boolean, en: string, vi: string): Violation[] {
  return wrong ? [violation(field, 'TYPE', `is for ${en} only`, `chỉ dùng cho ${vi}`)] : [];
}

function unreadablePattern(): Violation {
  return violation(
    'pattern',
    'PATTERN',
    'must be a regular expression of RE2: without look-around and back-references, and not too large',
    'phải là biểu thức chính quy RE2: không có look-around, tham chiếu ngược, và không quá lớn',
  );
}

function violation(field: string, code: string, en: string, vi: string): Violation {
  return { field, code, en: `${field} ${en}`, vi: `${field} ${vi}` };
}
