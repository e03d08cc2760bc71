import fc from 'fast-check';
import { readFilters } from './attribute-filter.js';
import { ATTRIBUTE_TYPES, checkDefinition, type Attribute } from './attribute.js';
import { checkAttributes, checkValue, mergeAttributes } from './check-attributes.js';
import { compilePattern } from './pattern.js';

const attribute = (more: Partial<Attribute>): Attribute => ({
  id: '1',
  resource: 'sites',
  name: 'a',
  title: { en: 'A', vi: 'A' },
  description: null,
  type: 'text',
  unit: null,
  required: false,
  min: null,
  max: null,
  pattern: null,
  maxLength: null,
  choices: [],
  openData: false,
  retired: false,
  ...more,
});
const codes = (found: { field: string; code: string }[]) =>
  found.map(({ field, code }) => `${field} ${code}`);

test('a definition holds only what its type knows', () => {
  expect(checkDefinition(attribute({}))).toEqual([]);
  expect(checkDefinition(attribute({ type: 'number', min: 1, max: 1, unit: 'm' }))).toEqual([]);
  expect(codes(checkDefinition(attribute({ type: 'number', min: 2, max: 1, maxLength: 3 })))).toEqual([
    'maxLength TYPE',
    'max ORDER',
  ]);
  expect(codes(checkDefinition(attribute({ type: 'number', min: '2025-01-01' })))).toEqual(['min TYPE']);
  const days = { type: 'date', min: '2025-01-01', max: '2025-12-31' } as const;
  expect(checkDefinition(attribute(days))).toEqual([]);
  expect(codes(checkDefinition(attribute({ ...days, min: '2026-01-01' })))).toEqual(['max ORDER']);
  expect(codes(checkDefinition(attribute({ ...days, min: 1, max: '2025-02-29' })))).toEqual([
    'min DATE',
    'max DATE',
  ]);
  const within = (day: string) => codes(checkValue(attribute(days), day));
  expect(['2025-01-01', '2025-12-31'].flatMap(within)).toEqual([]);
  expect(['2024-12-31', '2026-01-01'].flatMap(within)).toEqual(['attributes.a RANGE', 'attributes.a RANGE']);
  expect(codes(checkDefinition(attribute({ type: 'choice' })))).toEqual(['choices COUNT']);
  expect(codes(checkDefinition(attribute({ type: 'choices', choices: ['a', 'A', 'b;c', ' d'] })))).toEqual([
    'choices.1 DUPLICATE',
    'choices.2 SEPARATOR',
    'choices.3 TEXT',
  ]);
  for (const name of ['', 'Name', '1a', 'a.b', 'a"b', '__proto__', 'độ', 'a'.repeat(41)])
    expect(codes(checkDefinition(attribute({ name })))).toEqual(['name PATTERN']);
});

test('patterns that a backtracking engine needs hours for are answered at once, others are refused', () => {
  const slow = compilePattern('(x+x+)+y');
  const began = performance.now();
  expect(slow?.testExact('x'.repeat(1_000))).toBe(false);
  expect(performance.now() - began).toBeLessThan(60_000);
  for (const wrong of ['(', '(?=a)', String.raw`(a)\1`, '', 'a'.repeat(301), '((a{100}){100}){100}'])
    expect(codes(checkDefinition(attribute({ pattern: wrong })))).toEqual(['pattern PATTERN']);
});

test('a pattern is of the whole text', () => {
  const rule = attribute({ pattern: String.raw`HD-\d+|không` });
  expect(['HD-1', 'không'].flatMap((text) => checkValue(rule, text))).toEqual([]);
  expect(codes(['xHD-1', 'HD-', 'không '].flatMap((text) => checkValue(rule, text)))).toEqual(
    Array<string>(3).fill('attributes.a PATTERN'),
  );
});

test('texts that cannot be stored are refused', () => {
  for (const text of ['', ' ', 'a\0b', '\ud800', 'x'.repeat(1_001)])
    expect(codes(checkValue(attribute({}), text))).toEqual(['attributes.a LENGTH']);
  expect(checkValue(attribute({}), 'Ấp 3\n\t🗼')).toEqual([]);
});

test('whatever comes, an accepted value is of its type and nothing throws', () => {
  const right: Record<string, (value: unknown) => boolean> = {
    text: (value) => typeof value === 'string' && value.length <= 1_000,
    number: (value) => Number.isFinite(value) && (value as number) >= -5,
    integer: (value) => Number.isSafeInteger(value) && (value as number) >= -5,
    boolean: (value) => typeof value === 'boolean',
    date: (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
    choice: (value) => value === 'x' || value === 'y',
    choices: (value) => Array.isArray(value) && new Set(value).size === value.length && value.length <= 2,
  };
  const some = fc.oneof(
    fc.anything(),
    fc.constantFrom('x', 'y', '2026-02-29', '2024-02-29', ['x'], ['y', 'x'], ['x', 'x'], -6, 0.5, 7),
  );
  fc.assert(
    fc.property(fc.constantFrom(...ATTRIBUTE_TYPES), some, (type, value) => {
      const isNumber = type === 'number' || type === 'integer';
      const rule = attribute({ type, choices: ['x', 'y'], min: isNumber ? -5 : null });
      const found = checkValue(rule, value);
      if (found.length === 0) expect(right[type]?.(value)).toBe(true);
      else expect(found[0]?.field).toBe('attributes.a');
    }),
    { numRuns: 500 },
  );
});

test('retired attributes keep what is stored, required ones must be there, unknown ones are named', () => {
  const rules = [
    attribute({ name: 'old', retired: true, required: true }),
    attribute({ name: 'must', required: true }),
  ];
  expect(codes(checkAttributes(rules, { old: 'x', must: 'y' }, { old: 'x' }))).toEqual([]);
  expect(codes(checkAttributes(rules, { old: 'z', toString: 'x' }, { old: 'x' }))).toEqual([
    'attributes.old RETIRED',
    'attributes.toString UNKNOWN_FIELD',
    'attributes.must REQUIRED',
  ]);
});

test('merging twice is merging once; nulls take away; names come in order', () => {
  const values = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('x', 1, true, null));
  fc.assert(
    fc.property(values, values, (before, patch) => {
      const stored = mergeAttributes({}, before);
      const once = mergeAttributes(stored, patch);
      expect(mergeAttributes(once, patch)).toEqual(once);
      expect(Object.keys(once)).toEqual(Object.keys(once).sort());
      for (const name of ['a', 'b', 'c', 'd'])
        expect(once[name]).toEqual((name in patch ? patch[name] : before[name]) ?? undefined);
    }),
  );
});

test('a query is read by the types of its attributes', () => {
  const some = [
    attribute({ name: 'height', type: 'number' }),
    attribute({ name: 'min', type: 'boolean' }),
    attribute({ name: 'kind', type: 'choice', choices: ['a', 'b'] }),
    attribute({ name: 'gone', retired: true }),
  ];
  const read = (given: Record<string, unknown>) => {
    const { filters, violations } = readFilters(some, given);
    return [...filters.map(({ attribute: { name }, is, value }) => [name, is, value]), ...codes(violations)];
  };
  expect(read({ 'height.min': '1.5', 'height.max': 7, height: '-2', min: 'true', kind: 'b' })).toEqual([
    ['height', '>=', 1.5],
    ['height', '<=', 7],
    ['height', '=', -2],
    ['min', '=', true],
    ['kind', '=', 'b'],
  ]);
  expect(
    read({ 'kind.max': 'a', kind: 'c', height: '1e5', gone: 'x', 'height.max.min': '1', x: ['1'] }),
  ).toEqual([
    'attr.kind.max RANGE',
    'attr.kind TYPE',
    'attr.height TYPE',
    'attr.gone UNKNOWN_FIELD',
    'attr.height.max.min UNKNOWN_FIELD',
    'attr.x UNKNOWN_FIELD',
  ]);
});
