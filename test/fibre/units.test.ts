import { AttributesService } from '../../src/modules/attributes/index.js';
import { FibreAllotment } from '../../src/modules/fibre/fibre-allotment.js';
import { FibreDrafts } from '../../src/modules/fibre/fibre-drafts.js';
import { FibreSnapshotsService } from '../../src/modules/fibre/fibre-snapshots.service.js';
import { FibreTotalsReader, type TotalsQuestion } from '../../src/modules/fibre/fibre-totals.reader.js';
import { FibreReader, FibreService, type FibreInput } from '../../src/modules/fibre/index.js';
import { QuarterFiguresReader } from '../../src/modules/fibre/quarter-figures.js';
import { HamletsReader, HamletsWriter, type HamletInput } from '../../src/modules/hamlets/index.js';
import type { AreaImportRow } from '../../src/modules/areas/index.js';
import { actorOf, AREAS, square } from '../areas/fixtures.js';
import { openRegister, OPERATORS, problemOf, refusalsOf, type Register } from '../sites/fixtures.js';

/** Fibre under the units of either date, per hamlet, and as closed quarters keep it. */
const BEFORE = '2025-06-30';
const SINCE = '2025-07-01';
const ANYWHERE = actorOf(null);

/** c4 lies to 70 % in what is c10 since July 2025, and to 30 % in c11. */
const MORE: AreaImportRow[] = [
  unit('c4', 'Xã', 'Hai Bên', 'd2', square(105.7, 9.7), '2020-01-01', '2025-07-01'),
  unit('c10', 'Xã', 'Bên Này', 'p2', strip(105.7, 105.77), '2025-07-01', null),
  unit('c11', 'Xã', 'Bên Kia', 'p2', strip(105.77, 105.8), '2025-07-01', null),
];
const HAMLETS: HamletInput[] = [
  { code: 'c2-01', name: 'Ấp 1', kind: 'ap', lon: 105.52, lat: 9.72 },
  { code: 'c2-02', name: 'Ấp 2', kind: 'ap', lon: 105.58, lat: 9.78 },
];

let r: Register;
let fibre: FibreService;
let reader: FibreReader;
let figures: FibreTotalsReader;
let snapshots: FibreSnapshotsService;
beforeAll(async () => {
  r = await openRegister();
  await r.areasWriter.importAreas([...AREAS, ...MORE]);
  await r.operators.importOperators(OPERATORS);
  const attributes = new AttributesService(r.uow);
  await new HamletsWriter(r.uow, r.areas, attributes).importHamlets(HAMLETS);
  const allotment = new FibreAllotment(r.uow, r.areas);
  const quarters = new QuarterFiguresReader(r.uow, r.areas);
  fibre = new FibreService(
    r.uow,
    r.areas,
    new FibreDrafts(r.areas, new HamletsReader(r.uow, r.areas), r.operators, attributes),
  );
  reader = new FibreReader(r.uow, r.areas, allotment);
  figures = new FibreTotalsReader(r.areas, quarters, allotment);
  snapshots = new FibreSnapshotsService(r.uow, quarters, r.operators, attributes);
  await fibre.importFibre([
    row('c1', 'viettel', '2025Q2', [280, 200, 100], [150, 90]),
    row('c1', 'vnpt', '2025Q2', [280, 150, 60]),
    row('c2', 'vnpt', '2025Q2', [560, 300, 100]),
    row('c4', 'vnpt', '2025Q2', [100, 80, 40], [80, 0]),
    hamlet('c2-01', 'viettel', '2025Q2', [100, 60, 20]),
    hamlet('c2-02', 'viettel', '2025Q2', [300, 40, 10]),
    hamlet('c2-01', 'vnpt', '2025Q2', [100, 50, 20]),
    hamlet('c2-01', 'vnpt', '2025Q1', [100, 50, 20]),
  ]);
});
afterAll(async () => r?.database.stop());

function unit(
  code: string,
  type: string,
  name: string,
  parentCode: string,
  boundary: object,
  validFrom: string,
  validTo: string | null,
): AreaImportRow {
  return { code, kind: 'commune', type, name, parentCode, boundary, validFrom, validTo };
}
function strip(west: number, east: number): object {
  const corners = [
    [west, 9.7],
    [east, 9.7],
    [east, 9.8],
    [west, 9.8],
    [west, 9.7],
  ];
  return { type: 'Polygon', coordinates: [corners] };
}
function row(
  communeCode: string,
  operatorCode: string,
  quarter: string,
  [households, passed, connected]: [number, number, number],
  [passed25Mbps, passed100Mbps]: [number?, number?] = [],
): FibreInput {
  return { communeCode, operatorCode, quarter, households, passed, connected, passed25Mbps, passed100Mbps };
}
function hamlet(
  hamletCode: string,
  operatorCode: string,
  quarter: string,
  numbers: [number, number, number],
): FibreInput {
  const { communeCode: _communeCode, ...rest } = row('', operatorCode, quarter, numbers);
  return { ...rest, hamletCode };
}

const ask = (question: Partial<TotalsQuestion>) =>
  figures.totals({ quarter: '2025Q2', by: 'commune', ...question });
const sums = async (question: Partial<TotalsQuestion>) =>
  (await ask(question)).items.map(
    ({ unit: { code }, households, passedAtLeast, passedAtMost, communes, communesWithData }) =>
      `${code} ${households} ${passedAtLeast}..${passedAtMost} ${communesWithData}/${communes}`,
  );

describe('units of a date', () => {
  it('take the figures of the communes whose interior points they hold', async () => {
    expect(await sums({})).toEqual([
      'c1 280 200..280 1/1',
      'c2 560 300..400 1/1',
      'c3 0 0..0 0/1',
      'c4 100 80..80 1/1',
    ]);
    expect(await sums({ date: SINCE })).toEqual([
      'c1 840 500..680 2/2',
      'c10 100 80..80 1/1',
      'c11 0 0..0 0/0',
      'c9 0 0..0 0/1',
    ]);
  });

  it('sum up to the same province under either', async () => {
    const [before, since] = [
      await ask({ by: 'province', date: BEFORE }),
      await ask({ by: 'province', date: SINCE }),
    ];
    const [p1, p2] = [before.items[0], since.items[0]];
    expect([p1?.unit.code, p2?.unit.code]).toEqual(['p1', 'p2']);
    expect({ ...p1, unit: null }).toEqual({ ...p2, unit: null });
    expect(p1).toMatchObject({ households: 940, passedAtLeast: 580, passedAtMost: 760, connected: 330 });
    expect(await sums({ by: 'district' })).toEqual(['d1 840 500..680 2/2', 'd2 100 80..80 1/2']);
    expect(await sums({ by: 'district', date: SINCE })).toEqual(['p2 940 580..760 3/4']);
  });

  it('say how the figures came about', async () => {
    expect((await ask({})).basis).toEqual({
      date: BEFORE,
      snapshot: null,
      allotment: 'as reported',
      straddling: [],
      withoutUnit: [],
      communes: 4,
      communesWithoutData: 1,
      communeRows: 4,
      hamletRows: 2,
      hamletRowsLeftOut: 1,
    });
    const { basis } = await ask({ date: SINCE });
    expect(basis).toMatchObject({ date: SINCE, allotment: 'interior point', withoutUnit: [], communes: 4 });
    expect(basis.straddling).toMatchObject([
      {
        commune: { code: 'c4', name: 'Xã Hai Bên' },
        units: [
          { code: 'c10', sharePct: 70 },
          { code: 'c11', sharePct: 30 },
        ],
      },
    ]);
  });

  it('name communes that no unit holds, and refuse a unit that was not in force', async () => {
    const { basis, items } = await ask({ date: '2019-06-01' });
    expect(items).toEqual([]);
    expect(basis.withoutUnit.map(({ code }) => code)).toEqual(['c1', 'c2', 'c3', 'c4']);
    const d1 = await r.areas.findAt('d1', BEFORE);
    expect(refusalsOf(await problemOf(ask({ unit: d1?.id, date: SINCE })))).toEqual(['unit NOT_IN_FORCE']);
    expect((await ask({ unit: 'd1' })).items.map(({ unit: { code } }) => code)).toEqual(['c1', 'c2']);
  });

  it('hold for lists too', async () => {
    const list = async (filter: object) =>
      (await reader.list({ limit: 50, level: 'commune', ...filter })).items.map(
        ({ communeCode, operatorCode, unit: at }) => `${communeCode} ${operatorCode} ${at?.code}`,
      );
    expect(await list({ unit: 'c1', date: SINCE })).toEqual(['c1 viettel c1', 'c1 vnpt c1', 'c2 vnpt c1']);
    expect(await list({ unit: 'c1', date: BEFORE })).toEqual(['c1 viettel c1', 'c1 vnpt c1']);
    expect(await list({ commune: 'c4', date: SINCE })).toEqual(['c4 vnpt c10']);
  });
});

describe('hamlets', () => {
  it('have figures of their own, and stand for their commune only where all of them are reported', async () => {
    expect(await sums({ by: 'hamlet' })).toEqual(['c2-01 100 60..100 1/1', 'c2-02 300 40..40 1/1']);
    // Of 2025Q1 one of two hamlets is known: the commune's figure is not.
    const { basis, items } = await ask({ quarter: '2025Q1', unit: 'c2' });
    expect(items).toMatchObject([{ communesWithData: 0, passedAtLeastPct: null }]);
    expect(basis).toMatchObject({ communesWithoutData: 1, hamletRows: 0, hamletRowsLeftOut: 1 });
  });

  it('are found in lists, and told when they exceed their commune', async () => {
    const { items } = await reader.list({ limit: 50, hamlet: 'c2-01', quarter: '2025Q2' });
    expect(items).toMatchObject([
      { operatorCode: 'viettel', communeCode: 'c2', hamletName: 'Ấp 1', passed: 60 },
      { operatorCode: 'vnpt', passed: 50 },
    ]);
    const stored = await fibre.put(ANYWHERE, hamlet('c2-02', 'vnpt', '2025Q2', [300, 260, 10]));
    expect(stored.warnings).toMatchObject([{ field: 'passed', code: 'HAMLETS_EXCEED' }]);
    expect((await fibre.put(ANYWHERE, hamlet('c2-02', 'vnpt', '2025Q2', [300, 250, 10]))).warnings).toEqual(
      [],
    );
  });

  it('are refused where there are none such', async () => {
    const refused = async (input: FibreInput) => refusalsOf(await problemOf(fibre.put(ANYWHERE, input)));
    expect(await refused(hamlet('c2-09', 'vnpt', '2025Q2', [1, 1, 1]))).toEqual(['hamletCode HAMLET']);
    expect(await refused(hamlet('c2-01', 'vnpt', '2019Q2', [1, 1, 1]))).toEqual(['hamletCode HAMLET']);
    expect(await refused({ ...row('c1', 'vnpt', '2025Q2', [1, 1, 1]), hamletCode: 'c2-01' })).toEqual([
      'hamletCode HAMLET_COMMUNE',
    ]);
  });
});

describe('speed tiers', () => {
  it('are bounds where somebody tells, and unknown where nobody does', async () => {
    const { items } = await ask({});
    expect(
      items.map(({ unit: { code }, passed25MbpsAtLeast, passed25MbpsAtMost, passed100MbpsAtLeast }) => [
        code,
        passed25MbpsAtLeast,
        passed25MbpsAtMost,
        passed100MbpsAtLeast,
      ]),
    ).toEqual([
      ['c1', 150, 280, 90],
      ['c2', null, null, null],
      ['c3', null, null, null],
      ['c4', 80, 80, 0],
    ]);
  });
});

describe('a closed quarter', () => {
  it('is answered from its snapshot, whatever becomes of the units', async () => {
    const before = await ask({});
    const closed = await snapshots.close(ANYWHERE, '2025Q2');
    expect(closed).toMatchObject({ version: 1, predecessor: null, reason: null, rows: 8, madeBy: 'test' });
    await r.database.dataSource.query(`update areas set full_name = 'Xã Đổi Tên' where code = 'c2'`);
    await r.database.dataSource.query(`update hamlets set name = 'Ấp Khác' where code = 'c2-01'`);
    const after = await ask({});
    expect(after.items).toEqual(before.items);
    expect(after.basis).toMatchObject({ snapshot: { version: 1, sha256: closed.sha256 } });
    expect((await ask({ by: 'hamlet' })).items[0]?.unit.name).toBe('Ấp 1');
    expect(await sums({ date: SINCE, by: 'province' })).toEqual(['p2 940 580..760 3/4']);
    const { items } = await snapshots.rows('2025Q2', 1, { limit: 50 });
    expect(items.map(({ nr, communeName, hamletCode }) => `${nr} ${communeName} ${hamletCode}`)).toEqual([
      '1 Xã Vị Tân null',
      '2 Xã Vị Tân null',
      '3 Xã Hỏa Lựu null',
      '4 Xã Hỏa Lựu c2-01',
      '5 Xã Hỏa Lựu c2-01',
      '6 Xã Hỏa Lựu c2-02',
      '7 Xã Hỏa Lựu c2-02',
      '8 Xã Hai Bên null',
    ]);
    expect(items[0]?.parents).toEqual([
      { code: 'd1', name: 'Huyện Đông' },
      { code: 'p1', name: 'Tỉnh Một' },
    ]);
  });

  it('is corrected by a further version, and the old one remains', async () => {
    r.changes.length = 0;
    const correction = {
      predecessor: 1,
      reason: 'VNPT báo cáo lại',
      rows: [
        { communeCode: 'c2', operatorCode: 'vnpt', households: 560, passed: 500, connected: 100 },
        { communeCode: 'c3', operatorCode: 'viettel', households: 840, passed: 800, connected: 1 },
      ],
      remove: [{ communeCode: 'c2', hamletCode: 'c2-01', operatorCode: 'vnpt' }],
    };
    const second = await snapshots.correct(ANYWHERE, '2025Q2', correction);
    expect(second).toMatchObject({ version: 2, predecessor: 1, reason: 'VNPT báo cáo lại', rows: 8 });
    expect(r.changes.map(({ resource, action, reason }) => `${resource} ${action} ${reason}`)).toEqual([
      'fibre delete VNPT báo cáo lại',
      'fibre update VNPT báo cáo lại',
      'fibre create VNPT báo cáo lại',
      'fibre-quarter update VNPT báo cáo lại',
    ]);
    expect(await sums({})).toEqual([
      'c1 280 200..280 1/1',
      'c2 560 500..560 1/1',
      'c3 840 800..800 1/1',
      'c4 100 80..80 1/1',
    ]);
    const [newer, first] = await snapshots.versions('2025Q2');
    expect(newer?.sha256).not.toBe(first?.sha256);
    for (const version of [1, 2])
      expect(await snapshots.version('2025Q2', version)).toMatchObject({ version, intact: true });
    const { items } = await snapshots.rows('2025Q2', 1, { limit: 50 });
    expect(items.find(({ communeCode, hamletCode }) => communeCode === 'c2' && !hamletCode)?.passed).toBe(
      300,
    );

    expect(await problemOf(snapshots.correct(ANYWHERE, '2025Q2', correction))).toMatchObject({
      status: 409,
      code: 'VERSION',
    });
    const { rows } = correction;
    const refused = async (change: object) =>
      refusalsOf(
        await problemOf(
          snapshots.correct(ANYWHERE, '2025Q2', { predecessor: 2, reason: 'x', rows, ...change }),
        ),
      );
    expect(await refused({})).toEqual(['rows NO_CHANGE']);
    expect(
      await refused({
        rows: [
          { communeCode: 'c9', operatorCode: 'gtel', households: 1, passed: 2, connected: 0 },
          ...rows,
          ...rows.slice(1),
        ],
        remove: correction.remove,
      }),
    ).toEqual([
      'remove.0 UNKNOWN',
      'rows.0.passed ORDER',
      'rows.0.operatorCode OPERATOR',
      'rows.0.communeCode UNIT',
      'rows.3 DUPLICATE',
    ]);
  });

  it.each([
    `update fibre_snapshot_rows set passed = 0`,
    `delete from fibre_snapshot_rows`,
    `truncate fibre_snapshot_rows`,
    `update fibre_snapshots set reason = 'x' where version = 2`,
    `delete from fibre_quarters`,
    `insert into fibre_snapshot_rows select (r).* from (
       select (jsonb_populate_record(r, '{"nr": 999}')) as r from fibre_snapshot_rows r limit 1) as more`,
  ])('is kept by the database: %s', async (statement) => {
    await expect(r.database.dataSource.query(statement)).rejects.toThrow('do not change');
  });
});
