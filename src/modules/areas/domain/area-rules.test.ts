import fc from 'fast-check';
import { isAreaCode } from '../../../contract/index.js';
import { checkArea, isUnitCode, readBoundary, type AreaDraft } from './area-rules.js';
import { parentsFirst } from './area-set.js';

const draft: AreaDraft = {
  code: '31318',
  kind: 'commune',
  type: 'Phường',
  name: 'I',
  fullName: 'Phường I',
  parentCode: '930',
  validFrom: '2020-01-01',
  validTo: null,
  population: 5628,
  populationBasis: 'census-2019',
  households: null,
  householdsBasis: 'unknown',
  boundary: null,
};
const refused = (change: Partial<AreaDraft>) => checkArea({ ...draft, ...change }).map(({ field }) => field);

describe('checkArea', () => {
  it('takes what is right', () => expect(checkArea(draft)).toEqual([]));
  it.each<[string, Partial<AreaDraft>]>([
    ['code', { code: 'HG/1' }],
    ['code', { code: '' }],
    ['kind', { kind: 'hamlet' }],
    ['type', { type: 'Huyện' }],
    ['parentCode', { parentCode: null }],
    ['parentCode', { kind: 'province', type: 'Tỉnh' }],
    ['validFrom', { validFrom: '2025-02-30' }],
    ['validTo', { validTo: '2020-01-01' }],
    ['name', { name: '  ' }],
    ['population', { population: 1.5 }],
    ['households', { households: Number.NaN }],
  ])('refuses a wrong %s: %j', (field, change) => expect(refused(change)).toEqual([field]));
  it('says each thing in two languages, naming the field', () => {
    const [violation] = checkArea({ ...draft, population: -1 });
    expect(violation?.en).toMatch(/^population must be/);
    expect(violation?.vi).toMatch(/^population phải/);
  });
});

it('every code that is taken fits into a topic', () =>
  fc.assert(fc.property(fc.string({ maxLength: 40 }), (code) => !isUnitCode(code) || isAreaCode(code))));

describe('readBoundary', () => {
  it('never throws, and either gives a MultiPolygon or says what is wrong', () =>
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const { boundary, violations } = readBoundary(value);
        expect(boundary === null).toBe(violations.length > 0 || value === null || value === undefined);
      }),
    ));
});

it('parents come first, earlier periods before later ones', () => {
  const rows = [
    { kind: 'commune', validFrom: '2025-07-01' },
    { kind: 'province', validFrom: '2020-01-01' },
    { kind: 'commune', validFrom: '2020-01-01' },
    { kind: 'district', validFrom: '2020-01-01' },
  ];
  expect(parentsFirst(rows)).toEqual([1, 3, 2, 0]);
});
