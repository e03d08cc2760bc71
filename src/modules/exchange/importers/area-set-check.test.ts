import type { Columns, ParsedRow } from '../domain/sheet.js';
import type { AreaStaged } from './area-draft.js';
import { checkRowsAsSet, type SetRow } from './area-set-check.js';

const columns: Columns = { fields: [], headings: [], findings: [] };
const PERIOD = { validFrom: '2020-01-01', validTo: null };
const known = [
  { code: 'p', kind: 'province' as const, parentCode: null, ...PERIOD },
  { code: 'd1', kind: 'district' as const, parentCode: 'p', ...PERIOD },
  { code: 'd2', kind: 'district' as const, parentCode: 'p', ...PERIOD },
  { code: 'c1', kind: 'commune' as const, parentCode: 'd1', ...PERIOD },
];
const own = new Set(['d1|2020-01-01', 'c1|2020-01-01']);

function rowsOf(...records: Partial<AreaStaged>[]): SetRow[] {
  return records.map((record, i) => {
    const row: ParsedRow = { row: i + 1, values: {}, unread: new Set(), findings: [] };
    return { row, record: { kind: 'commune', ...PERIOD, ...record } as AreaStaged };
  });
}
const found = (rows: SetRow[], keys: ReadonlySet<string> | null) =>
  [...checkRowsAsSet(columns, known, rows, keys)].map(([row, [first]]) => `${row} ${first?.code}`);

it('lets those responsible for a district change it and add to it, and nothing else', () => {
  const rows = rowsOf(
    { code: 'd1', kind: 'district', parentCode: 'p' },
    { code: 'c1', parentCode: 'd1' },
    { code: 'new', parentCode: 'd1' },
    { code: 'd2', kind: 'district', parentCode: 'p' },
    { code: 'other', parentCode: 'd2' },
    { code: 'c1', parentCode: 'd2' },
    { code: 'd9', kind: 'district', parentCode: 'p' },
    { code: 'p9', kind: 'province', parentCode: null },
  );
  const refused = [4, 5, 6, 7, 8].map((row) => `${row} JURISDICTION`);
  expect(found(rows, own)).toEqual(refused);
});

it('refuses what depends upon a refused row, and ends', () => {
  const rows = rowsOf(
    { code: 'new', parentCode: 'd9' },
    { code: 'd9', kind: 'district', parentCode: 'p9' },
    { code: 'c1', parentCode: 'd1' },
  );
  expect(found(rows, null)).toEqual(['2 PARENT_MISSING', '1 PARENT_MISSING']);
  expect(found(rowsOf({ code: 'a', kind: 'district', parentCode: 'a' }), own)).toEqual(['1 JURISDICTION']);
});
