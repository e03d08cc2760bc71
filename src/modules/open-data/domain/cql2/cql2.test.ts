import fc from 'fast-check';
import { Cql2Error, type Cql2Expression, type Cql2Filter, DEEPEST_FILTER, LONGEST_FILTER } from './ast.js';
import { parseCql2Json } from './parse-json.js';
import { parseCql2Text } from './parse-text.js';
import { toCql2Text } from './to-text.js';

const text = (input: string) => parseCql2Text(input).root;

describe('the text form', () => {
  it.each<[string, Cql2Expression]>([
    [`lifecycle = 'active'`, { op: '=', args: [{ property: 'lifecycle' }, 'active'] }],
    [`name = 'Cái ''Răng'''`, { op: '=', args: [{ property: 'name' }, `Cái 'Răng'`] }],
    [`"not" <> -1.5e2`, { op: '<>', args: [{ property: 'not' }, -150] }],
    [`a<=1`, { op: '<=', args: [{ property: 'a' }, 1] }],
    [
      `a = 1 OR b = TRUE and NOT c > 2`,
      {
        op: 'or',
        args: [
          { op: '=', args: [{ property: 'a' }, 1] },
          {
            op: 'and',
            args: [
              { op: '=', args: [{ property: 'b' }, true] },
              { op: 'not', args: [{ op: '>', args: [{ property: 'c' }, 2] }] },
            ],
          },
        ],
      },
    ],
    [
      `CASEI(name) LIKE casei('%trạm_')`,
      {
        op: 'like',
        args: [
          { op: 'casei', args: [{ property: 'name' }] },
          { op: 'casei', args: ['%trạm_'] },
        ],
      },
    ],
    [
      `a NOT BETWEEN 1 AND 2 AND b IN ('x', 'y')`,
      {
        op: 'and',
        args: [
          { op: 'not', args: [{ op: 'between', args: [{ property: 'a' }, 1, 2] }] },
          { op: 'in', args: [{ property: 'b' }, ['x', 'y']] },
        ],
      },
    ],
    [`a IS NOT NULL`, { op: 'not', args: [{ op: 'isNull', args: [{ property: 'a' }] }] }],
    [
      `S_INTERSECTS(geometry, POLYGON((105 9, 106 9, 106 10, 105 9)))`,
      {
        op: 's_intersects',
        args: [
          { property: 'geometry' },
          {
            type: 'Polygon',
            coordinates: [
              [
                [105, 9],
                [106, 9],
                [106, 10],
                [105, 9],
              ],
            ],
          },
        ],
      },
    ],
    [
      `S_WITHIN(geometry, BBOX(105,9,106,10))`,
      { op: 's_within', args: [{ property: 'geometry' }, { bbox: [105, 9, 106, 10] }] },
    ],
    [
      `T_AFTER(updatedAt, DATE('2025-07-01'))`,
      { op: 't_after', args: [{ property: 'updatedAt' }, { date: '2025-07-01' }] },
    ],
    [
      `T_DURING(updatedAt, INTERVAL('2025-07-01', '..'))`,
      { op: 't_during', args: [{ property: 'updatedAt' }, { interval: ['2025-07-01', '..'] }] },
    ],
  ])('%s', (input, tree) => {
    expect(text(input)).toEqual(tree);
    expect(parseCql2Json(JSON.stringify(tree)).root).toEqual(tree);
  });

  it.each<[string, number, RegExp]>([
    ['', 1, /property or a value/],
    ['a = ', 5, /property or a value/],
    ['a == 1', 4, /property or a value/],
    ['a = 1 b', 7, /AND, OR/],
    [`a = 'x`, 5, /never closed/],
    ['a = 1; drop table sites', 6, /";" has no meaning/],
    ['(a = 1', 7, /"\)"/],
    ['a', 2, /comparison/],
    [`a > DATE('2025-02-30')`, 5, /YYYY-MM-DD/],
    [`T_AFTER(a, TIMESTAMP('2025-02-20'))`, 12, /YYYY-MM-DDThh/],
    [`T_DURING(a, INTERVAL('2025-02-20', '2024-01-01'))`, 13, /before it begins/],
    ['S_INTERSECTS(g, POINT(181 9))', 17, /longitude/],
    ['S_INTERSECTS(g, POLYGON((1 1, 2 2, 1 1)))', 17, /four positions/],
    ['S_INTERSECTS(g, BBOX(2, 1, 1, 2))', 17, /west ≤ east/],
    ['a = 1e999', 5, /too large/],
    [`a = '\0'`, 5, /NUL/],
  ])('%j is refused at %s', (input, place, reason) => {
    const error = errorOf(() => parseCql2Text(input));
    expect(error?.place).toBe(place);
    expect(error?.en).toMatch(reason);
    expect(error?.vi).not.toBe('');
  });

  it('is bounded in depth and length', () => {
    const brackets = errorOf(() => parseCql2Text(`${'('.repeat(DEEPEST_FILTER + 1)}a = 1`));
    expect(brackets).toMatchObject({
      place: DEEPEST_FILTER + 1,
      en: expect.stringMatching(/nested deeper/) as string,
    });
    const nots = errorOf(() => parseCql2Text(`${'NOT '.repeat(2_000)}a = 1`));
    expect(nots).toMatchObject({
      place: DEEPEST_FILTER * 4 + 1,
      en: expect.stringMatching(/nested deeper/) as string,
    });
    const long = errorOf(() => parseCql2Text(`a = '${'x'.repeat(LONGEST_FILTER)}'`));
    expect(long).toMatchObject({ place: undefined, en: expect.stringMatching(/longer/) as string });
  });
});

describe('the JSON form', () => {
  it.each<[unknown, string | undefined]>([
    [null, '$'],
    [{ op: 'drop', args: [] }, '$.op'],
    [{ op: 'and', args: [true] }, '$.args'],
    [{ op: 'not', args: [{ op: '=', args: [{ property: 'a' }, null] }] }, '$.args[0].args[1]'],
    [{ op: 'in', args: [{ property: 'a' }, []] }, '$.args[1]'],
    [{ op: 's_within', args: [{ property: 'g' }, { type: 'Circle', coordinates: [] }] }, '$.args[1]'],
    [{ op: 's_within', args: [{ property: 'g' }, { type: 'Polygon', coordinates: [] }] }, '$.args[1]'],
  ])('%j is refused at %s', (tree, place) => {
    expect(errorOf(() => parseCql2Json(JSON.stringify(tree)))?.place).toBe(place);
  });
  it('refuses 400 nested operations, and what never ends', () => {
    const nested = `${'{"op":"not","args":['.repeat(400)}true${']}'.repeat(400)}`;
    expect(errorOf(() => parseCql2Json(nested))?.en).toMatch(/nested deeper/);
    expect(errorOf(() => parseCql2Json('['.repeat(9_999)))?.en).toMatch(/not JSON/);
  });
});

/** Trees of every operator. */
const word = fc.string({ minLength: 0, maxLength: 8, unit: 'grapheme' }).filter((s) => !s.includes('\0'));
const property = word.map((name) => ({ property: name }));
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));
const date = fc
  .date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })
  .map((value) => value.toISOString());
const instant = fc.oneof(
  date.map((iso) => ({ date: iso.slice(0, 10) })),
  date.map((iso) => ({ timestamp: iso })),
);
const textValue = fc.oneof(
  word,
  property,
  fc
    .tuple(fc.constantFrom('casei' as const, 'accenti' as const), fc.oneof(word, property))
    .map(([op, arg]) => ({ op, args: [arg] })),
);
const scalar = fc.oneof(textValue, number, fc.boolean(), instant);
const lon = fc.double({ min: -180, max: 180, noNaN: true }).map((value) => (value === 0 ? 0 : value));
const lat = fc.double({ min: -90, max: 90, noNaN: true }).map((value) => (value === 0 ? 0 : value));
const position = fc.tuple(lon, lat);
const ring = fc.array(position, { minLength: 3, maxLength: 6 }).map((open) => [...open, open[0]!]);
const polygon = fc.array(ring, { minLength: 1, maxLength: 2 });
const spatial = fc.oneof(
  property,
  position.map((coordinates) => ({ type: 'Point', coordinates })),
  fc
    .array(position, { minLength: 2, maxLength: 4 })
    .map((coordinates) => ({ type: 'LineString', coordinates })),
  polygon.map((coordinates) => ({ type: 'Polygon', coordinates })),
  fc
    .array(polygon, { minLength: 1, maxLength: 2 })
    .map((coordinates) => ({ type: 'MultiPolygon', coordinates })),
  fc.tuple(lon, lat, lon, lat).map(([a, b, c, d]) => ({
    bbox: [Math.min(a, c), Math.min(b, d), Math.max(a, c), Math.max(b, d)],
  })),
);
const moment = fc.oneof(
  instant,
  fc.tuple(date, date).map(([a, b]) => ({ interval: a < b ? [a, b] : [b, a] })),
  date.map((iso) => ({ interval: ['..', iso.slice(0, 10)] })),
);
const operation = (op: string, ...args: fc.Arbitrary<unknown>[]) =>
  fc.tuple(...args).map((values) => ({ op, args: values }));
const tree = fc.letrec<{ node: unknown }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.boolean(),
    ...['=', '<>', '<', '>', '<=', '>='].map((op) => operation(op, scalar, scalar)),
    operation('like', textValue, textValue),
    operation('between', scalar, scalar, scalar),
    operation('in', scalar, fc.array(scalar, { minLength: 1, maxLength: 4 })),
    operation('isNull', scalar),
    ...['s_intersects', 's_within', 's_contains', 's_disjoint'].map((op) => operation(op, spatial, spatial)),
    ...['t_after', 't_before', 't_during', 't_intersects', 't_equals'].map((op) =>
      operation(op, property, moment),
    ),
    operation('not', tie('node')),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('node'), { minLength: 2, maxLength: 3 }))
      .map(([op, args]) => ({ op, args })),
  ),
})).node as fc.Arbitrary<Cql2Expression>;

test('JSON → tree → text → tree → JSON is the same', () =>
  fc.assert(
    fc.property(tree, (node) => {
      const json = JSON.stringify(node);
      const written = toCql2Text(node);
      fc.pre(json.length <= LONGEST_FILTER && written.length <= LONGEST_FILTER);
      expect(parseCql2Json(json).root).toEqual(node);
      expect(JSON.stringify(parseCql2Text(written).root)).toBe(json);
    }),
    { numRuns: 500 },
  ));

test('no input makes anything but a tree or the one error', () => {
  const pieces = fc.constantFrom(
    ...`AND OR NOT ( ) , = <> LIKE 'a' '' "b" a b 1 -2.5 .. IS NULL IN BETWEEN DATE('2025-01-01') INTERVAL CASEI(`.split(
      ' ',
    ),
    ...`S_INTERSECTS( POINT( POLYGON(( BBOX( T_AFTER( TRUE \0 ' " ; -- {}`.split(' '),
  );
  const inputs = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join(' ')),
    tree.map(toCql2Text).chain((whole) => fc.nat(whole.length).map((length) => whole.slice(0, length))),
  );
  const onlyThatError = (parse: (input: string) => Cql2Filter) => (input: string) => {
    errorOf(() => parse(input));
  };
  fc.assert(fc.property(inputs, onlyThatError(parseCql2Text)), { numRuns: 600 });
  fc.assert(fc.property(inputs, onlyThatError(parseCql2Json)), { numRuns: 300 });
  const json = fc.oneof(
    fc.jsonValue(),
    operation('and', fc.jsonValue(), fc.jsonValue()),
    operation('in', fc.jsonValue()),
  );
  fc.assert(
    fc.property(
      json.map((value) => JSON.stringify(value)),
      onlyThatError(parseCql2Json),
    ),
    { numRuns: 500 },
  );
});

/** The parse error; any other error is thrown on. */
function errorOf(work: () => unknown): Cql2Error | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof Cql2Error) return error;
    throw error;
  }
}
