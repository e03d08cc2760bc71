import { AttributesService } from '../../src/modules/attributes/index.js';
import { FibreAllotment } from '../../src/modules/fibre/fibre-allotment.js';
import { FibreDrafts } from '../../src/modules/fibre/fibre-drafts.js';
import { FibreTotalsReader } from '../../src/modules/fibre/fibre-totals.reader.js';
import type { TotalsBy } from '../../src/modules/fibre/fibre.types.js';
import { FibreReader, FibreService, type FibreInput } from '../../src/modules/fibre/index.js';
import { QuarterFiguresReader } from '../../src/modules/fibre/quarter-figures.js';
import { HamletsReader } from '../../src/modules/hamlets/index.js';
import { actorOf, AREAS } from '../areas/fixtures.js';
import { openRegister, OPERATORS, problemOf, refusalsOf, type Register } from '../sites/fixtures.js';

const ANYWHERE = actorOf(null);
let r: Register;
let fibre: FibreService;
let reader: FibreReader;
let figures: FibreTotalsReader;

const totalsOf = async (quarter: string, by: TotalsBy, unit?: string) =>
  (await figures.totals({ quarter, by, unit })).items;

const row = (
  communeCode: string,
  operatorCode: string,
  quarter: string,
  figures: [number, number, number],
): FibreInput => ({
  communeCode,
  operatorCode,
  quarter,
  households: figures[0],
  passed: figures[1],
  connected: figures[2],
});
/** c1 is served by two networks, c2 by one, c3 has no figures for the quarter; of the next quarter there is one row. */
const ROWS: FibreInput[] = [
  row('c1', 'viettel', '2025Q2', [280, 200, 100]),
  row('c1', 'vnpt', '2025-Q2', [280, 150, 60]),
  row('c2', 'vnpt', '2025Q2', [560, 0, 0]),
  row('c3', 'viettel', '2025Q1', [840, 800, 700]),
  row('c1', 'viettel', '2025Q3', [840, 700, 500]),
];

beforeAll(async () => {
  r = await openRegister();
  const drafts = new FibreDrafts(
    r.areas,
    new HamletsReader(r.uow, r.areas),
    r.operators,
    new AttributesService(r.uow),
  );
  const allotment = new FibreAllotment(r.uow, r.areas);
  fibre = new FibreService(r.uow, r.areas, drafts);
  reader = new FibreReader(r.uow, r.areas, allotment);
  figures = new FibreTotalsReader(r.areas, new QuarterFiguresReader(r.uow, r.areas), allotment);
  await r.areasWriter.importAreas(AREAS);
  await r.operators.importOperators(OPERATORS);
});
afterAll(async () => r?.database.stop());
beforeEach(async () => {
  await r.database.dataSource.query('delete from fibre_coverage');
  r.changes.length = 0;
  await fibre.importFibre(ROWS);
});

const keys = async (filter: Partial<Parameters<FibreReader['list']>[0]>) =>
  (await reader.list({ limit: 100, ...filter })).items.map(
    (f) => `${f.quarter} ${f.communeName} ${f.operatorCode}`,
  );

describe('import', () => {
  it('stores each row at the commune in force at the end of its quarter, and tells each change', async () => {
    expect(await keys({ commune: 'c1' })).toEqual([
      '2025Q2 Xã Vị Tân viettel',
      '2025Q2 Xã Vị Tân vnpt',
      '2025Q3 Phường Vị Thanh viettel',
    ]);
    expect(r.changes).toHaveLength(5);
    expect(r.changes[1]).toMatchObject({
      resource: 'fibre',
      action: 'create',
      before: null,
      after: { communeCode: 'c1', quarter: '2025Q2', passed: 150 },
    });
  });

  it('is idempotent, and changes only what differs', async () => {
    r.changes.length = 0;
    expect(await fibre.importFibre(ROWS)).toEqual({ created: 0, updated: 0, unchanged: 5 });
    const more = [
      ...ROWS.slice(1),
      row('c1', 'viettel', '2025Q2', [280, 210, 100]),
      row('c2', 'viettel', '2025Q2', [560, 1, 0]),
    ];
    expect(await fibre.importFibre(more)).toEqual({ created: 1, updated: 1, unchanged: 4 });
    expect(r.changes.map(({ action, before }) => [action, before])).toEqual([
      ['update', expect.objectContaining({ passed: 200, version: 1 })],
      ['create', null],
    ]);
  });

  it('lists every problem of every row, and stores none of them', async () => {
    const problem = await problemOf(
      fibre.importFibre([
        row('c2', 'viettel', '2024Q4', [560, 100, 50]),
        row('c9', 'gtel', '2025Q2', [100, 101, 50]),
        row('c1', 'vnpt', 'Q2', [100, 50, 60]),
        row('d1', 'vnpt', '2025Q2', [100, 50, 50]),
        row('c2', 'viettel', '2024-Q4', [560, 100, 50]),
      ]),
    );
    expect(refusalsOf(problem)).toEqual([
      'rows.1.passed ORDER',
      'rows.1.operatorCode OPERATOR',
      'rows.1.communeCode COMMUNE',
      'rows.2.connected ORDER',
      'rows.2.quarter QUARTER',
      'rows.3.communeCode COMMUNE',
      'rows.4.communeCode DUPLICATE',
    ]);
    expect(await keys({ quarter: '2024Q4' })).toEqual([]);
  });

  it('is kept right by the database too', async () => {
    const wrong = `update fibre_coverage set connected = passed + 1 where quarter = '2025Q1'`;
    await expect(r.database.dataSource.query(wrong)).rejects.toMatchObject({
      driverError: { code: '23514' },
    });
  });
});

describe('put', () => {
  it('records figures over what was there', async () => {
    const first = await fibre.put(ANYWHERE, row('c3', 'vnpt', '2025Q2', [840, 400, 200]));
    expect(first).toMatchObject({
      communeCode: 'c3',
      communeName: 'Phường Ngã Bảy',
      quarter: '2025Q2',
      passed: 400,
      version: 1,
    });
    const second = await fibre.put(ANYWHERE, row('c3', 'vnpt', '2025Q2', [840, 420, 210]));
    expect(second).toMatchObject({ id: first.id, passed: 420, version: 2 });
    const same = await fibre.put(ANYWHERE, row('c3', 'vnpt', '2025Q2', [840, 420, 210]));
    expect(same).toEqual(second);
  });

  it('names the field as the caller knows it, and respects the jurisdiction', async () => {
    expect(refusalsOf(await problemOf(fibre.put(ANYWHERE, row('c3', 'vnpt', '2025Q2', [1, 2, 0]))))).toEqual([
      'passed ORDER',
    ]);
    const d1 = await r.areas.findAt('d1', '2025-06-30');
    const inD1 = actorOf(d1?.id ?? '');
    await fibre.put(inD1, row('c1', 'vnpt', '2025Q2', [280, 160, 60]));
    expect(await problemOf(fibre.put(inD1, row('c3', 'vnpt', '2025Q2', [840, 1, 1])))).toMatchObject({
      status: 403,
    });
    expect(await keys({ commune: 'c3', quarter: '2025Q2' })).toEqual([]);
  });
});

describe('list', () => {
  it('filters and pages without a gap', async () => {
    expect(await keys({ quarter: '2025Q2', operator: 'vnpt' })).toEqual([
      '2025Q2 Xã Vị Tân vnpt',
      '2025Q2 Xã Hỏa Lựu vnpt',
    ]);
    expect(await keys({ unit: 'd2' })).toEqual(['2025Q1 Phường Ngã Bảy viettel']);
    expect(await keys({ unit: 'p2' })).toEqual(['2025Q3 Phường Vị Thanh viettel']);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await reader.list({ limit: 2, cursor });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });
});

describe('totals', () => {
  it('bound the households passed by any network, per commune', async () => {
    const totals = await totalsOf('2025Q2', 'commune');
    expect(
      totals.map(({ unit, passedAtLeast, passedAtMost, connected, communesWithData }) => [
        unit.code,
        passedAtLeast,
        passedAtMost,
        connected,
        communesWithData,
      ]),
    ).toEqual([
      ['c1', 200, 280, 160, 1],
      ['c2', 0, 0, 0, 1],
      ['c3', 0, 0, 0, 0],
    ]);
    expect(totals[0]).toMatchObject({
      households: 280,
      passedAtLeastPct: 71.4,
      passedAtMostPct: 100,
      connectedPct: 57.1,
    });
    expect(totals[2]).toMatchObject({ households: 0, passedAtLeastPct: null });
  });

  it('are sums by district and province, with what is not known said', async () => {
    const districts = await totalsOf('2025Q2', 'district');
    expect(districts.map(({ unit }) => unit.name)).toEqual(['Huyện Đông', 'Thị xã Tây']);
    expect(districts[0]).toMatchObject({
      households: 840,
      passedAtLeast: 200,
      passedAtMost: 280,
      communes: 2,
      communesWithData: 2,
      communesReached: 1,
    });
    expect(districts[1]).toMatchObject({ communes: 1, communesWithData: 0, connectedPct: null });
    const [province] = await totalsOf('2025Q2', 'province');
    expect(province).toMatchObject({
      unit: { code: 'p1', kind: 'province' },
      households: 840,
      communes: 3,
      communesWithData: 2,
    });
    expect((await totalsOf('2025Q2', 'commune', 'd2')).map(({ unit }) => unit.code)).toEqual(['c3']);
  });

  it('count communes without a district under their province', async () => {
    expect(await reader.latestQuarter()).toBe('2025Q3');
    const totals = await totalsOf('2025Q3', 'district');
    expect(totals).toHaveLength(1);
    expect(totals[0]).toMatchObject({
      unit: { code: 'p2', kind: 'province' },
      passedAtLeast: 700,
      communes: 2,
      communesWithData: 1,
    });
  });
});
