import { AttributesService } from '../../src/modules/attributes/index.js';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus, RESOURCE_CHANGED, type ResourceChange } from '../../src/common/events/event-bus.js';
import { Problem } from '../../src/common/http/problem.js';
import { AreasService, AreasWriter, type AreaImportRow } from '../../src/modules/areas/index.js';
import { AreasReader } from '../../src/modules/areas/areas.reader.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { actorOf, AREAS, square } from './fixtures.js';

const BEFORE = '2025-06-30';
const SINCE = '2025-07-01';
const ANYWHERE = actorOf(null);

let database: TestDatabase;
let areas: AreasService;
let writer: AreasWriter;
let reader: AreasReader;
let changes: ResourceChange[];

beforeAll(async () => {
  database = await createTestDatabase();
  const events = new EventBus((error) => {
    throw error;
  });
  events.inTransaction(RESOURCE_CHANGED, async (payloads) => void changes.push(...payloads));
  const uow = new UnitOfWork(database.dataSource, events);
  areas = new AreasService(uow);
  writer = new AreasWriter(uow, areas, new AttributesService(uow));
  reader = new AreasReader(uow);
});
afterAll(async () => database?.stop());
beforeEach(async () => {
  await database.dataSource.query('delete from areas');
  changes = [];
  // The order of the file does not matter: children may come before their parents.
  await writer.importAreas([...AREAS].reverse());
});

async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Problem)) throw new Error('a problem was expected', { cause: thrown });
  return thrown;
}
async function refusals(...rows: Partial<AreaImportRow>[]): Promise<string[]> {
  const problem = await problemOf(
    writer.importAreas(rows.map((row, i) => ({ ...newCommune(`n${i}`), ...row }))),
  );
  expect(problem.status).toBe(400);
  for (const { message, messageVi } of problem.errors ?? []) expect(messageVi).not.toBe(message);
  return (problem.errors ?? []).map(({ field, code }) => `${field} ${code}`);
}
function newCommune(code: string): AreaImportRow {
  return {
    code,
    kind: 'commune',
    type: 'Xã',
    name: 'Mới',
    parentCode: 'd1',
    validFrom: '2021-01-01',
    validTo: '2025-07-01',
  };
}
const idOf = async (code: string, date: string) => (await areas.findAt(code, date))?.id ?? '';

describe('import', () => {
  it('stores every unit once, whatever the order, and tells each change', async () => {
    expect(changes).toHaveLength(AREAS.length);
    expect(
      changes.every(
        ({ resource, action, before }) => resource === 'area' && action === 'create' && before === null,
      ),
    ).toBe(true);
    const commune = await areas.getWithBoundary(await idOf('c1', BEFORE));
    expect(commune).toMatchObject({
      parentCode: 'd1',
      fullName: 'Xã Vị Tân',
      population: 1000,
      validTo: '2025-07-01',
      version: 1,
    });
    expect(commune.boundary).toEqual({ type: 'MultiPolygon', coordinates: [square(105.4, 9.7).coordinates] });
    // 0.1° by 0.1° at 9.75° north on WGS84: 10.971 km by 11.061 km.
    expect(commune.areaKm2).toBeCloseTo(121.36, 1);
  });

  it('is idempotent, and changes only what differs', async () => {
    changes = [];
    expect(await writer.importAreas(AREAS)).toEqual({ created: 0, updated: 0, unchanged: AREAS.length });
    expect(changes).toEqual([]);
    const more = AREAS.map((row) => (row.code === 'c2' ? { ...row, population: 2222 } : row));
    expect(await writer.importAreas(more)).toEqual({ created: 0, updated: 1, unchanged: AREAS.length - 1 });
    expect(changes).toHaveLength(1);
    expect(changes[0]).toMatchObject({
      action: 'update',
      before: { population: 2000, version: 1 },
      after: { population: 2222, version: 2 },
    });
  });

  it('ends a period and begins the next in one go', async () => {
    const rows = AREAS.filter(({ code }) => code === 'p2' || code === 'c9');
    const split = [
      { ...rows[1]!, validTo: '2026-01-01' },
      { ...rows[1]!, validFrom: '2026-01-01', name: 'Đại Thành' },
    ];
    expect(await writer.importAreas(split)).toEqual({ created: 1, updated: 1, unchanged: 0 });
    expect((await areas.findAt('c9', '2025-12-31'))?.name).toBe('Ngã Bảy');
    expect((await areas.findAt('c9', '2026-01-01'))?.name).toBe('Đại Thành');
  });

  it('lists every problem of every row, and stores none of them', async () => {
    const problems = await refusals(
      { code: 'Bad Code' },
      { kind: 'hamlet' as never },
      {},
      { type: 'Tỉnh', population: -1 },
      { validTo: '2020-01-01' },
    );
    expect(problems).toEqual([
      'rows.0.code PATTERN',
      'rows.1.kind KIND',
      'rows.3.type TYPE',
      'rows.3.population COUNT',
      'rows.4.validTo ORDER',
    ]);
    expect(await areas.findAt('n2', BEFORE)).toBeUndefined();
  });

  it('refuses what does not fit with the other units', async () => {
    expect(await refusals({ parentCode: 'd9' })).toEqual(['rows.0.parentCode PARENT_MISSING']);
    expect(await refusals({ parentCode: 'c1' })).toEqual(['rows.0.parentCode PARENT_KIND']);
    expect(await refusals({ validTo: null })).toEqual(['rows.0.validTo PARENT_PERIOD']);
    expect(await refusals({ code: 'c1' })).toEqual(['rows.0.validFrom OVERLAP']);
    expect(await refusals({ code: 'x' }, { code: 'x' })).toEqual(['rows.1.code DUPLICATE']);
    expect(await refusals({ ...AREAS[1], validTo: '2024-01-01' })).toEqual([
      'rows.0.validTo CHILDREN',
      'rows.0.validTo CHILDREN',
    ]);
  });

  it('refuses a boundary that is none', async () => {
    const bowTie = {
      type: 'Polygon',
      coordinates: [
        [
          [105, 9],
          [106, 10],
          [106, 9],
          [105, 10],
          [105, 9],
        ],
      ],
    };
    const open = {
      type: 'Polygon',
      coordinates: [
        [
          [105, 9],
          [106, 9],
          [106, 10],
          [105, 10],
        ],
      ],
    };
    const swapped = {
      type: 'Polygon',
      coordinates: [
        [
          [9, 105],
          [10, 105],
          [10, 106],
          [9, 105],
        ],
      ],
    };
    expect(await refusals({ boundary: bowTie })).toEqual(['rows.0.boundary GEOMETRY']);
    expect(await refusals({ boundary: open })).toEqual(['rows.0.boundary.coordinates[0] GEOMETRY']);
    expect(await refusals({ boundary: swapped })).toEqual(['rows.0.boundary.coordinates[0][0] GEOMETRY']);
    for (const boundary of [
      {},
      'POLYGON',
      7,
      { type: 'Point', coordinates: [1, 2] },
      { type: 'MultiPolygon', coordinates: [] },
    ])
      expect(await refusals({ boundary })).toEqual([expect.stringMatching(/^rows\.0\.boundary.* GEOMETRY$/)]);
  });

  it('takes positions with a height and keeps two numbers', async () => {
    const boundary = {
      type: 'Polygon',
      coordinates: [
        [
          [105.1, 9, 3],
          [105.2, 9, 3],
          [105.2, 9.1, 3],
          [105.1, 9, 3],
        ],
      ],
      crs: 'x',
    };
    await writer.importAreas([{ ...newCommune('tall'), boundary }]);
    const stored = await areas.getWithBoundary(await idOf('tall', BEFORE));
    expect(stored.boundary?.coordinates[0]?.[0]?.[0]).toEqual([105.1, 9]);
  });

  it('never lets two periods of a code overlap, not even when written past the rules', async () => {
    const insert = `insert into areas (code, kind, type, name, full_name, valid_from) values ('p1', 'province', 'Tỉnh', 'x', 'x', '2022-01-01')`;
    await expect(database.dataSource.query(insert)).rejects.toMatchObject({ driverError: { code: '23P01' } });
  });
});

describe('questions', () => {
  it('finds a unit by code and day; the end is not included', async () => {
    expect((await areas.findAt('c1', BEFORE))?.fullName).toBe('Xã Vị Tân');
    expect((await areas.findAt('c1', SINCE))?.fullName).toBe('Phường Vị Thanh');
    expect(await areas.findAt('c2', SINCE)).toBeUndefined();
    expect([...(await areas.findManyAt(['c1', 'c2', 'nope'], SINCE)).keys()]).toEqual(['c1']);
  });

  it('resolves ids and codes, codes of former units included', async () => {
    const c2 = await idOf('c2', BEFORE);
    expect((await areas.resolve(c2)).code).toBe('c2');
    expect((await areas.resolve('c2')).id).toBe(c2);
    expect((await areas.resolve('c1', BEFORE)).fullName).toBe('Xã Vị Tân');
    expect((await problemOf(areas.resolve('c2', SINCE))).status).toBe(404);
    expect((await problemOf(areas.resolve('nope'))).status).toBe(404);
  });

  it('gives the chain up to the province', async () => {
    const codes = (chain: { code: string }[] | undefined) => chain?.map(({ code }) => code);
    const [c1, c9] = [await idOf('c1', BEFORE), await idOf('c9', SINCE)];
    expect(await areas.chainOf(c1)).toEqual([
      { id: c1, code: 'c1', kind: 'commune', name: 'Xã Vị Tân' },
      expect.objectContaining({ code: 'd1', kind: 'district' }),
      expect.objectContaining({ code: 'p1', kind: 'province', name: 'Tỉnh Một' }),
    ]);
    const chains = await areas.chains([c1, c9]);
    expect(codes(chains.get(c9))).toEqual(['c9', 'p2']);
    expect((await areas.chains()).size).toBe(AREAS.length);
    expect((await problemOf(areas.chainOf('00000000-0000-4000-8000-000000000000'))).status).toBe(404);
  });

  it('goes down and says what lies in what', async () => {
    const [p1, d1, c1, c3] = await Promise.all(['p1', 'd1', 'c1', 'c3'].map((code) => idOf(code, BEFORE)));
    expect(await areas.descendantIds(p1!)).toHaveLength(6);
    expect(new Set(await areas.descendantIds(d1!))).toEqual(new Set([d1, c1, await idOf('c2', BEFORE)]));
    expect(await areas.isWithin(c1!, p1!)).toBe(true);
    expect(await areas.isWithin(c1!, c1!)).toBe(true);
    expect(await areas.isWithin(c3!, d1!)).toBe(false);
    expect(await areas.isWithin(p1!, c1!)).toBe(false);
  });

  it('finds the commune of a place on a day; on a shared border exactly one', async () => {
    const at = async (lon: number, lat: number, date: string) =>
      (await areas.communeAt(lon, lat, date))?.fullName;
    expect(await at(105.55, 9.75, BEFORE)).toBe('Xã Hỏa Lựu');
    expect(await at(105.55, 9.75, SINCE)).toBe('Phường Vị Thanh');
    expect(await at(105.5, 9.75, BEFORE)).toBe('Xã Vị Tân');
    expect(await at(105.39, 9.75, BEFORE)).toBeUndefined();
    expect(await at(105.55, 9.75, '2019-12-31')).toBeUndefined();
  });

  it('lays out all communes of a day for the coverage', async () => {
    const before = await areas.snapshotAt(BEFORE);
    expect(before.map(({ code, districtCode, provinceCode }) => [code, districtCode, provinceCode])).toEqual([
      ['c1', 'd1', 'p1'],
      ['c2', 'd1', 'p1'],
      ['c3', 'd2', 'p1'],
    ]);
    expect(before[2]).toMatchObject({ name: 'Phường Ngã Bảy', population: 3000, households: 840 });
    expect(before[2]?.boundary.coordinates).toEqual([square(105.6, 9.7).coordinates]);
    const since = await areas.snapshotAt(SINCE);
    expect(since.map(({ code, districtCode, provinceCode }) => [code, districtCode, provinceCode])).toEqual([
      ['c1', null, 'p2'],
      ['c9', null, 'p2'],
    ]);
  });
});

describe('jurisdiction', () => {
  it('lets an actor act within their area and nowhere else', async () => {
    const [d1, c1, c3] = [await idOf('d1', BEFORE), await idOf('c1', BEFORE), await idOf('c3', BEFORE)];
    const inD1 = actorOf(d1);
    await areas.assertWithinJurisdiction(ANYWHERE, [c3]);
    await areas.assertWithinJurisdiction(inD1, [c1, d1]);
    const problem = await problemOf(areas.assertWithinJurisdiction(inD1, [c1, c3]));
    expect(problem).toMatchObject({ status: 403, code: 'JURISDICTION' });
    expect(problem.detail.vi).toContain('địa bàn');
  });

  it('asks for ground where it is about a place, so that a reform changes nothing', async () => {
    const [d1, p2] = [await idOf('d1', BEFORE), await idOf('p2', SINCE)];
    await areas.assertPlaceWithinJurisdiction(actorOf(d1), 105.55, 9.75);
    await areas.assertPlaceWithinJurisdiction(actorOf(p2), 105.55, 9.75);
    expect((await problemOf(areas.assertPlaceWithinJurisdiction(actorOf(d1), 105.65, 9.75))).status).toBe(
      403,
    );
  });
});

describe('create and change', () => {
  it('adds a unit under a parent one is responsible for', async () => {
    const inD1 = actorOf(await idOf('d1', BEFORE));
    const added = await writer.create(inD1, { ...newCommune('n1'), boundary: square(105.4, 9.8) });
    expect(added).toMatchObject({
      code: 'n1',
      parentCode: 'd1',
      fullName: 'Xã Mới',
      population: null,
      populationBasis: 'unknown',
    });
    expect((await problemOf(writer.create(inD1, { ...newCommune('n2'), parentCode: 'd2' }))).status).toBe(
      403,
    );
    const province: AreaImportRow = { ...newCommune('n3'), kind: 'province', type: 'Tỉnh', parentCode: null };
    expect((await problemOf(writer.create(inD1, province))).status).toBe(403);
    expect(await problemOf(writer.create(ANYWHERE, newCommune('n1')))).toMatchObject({
      status: 409,
      code: 'DUPLICATE',
    });
    expect(
      (await problemOf(writer.create(ANYWHERE, { ...newCommune('n4'), validFrom: '2025-02-30' }))).errors?.[0]
        ?.field,
    ).toBe('validFrom');
  });

  it('changes figures and names, keeps the rest, and tells what was before', async () => {
    const id = await idOf('c3', BEFORE);
    changes = [];
    const changed = await writer.change(ANYWHERE, id, {
      name: 'Hiệp Thành',
      population: null,
      populationBasis: 'unknown',
    });
    expect(changed).toMatchObject({
      fullName: 'Phường Hiệp Thành',
      population: null,
      households: 840,
      version: 2,
    });
    expect(changed.boundary?.coordinates).toEqual([square(105.6, 9.7).coordinates]);
    expect(changes).toEqual([
      expect.objectContaining({
        id,
        action: 'update',
        before: expect.objectContaining({ name: 'Ngã Bảy' }),
        after: expect.objectContaining({ name: 'Hiệp Thành' }),
      }),
    ]);
  });

  it('refuses a change that is based on an older version, or on what one is not responsible for', async () => {
    const id = await idOf('c3', BEFORE);
    await writer.change(ANYWHERE, id, { population: 1 }, 1);
    expect(await problemOf(writer.change(ANYWHERE, id, { population: 2 }, 1))).toMatchObject({
      status: 409,
      code: 'VERSION',
    });
    const elsewhere = actorOf(await idOf('d1', BEFORE));
    expect((await problemOf(writer.change(elsewhere, id, { population: 2 }))).status).toBe(403);
    expect((await problemOf(writer.change(ANYWHERE, id, { validTo: null }))).errors?.[0]?.code).toBe(
      'PARENT_PERIOD',
    );
  });

  it('lets one of two who add the same unit at the same moment win', async () => {
    const both = await Promise.allSettled([1, 2].map(() => writer.create(ANYWHERE, newCommune('race'))));
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ status: 409 });
  });
});

describe('list', () => {
  const codes = async (filter: Partial<Parameters<AreasReader['list']>[0]>) =>
    (await reader.list({ date: BEFORE, limit: 100, ...filter })).items.map(({ code }) => code);

  it('filters by kind, parent, day and text', async () => {
    expect(await codes({})).toEqual(['c1', 'c2', 'c3', 'd1', 'd2', 'p1']);
    expect(await codes({ kind: 'commune', date: SINCE })).toEqual(['c1', 'c9']);
    expect(await codes({ parentId: await idOf('d1', BEFORE) })).toEqual(['c1', 'c2']);
    expect(await codes({ q: 'hoa luu' })).toEqual(['c2']);
    expect(await codes({ q: 'HỎA LỰU' })).toEqual(['c2']);
    expect(await codes({ q: '%' })).toEqual([]);
  });

  it('pages without a gap', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await reader.list({ date: BEFORE, limit: 4, cursor });
      seen.push(...page.items.map(({ code }) => code));
      cursor = page.nextCursor ?? undefined;
    } while (cursor);
    expect(seen).toEqual(['c1', 'c2', 'c3', 'd1', 'd2', 'p1']);
  });
});
