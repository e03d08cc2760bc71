import { SiteTransitions } from '../../src/modules/sites/site-transitions.service.js';
import { actorOf, AREAS } from '../areas/fixtures.js';
import { openRegister, OPERATORS, problemOf, refusalsOf, SITES, type Register } from './fixtures.js';

const BEFORE = '2025-06-30';
const ANYWHERE = actorOf(null);
let r: Register;

beforeAll(async () => {
  r = await openRegister();
  await r.areasWriter.importAreas(AREAS);
  await r.operators.importOperators(OPERATORS);
});
afterAll(async () => r?.database.stop());
beforeEach(async () => {
  await r.database.dataSource.query('delete from sites');
  r.changes.length = 0;
  await r.writer.importSites(SITES);
});

const areaId = async (code: string, date = BEFORE) => (await r.areas.findAt(code, date))?.id ?? '';

describe('import', () => {
  it('stores sites with their cells and tells each change, cells inside', async () => {
    expect(r.changes.map(({ resource, action, before }) => [resource, action, before])).toEqual([
      ['site', 'create', null],
      ['site', 'create', null],
      ['site', 'create', null],
    ]);
    expect(r.changes[0]?.after).toMatchObject({
      code: 'HGI-1',
      cells: [{ code: 'G9-1' }, { code: 'L18-1' }, { code: 'L18-2' }],
    });
    const site = await r.sites.read('HGI-1');
    expect(site).toMatchObject({
      lon: 105.45,
      lat: 9.75,
      structureHeightM: 42,
      backupHours: 4.5,
      hasGenerator: null,
      tenantCodes: ['vnpt', 'viettel'],
      lifecycle: 'active',
      confidence: 'estimated',
      version: 1,
    });
    expect(site.cells[1]).toEqual({
      code: 'L18-1',
      attributes: {},
      operatorCode: 'viettel',
      technology: '4G',
      band: 'B3',
      frequencyMhz: 1815,
      bandwidthMhz: 20,
      azimuthDeg: 120,
      horizontalBeamwidthDeg: null,
      verticalBeamwidthDeg: null,
      mechanicalTiltDeg: null,
      electricalTiltDeg: null,
      antennaHeightM: null,
      txPowerDbm: 46.1,
      referenceEirpDbm: null,
      gainDbi: null,
      feederLossDb: null,
      physicalCellId: null,
      onAirSince: '2017-05-01',
      onAirUntil: null,
      assumedFields: ['txPowerDbm'],
      source: null,
    });
    expect(await r.sites.count()).toEqual({ sites: 3, cells: 4 });
  });

  it('is idempotent, and replaces the cells of what differs', async () => {
    r.changes.length = 0;
    expect(await r.writer.importSites(SITES)).toEqual({ created: 0, updated: 0, unchanged: 3 });
    expect(r.changes).toEqual([]);
    const fewer = SITES.map((site) =>
      site.code === 'HGI-1' ? { ...site, cells: site.cells?.slice(0, 1), tenantCodes: ['vnpt'] } : site,
    );
    expect(await r.writer.importSites(fewer)).toEqual({ created: 0, updated: 1, unchanged: 2 });
    expect((await r.sites.read('HGI-1')).cells.map(({ code }) => code)).toEqual(['L18-2']);
    expect(r.changes).toHaveLength(1);
    expect(r.changes[0]).toMatchObject({ action: 'update', before: { version: 1 }, after: { version: 2 } });
  });

  it('lists every problem of every row, and stores none of them', async () => {
    const cell = { code: 'x', operatorCode: 'vnpt', technology: '4G' as const };
    const problem = await problemOf(
      r.writer.importSites([
        { code: 'NEW-0', name: 'right', lon: 105.45, lat: 9.75 },
        { code: 'NEW 1', name: ' ', lon: 9.75, lat: 105.45, structureHeightM: -3 },
        { code: 'NEW-2', name: 'x', lon: 105.45, lat: 9.75, cells: [{ ...cell, azimuthDeg: 400 }, cell] },
        { code: 'NEW-0', name: 'again', lon: 105.45, lat: 9.75 },
      ]),
    );
    expect(refusalsOf(problem)).toEqual([
      'rows.1.code PATTERN',
      'rows.1.name TEXT',
      'rows.1.lat SWAPPED',
      'rows.1.structureHeightM RANGE',
      'rows.2.cells.0.azimuthDeg RANGE',
      'rows.2.cells.1.code DUPLICATE',
      'rows.3.code DUPLICATE',
    ]);
    expect(await r.sites.count()).toEqual({ sites: 3, cells: 4 });
  });

  it('refuses unknown operators and places that no commune holds', async () => {
    const problem = await problemOf(
      r.writer.importSites([
        {
          code: 'NEW-0',
          name: 'x',
          lon: 105.45,
          lat: 9.75,
          ownerCode: 'nobody',
          tenantCodes: ['vnpt', 'gtel'],
        },
        { code: 'NEW-1', name: 'x', lon: 106.9, lat: 9.75 },
      ]),
    );
    expect(refusalsOf(problem)).toEqual([
      'rows.0.ownerCode OPERATOR',
      'rows.0.tenantCodes.1 OPERATOR',
      'rows.1.lon OUTSIDE',
    ]);
    expect(problem.errors?.[2]?.messageVi).toContain('106.9, 9.75');
    const early = SITES.map((site, i) => ({ ...site, lat: (site.lat ?? 0) + (i === 1 ? 0 : 1e-5) }));
    const before = await problemOf(r.writer.importSites(early, { date: '2019-01-01' }));
    // The second stays where it is: no commune is asked again.
    expect(refusalsOf(before)).toEqual(['rows.0.lon OUTSIDE', 'rows.2.lon OUTSIDE']);
  });

  it('takes part in the transaction of another', async () => {
    const failing = r.uow.run(async (tx) => {
      await r.writer.importSites([{ code: 'NEW-0', name: 'x', lon: 105.45, lat: 9.75 }], { tx });
      throw new Error('stop');
    });
    await expect(failing).rejects.toThrow('stop');
    expect((await r.sites.count()).sites).toBe(3);
  });
});

describe('create and change', () => {
  it('adds a site once', async () => {
    const input = { code: 'NEW-1', name: 'Trạm mới', lon: 105.45, lat: 9.72, lifecycle: 'planned' as const };
    const added = await r.writer.create(ANYWHERE, input);
    expect(added).toMatchObject({
      code: 'NEW-1',
      cells: [],
      commune: { code: 'c1', name: 'Phường Vị Thanh' },
      version: 1,
    });
    expect(await problemOf(r.writer.create(ANYWHERE, input))).toMatchObject({
      status: 409,
      code: 'DUPLICATE',
    });
  });

  it('changes what is given, keeps the rest, and replaces cells as a whole', async () => {
    r.changes.length = 0;
    const named = await r.writer.change(ANYWHERE, 'HGI-1', { name: 'Tên mới', backupHours: null });
    expect(named).toMatchObject({ name: 'Tên mới', backupHours: null, structureHeightM: 42, version: 2 });
    expect(named.cells).toHaveLength(3);
    const cells = [{ code: 'N41-1', operatorCode: 'viettel', technology: '5G' as const, band: 'n41' }];
    const rebuilt = await r.writer.change(ANYWHERE, named.id, { cells });
    expect(rebuilt.cells.map(({ code }) => code)).toEqual(['N41-1']);
    expect(r.changes.map(({ before, after }) => [before, after])).toEqual([
      [expect.objectContaining({ name: 'Trạm Vị Tân' }), expect.objectContaining({ name: 'Tên mới' })],
      [
        expect.objectContaining({ version: 2 }),
        expect.objectContaining({ version: 3, cells: [expect.objectContaining(cells[0])] }),
      ],
    ]);
  });

  it('says nothing where nothing changed', async () => {
    r.changes.length = 0;
    expect((await r.writer.change(ANYWHERE, 'HGI-1', { name: 'Trạm Vị Tân' })).version).toBe(1);
    expect(r.changes).toEqual([]);
  });

  it('refuses what is wrong, unknown, or based on an older version', async () => {
    expect(
      refusalsOf(await problemOf(r.writer.change(ANYWHERE, 'HGI-1', { structureHeightM: 4000 }))),
    ).toEqual(['structureHeightM RANGE']);
    expect(refusalsOf(await problemOf(r.writer.change(ANYWHERE, 'HGI-1', { lon: 107 })))).toEqual([
      'lon OUTSIDE',
    ]);
    expect(
      refusalsOf(await problemOf(r.writer.change(ANYWHERE, 'HGI-1', { tenantCodes: ['vnpt'] }))),
    ).toEqual(['cells.0.operatorCode TENANT', 'cells.1.operatorCode TENANT']);
    expect(await problemOf(r.writer.change(ANYWHERE, 'nope', { name: 'x' }))).toMatchObject({ status: 404 });
    await r.writer.change(ANYWHERE, 'HGI-1', { name: 'b' }, 1);
    expect(await problemOf(r.writer.change(ANYWHERE, 'HGI-1', { name: 'c' }, 1))).toMatchObject({
      status: 409,
      code: 'VERSION',
    });
  });

  it('respects the jurisdiction, where the site is and where it goes', async () => {
    const inD1 = actorOf(await areaId('d1'));
    await r.writer.change(inD1, 'HGI-1', { lon: 105.55 });
    expect(await problemOf(r.writer.change(inD1, 'HGI-1', { lon: 105.65 }))).toMatchObject({ status: 403 });
    expect(await problemOf(r.writer.change(inD1, 'HGI-3', { name: 'x' }))).toMatchObject({ status: 403 });
    expect(
      await problemOf(r.writer.create(inD1, { code: 'N', name: 'x', lon: 105.65, lat: 9.75 })),
    ).toMatchObject({ status: 403 });
  });

  it('lets one of two who change at the same moment win, and one of two who add', async () => {
    const change = () => r.writer.change(ANYWHERE, 'HGI-1', { name: 'x', cells: [] }, 1);
    const add = () => r.writer.create(ANYWHERE, { code: 'RACE', name: 'x', lon: 105.45, lat: 9.75 });
    for (const work of [change, add]) {
      const both = await Promise.allSettled([work(), work()]);
      expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ status: 409 });
    }
  });
});

describe('read, list, snapshot', () => {
  const codes = async (filter: Partial<Parameters<Register['reader']['list']>[0]>) =>
    (await r.reader.list({ limit: 100, ...filter })).items.map(({ code }) => code);

  it('names the commune that holds the site on the day', async () => {
    expect((await r.sites.read('HGI-2', BEFORE)).commune?.name).toBe('Xã Hỏa Lựu');
    expect((await r.sites.read('HGI-2')).commune?.name).toBe('Phường Vị Thanh');
    expect((await r.sites.read('HGI-2', '2019-01-01')).commune).toBeNull();
    const { id } = await r.sites.read('HGI-2');
    expect((await r.sites.read(id)).code).toBe('HGI-2');
    expect(await problemOf(r.sites.read('nope'))).toMatchObject({ status: 404 });
  });

  it('lists with the summary of the cells', async () => {
    const [first] = (await r.reader.list({ limit: 1, date: BEFORE })).items;
    expect(first).toMatchObject({
      code: 'HGI-1',
      cellCount: 3,
      technologies: ['2G', '4G'],
      commune: { name: 'Xã Vị Tân' },
    });
    expect(first).not.toHaveProperty('cells');
  });

  it('filters by box, unit, network, technology, state and text', async () => {
    expect(await codes({ bbox: { west: 105.45, south: 9.7, east: 105.6, north: 9.8 } })).toEqual([
      'HGI-1',
      'HGI-2',
    ]);
    expect(await codes({ unit: 'd1' })).toEqual(['HGI-1', 'HGI-2']);
    expect(await codes({ unit: await areaId('c3') })).toEqual(['HGI-3']);
    expect(await codes({ unit: 'c1', date: BEFORE })).toEqual(['HGI-1']);
    expect(await codes({ unit: 'c1' })).toEqual(['HGI-1', 'HGI-2']);
    expect(await codes({ unit: 'p2' })).toEqual(['HGI-1', 'HGI-2', 'HGI-3']);
    expect(await codes({ operator: 'viettel' })).toEqual(['HGI-1', 'HGI-3']);
    expect(await codes({ technology: '4G' })).toEqual(['HGI-1']);
    expect(await codes({ technology: '2G', operator: 'vnpt' })).toEqual([]);
    expect(await codes({ lifecycle: ['blocked'] })).toEqual(['HGI-3']);
    expect(await codes({ q: 'hoa luu' })).toEqual(['HGI-2']);
    expect(await codes({ q: '_' })).toEqual([]);
    expect(await problemOf(codes({ unit: 'nope' }))).toMatchObject({ status: 404 });
  });

  it('pages without a gap', async () => {
    const first = await r.reader.list({ limit: 2 });
    expect(first.nextCursor).not.toBeNull();
    expect(await codes({ limit: 2, cursor: first.nextCursor ?? undefined })).toEqual(['HGI-3']);
  });

  it('gives the coverage each cell on air on the day, of active sites only', async () => {
    const on = async (date: string) =>
      (await r.sites.snapshotCells(date)).map(({ siteCode, code }) => `${siteCode}/${code}`);
    expect(await on('2024-10-15')).toEqual(['HGI-1/G9-1', 'HGI-1/L18-1', 'HGI-1/L18-2', 'HGI-2/N78-1']);
    expect(await on('2024-10-16')).toEqual(['HGI-1/L18-1', 'HGI-1/L18-2', 'HGI-2/N78-1']);
    expect(await on('2017-04-30')).toEqual(['HGI-1/G9-1', 'HGI-1/L18-2', 'HGI-2/N78-1']);
    const today = r.areas.today();
    await new SiteTransitions(r.uow, r.areas, r.sites).move(
      { ...ANYWHERE, permissions: new Set(['sites:write']) },
      'HGI-2',
      { to: 'inactive' },
    );
    expect(await on(today)).toEqual(['HGI-1/L18-1', 'HGI-1/L18-2']);
    await r.uow.reader.query(
      `update site_transitions t set on_day = date '2020-03-01' + (t.from_state is not null)::int * 2000
         from sites s where s.id = t.site_id and s.code = 'HGI-2'`,
    );
    expect(await on('2025-08-21')).toContain('HGI-2/N78-1');
    expect(await on('2025-08-22')).not.toContain('HGI-2/N78-1');
    // Before anything is known of it, it was what it began as.
    expect(await on('2025-01-01')).toEqual(['HGI-1/L18-1', 'HGI-1/L18-2', 'HGI-2/N78-1']);
    const [cell] = await r.sites.snapshotCells('2025-01-01');
    expect(cell).toMatchObject({
      siteCode: 'HGI-1',
      lon: 105.45,
      lat: 9.75,
      structureHeightM: 42,
      txPowerDbm: 46.1,
      azimuthDeg: 120,
      assumedFields: ['txPowerDbm'],
    });
  });
});

describe('operators', () => {
  it('are stored once, and changed by code', async () => {
    expect(await r.operators.importOperators(OPERATORS)).toEqual({ created: 0, updated: 0, unchanged: 2 });
    expect(
      await r.operators.importOperators([{ code: 'vnpt', name: 'Tập đoàn VNPT', brand: 'VinaPhone' }]),
    ).toEqual({ created: 0, updated: 1, unchanged: 0 });
    expect((await r.operators.list(1)).items).toEqual([
      { code: 'viettel', name: 'Viettel', brand: null, source: null },
    ]);
    const problem = await problemOf(
      r.operators.importOperators([
        { code: 'A B', name: '' },
        { code: 'x', name: 'x' },
        { code: 'x', name: 'x' },
      ]),
    );
    expect(refusalsOf(problem)).toEqual(['rows.0.code PATTERN', 'rows.0.name TEXT', 'rows.2.code DUPLICATE']);
  });
});
