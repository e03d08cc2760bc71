import { AttributesService } from '../../src/modules/attributes/index.js';
import { FibreSnapshotsService } from '../../src/modules/fibre/fibre-snapshots.service.js';
import { QuarterFiguresReader } from '../../src/modules/fibre/quarter-figures.js';
import { AREAS } from '../areas/fixtures.js';
import { openRegister, OPERATORS, type Register } from '../sites/fixtures.js';

/** Quarters that were closed before there were snapshots. */
let r: Register;
beforeAll(async () => {
  r = await openRegister();
});
afterAll(async () => r?.database.stop());

it('become version 1, by whom and when they were closed, with the sum of their rows', async () => {
  const { dataSource } = r.database;
  await r.areasWriter.importAreas(AREAS);
  const hasSnapshots = async () =>
    (await dataSource.query<unknown[]>(`select 1 from pg_class where relname = 'fibre_snapshots'`)).length >
    0;
  while (await hasSnapshots()) await dataSource.undoLastMigration();
  await dataSource.query(
    `insert into operators (code, name) select code, name from jsonb_to_recordset($1::jsonb)
    as o(code text, name text)`,
    [JSON.stringify(OPERATORS)],
  );
  await dataSource.query(`
    insert into fibre_coverage (area_id, operator_code, quarter, households, passed, connected, source)
    select a.id, o.code, '2025Q2', 280, 200, 100, 'Báo cáo "quý II"' from areas a, operators o
     where a.kind = 'commune' and a.valid_to is not null and a.code in ('c1', 'c3')`);
  await dataSource.query(
    `insert into fibre_quarters values ('2025Q2', 4, '2025-07-15T02:00:00Z', 'nguyen.van.a')`,
  );
  await dataSource.runMigrations();

  const snapshots = new FibreSnapshotsService(
    r.uow,
    new QuarterFiguresReader(r.uow, r.areas),
    r.operators,
    new AttributesService(r.uow),
  );
  expect(await snapshots.version('2025Q2', 1)).toMatchObject({
    rows: 4,
    madeBy: 'nguyen.van.a',
    madeAt: new Date('2025-07-15T02:00:00Z'),
    intact: true,
  });
  const { items } = await snapshots.rows('2025Q2', 1, { limit: 10 });
  expect(
    items.map(({ communeCode, operatorCode, parents }) => [communeCode, operatorCode, parents[0]?.code]),
  ).toEqual([
    ['c1', 'viettel', 'd1'],
    ['c1', 'vnpt', 'd1'],
    ['c3', 'viettel', 'd2'],
    ['c3', 'vnpt', 'd2'],
  ]);
  const [kept] = await dataSource.query<{ units: { code: string }[] }[]>(`select units from fibre_snapshots`);
  expect(kept?.units.map(({ code }) => code)).toEqual(['c1', 'c2', 'c3']);
});
