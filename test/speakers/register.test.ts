import { RESOURCE_CHANGED, type ResourceChange } from '../../src/common/events/event-bus.js';
import type { DesiredMessage } from '../../src/contract/index.js';
import type { Actor } from '../../src/modules/identity/index.js';
import { clusterRow, createSpeakersWorld, type SpeakersWorld } from './support.js';

let world: SpeakersWorld;
const changes: ResourceChange[] = [];
const everywhere: Actor = {
  kind: 'user',
  id: 'u',
  name: 'u',
  permissions: new Set(),
  jurisdictionAreaId: null,
};
const within = (areaId: string): Actor => ({ ...everywhere, jurisdictionAreaId: areaId });

beforeAll(async () => {
  world = await createSpeakersWorld();
  world.events.inTransaction(RESOURCE_CHANGED, async (told) => void changes.push(...told));
});
afterAll(() => world?.stop());

describe('the register of clusters', () => {
  it('imports many at once, again without a change, and then the change alone', async () => {
    const rows = Array.from({ length: 700 }, (_, i) =>
      clusterRow(world, `c-${String(i).padStart(4, '0')}`, { lon: 105 + i / 1000, hornHeightM: 7.3 }),
    );
    expect(await world.clusters.importClusters(rows)).toEqual({ created: 700, updated: 0, unchanged: 0 });
    expect(changes).toHaveLength(700);
    changes.length = 0;
    expect(await world.clusters.importClusters(rows)).toEqual({ created: 0, updated: 0, unchanged: 700 });
    rows[3] = { ...rows[3]!, name: 'Đổi tên' };
    expect(await world.clusters.importClusters(rows)).toEqual({ created: 0, updated: 1, unchanged: 699 });
    expect(changes).toMatchObject([{ action: 'update', id: 'c-0003', before: { name: 'Cụm loa c-0003' } }]);
  });

  it('gives each new cluster its first document, with its chain of units', async () => {
    const [twin] = await world.query<{ desired: DesiredMessage; version: string }>(
      `select desired, desired_version as version from cluster_twins where cluster_id = 'c-0001'`,
    );
    expect(twin).toMatchObject({
      version: '1',
      desired: {
        version: 1,
        config: {
          volumePercent: 70,
          quietHours: [{ from: '21:00', to: '05:00' }],
          areaChain: ['31318', '930', '93'],
        },
        plan: [],
      },
    });
    const sent = await world.query<{ retain: boolean }>(
      `select retain from outbox where topic = 'phusong/v1/c/c-0001/desired'`,
    );
    expect(sent).toEqual([{ retain: true }]);
  });

  it('a changed configuration is the next version, and takes the place of the unsent one', async () => {
    await world.writer.change(everywhere, 'c-0001', { volumePercent: 40 });
    await world.writer.change(everywhere, 'c-0001', { name: 'only a name' });
    const rows = await world.query<{ payload: DesiredMessage }>(
      `select payload from outbox where topic = 'phusong/v1/c/c-0001/desired'`,
    );
    expect(rows).toMatchObject([{ payload: { version: 2, config: { volumePercent: 40 } } }]);
  });

  it('lists every problem of every row and stores none', async () => {
    const rows = [
      clusterRow(world, 'good-01'),
      clusterRow(world, 'BAD', { lat: 95, volumePercent: 90, volumeCapPercent: 80 }),
      clusterRow(world, 'server', { areaId: '00000000-0000-4000-8000-000000000000' }),
      clusterRow(world, 'good-01'),
    ];
    await expect(world.clusters.importClusters(rows)).rejects.toMatchObject({
      status: 400,
      errors: expect.arrayContaining([
        expect.objectContaining({ field: 'rows.1.id' }),
        expect.objectContaining({ field: 'rows.1.lat' }),
        expect.objectContaining({ field: 'rows.1.volumePercent', code: 'CAP' }),
        expect.objectContaining({ field: 'rows.2.id', code: 'RESERVED' }),
        expect.objectContaining({ field: 'rows.2.areaId', code: 'UNKNOWN' }),
        expect.objectContaining({ field: 'rows.3.id', code: 'DUPLICATE' }),
      ]),
    });
    expect(await world.query(`select id from clusters where id = 'good-01'`)).toEqual([]);
  });

  it('keeps an actor within their unit', async () => {
    const row = clusterRow(world, 'mine-01', { areaId: world.communes[1] });
    await expect(world.writer.create(within(world.communes[0]), row)).rejects.toMatchObject({ status: 403 });
    await world.writer.create(within(world.communes[1]), row);
    await world.writer.change(within(world.district), 'mine-01', { volumePercent: 30 });
    // Neither taking from another unit nor giving to it.
    await expect(
      world.writer.change(within(world.communes[1]), 'mine-01', { areaId: world.communes[0] }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(
      world.writer.change(within(world.communes[0]), 'mine-01', { areaId: world.communes[0] }),
    ).rejects.toMatchObject({ status: 403 });
    await expect(world.writer.create(everywhere, row)).rejects.toMatchObject({ status: 409 });
    await expect(world.writer.change(everywhere, 'nobody', {})).rejects.toMatchObject({ status: 404 });
  });
});

describe('groups, targets and counts', () => {
  beforeAll(async () => {
    await world.clusters.importGroups([
      { id: 'two', name: 'Hai cụm', clusterIds: ['c-0002', 'c-0001', 'c-0002'], source: 'test' },
    ]);
    await world.writer.change(everywhere, 'c-0005', { active: false });
  });

  it('resolves clusters, groups and units to active clusters, each once', async () => {
    const resolve = (target: object) => world.clusters.resolveTargets(world.uow.reader, target);
    const ids = async (target: object) => (await resolve(target)).map(({ id }) => id);
    expect(await ids({ groupIds: ['two'], clusterIds: ['c-0001', 'c-0003'] })).toEqual([
      'c-0001',
      'c-0002',
      'c-0003',
    ]);
    expect(await ids({ areaIds: [world.communes[1]] })).toEqual(['mine-01']);
    expect(await ids({ areaIds: [world.province] })).toHaveLength(700);
    expect(await ids({ all: true })).toHaveLength(700);
    expect(await ids({})).toEqual([]);
    expect((await resolve({ clusterIds: ['c-0001'] }))[0]).toEqual({
      id: 'c-0001',
      areaId: world.communes[0],
      volumePercent: 40,
      volumeCapPercent: 100,
      quietHours: [{ from: '21:00', to: '05:00' }],
      online: null,
    });
  });

  it('names whatever does not exist or is out of service', async () => {
    const area = '00000000-0000-4000-8000-000000000000';
    await expect(
      world.clusters.resolveTargets(world.uow.reader, {
        clusterIds: ['c-0001', 'nope', 'c-0005'],
        groupIds: ['none'],
        areaIds: [area],
      }),
    ).rejects.toMatchObject({
      errors: [
        { field: 'clusterIds.1', code: 'UNKNOWN' },
        { field: 'groupIds.0', code: 'UNKNOWN' },
        { field: 'areaIds.0', code: 'UNKNOWN' },
        { field: 'clusterIds.2', code: 'OUT_OF_SERVICE' },
      ],
    });
  });

  it('changes and removes groups within the jurisdiction only', async () => {
    expect((await world.groups.get('two')).clusterIds).toEqual(['c-0001', 'c-0002']);
    await expect(
      world.groups.change(within(world.communes[1]), 'two', { clusterIds: [] }),
    ).rejects.toMatchObject({ status: 403 });
    await world.groups.change(everywhere, 'two', { clusterIds: ['c-0002', 'c-0004'] });
    expect((await world.groups.get('two')).clusterIds).toEqual(['c-0002', 'c-0004']);
    await expect(world.groups.change(everywhere, 'two', { clusterIds: ['nope'] })).rejects.toMatchObject({
      errors: [{ field: 'clusterIds.0' }],
    });
    await world.groups.remove(everywhere, 'two');
    await expect(world.groups.get('two')).rejects.toMatchObject({ status: 404 });
  });

  it('counts loudspeakers of both kinds', async () => {
    const areaId = world.communes[0];
    await world.clusters.importPlainLoudspeakers([
      { areaId, kind: 'fm', count: 12, source: 'test' },
      { areaId, kind: 'wired', count: 8, source: 'test' },
    ]);
    await world.plain.put(everywhere, { areaId, kind: 'fm', count: 10, source: 'test' });
    expect(await world.clusters.counts()).toEqual({
      clusters: 701,
      online: 0,
      offline: 0,
      neverHeard: 700,
      outOfService: 1,
      horns: 701,
      plainLoudspeakers: 18,
      openAlarms: 0,
    });
    const list = await world.plain.list({ limit: 1 });
    expect(list.items).toHaveLength(1);
    const next = await world.plain.list({ limit: 5, cursor: list.nextCursor! });
    expect([...list.items, ...next.items].map(({ kind, count }) => [kind, count])).toEqual([
      ['fm', 10],
      ['wired', 8],
    ]);
  });

  it('lists by box, group, presence and words, page by page', async () => {
    const bbox = { west: 105.0, south: 9, east: 105.0045, north: 10 };
    const first = await world.clusters.list({ bbox, limit: 3 });
    expect(first.items.map(({ id }) => id)).toEqual(['c-0000', 'c-0001', 'c-0002']);
    const second = await world.clusters.list({ bbox, limit: 3, cursor: first.nextCursor! });
    expect(second.items.map(({ id }) => id)).toEqual(['c-0003', 'c-0004']);
    expect(second.nextCursor).toBeNull();
    expect((await world.clusters.list({ q: 'doi ten', limit: 5 })).items.map(({ id }) => id)).toEqual([
      'c-0003',
    ]);
    expect((await world.clusters.list({ online: null, limit: 1000 })).items).toHaveLength(701);
    expect((await world.clusters.list({ online: true, limit: 1000 })).items).toEqual([]);
    expect((await world.clusters.list({ active: false, limit: 9 })).items.map(({ id }) => id)).toEqual([
      'c-0005',
    ]);
    expect((await world.clusters.list({ areaIds: [world.communes[1]], limit: 9 })).items).toHaveLength(1);
  });
});
