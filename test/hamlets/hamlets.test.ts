import { AttributesService } from '../../src/modules/attributes/index.js';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus, RESOURCE_CHANGED, type ResourceChange } from '../../src/common/events/event-bus.js';
import { AreasService, AreasWriter } from '../../src/modules/areas/index.js';
import { HamletsReader, HamletsWriter } from '../../src/modules/hamlets/index.js';
import { AREAS } from '../areas/fixtures.js';
import { problemOf, refusalsOf } from '../sites/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { HAMLETS } from './fixtures.js';

let database: TestDatabase;
let writer: HamletsWriter;
let reader: HamletsReader;
let uow: UnitOfWork;
const changes: ResourceChange[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  const events = new EventBus((error) => {
    throw error;
  });
  events.inTransaction(RESOURCE_CHANGED, async (payloads) => {
    changes.push(...payloads);
  });
  uow = new UnitOfWork(database.dataSource, events);
  const areas = new AreasService(uow);
  await new AreasWriter(uow, areas, new AttributesService(uow)).importAreas(AREAS);
  writer = new HamletsWriter(uow, areas, new AttributesService(uow));
  reader = new HamletsReader(uow, areas);
});
afterAll(async () => database?.stop());

const DAY = '2025-06-30';

it('stores many at once, tells each change, and leaves alone what is the same', async () => {
  changes.length = 0;
  expect(await writer.importHamlets(HAMLETS, { date: DAY })).toEqual({
    created: 4,
    updated: 0,
    unchanged: 0,
  });
  expect(changes.map(({ resource, action }) => `${resource} ${action}`)).toEqual(
    Array(4).fill('hamlet create'),
  );
  const more = HAMLETS.map((hamlet, i) => (i === 0 ? { ...hamlet, signal: 'served' as const } : hamlet));
  expect(await writer.importHamlets(more, { date: DAY })).toEqual({ created: 0, updated: 1, unchanged: 3 });
  expect(changes[4]).toMatchObject({
    action: 'update',
    before: { signal: 'none', version: 1 },
    after: { signal: 'served', version: 2, lon: 105.42 },
  });
});

it('tells the communes of many codes, on either side of the merger', async () => {
  const before = await reader.byCodes(uow.reader, ['c1-ap-1', 'c3-kv-1', 'nowhere'], DAY);
  expect([...before.keys()].sort()).toEqual(['c1-ap-1', 'c3-kv-1']);
  expect(before.get('c1-ap-1')).toMatchObject({ name: 'Ấp 1', households: 150, commune: { code: 'c1' } });
  const since = await reader.byCodes(uow.reader, ['c3-kv-1']);
  expect(since.get('c3-kv-1')?.commune).toMatchObject({ code: 'c9', name: 'Phường Ngã Bảy' });
});

it('refuses all rows with every problem of each', async () => {
  const [first] = HAMLETS;
  const wrong = [
    { ...first!, code: 'a b', households: -1 },
    { ...first!, code: 'x1', lon: 9.75, lat: 105.42 },
    { ...first!, code: 'x2', signal: null },
    { ...first!, code: 'x2', name: ' ', signalReportedOn: '2025-02-30' },
  ];
  expect(refusalsOf(await problemOf(writer.importHamlets(wrong)))).toEqual([
    'rows.0.code PATTERN',
    'rows.0.households COUNT',
    'rows.1.lat SWAPPED',
    'rows.2.signalReportedOn SIGNAL',
    'rows.2.signalSource SIGNAL',
    'rows.3.name TEXT',
    'rows.3.signalReportedOn DATE',
    'rows.3.code DUPLICATE',
  ]);
  const outside = await problemOf(writer.importHamlets([{ ...first!, code: 'x1', lat: 9.2 }]));
  expect(refusalsOf(outside)).toEqual(['rows.0.lon OUTSIDE']);
  expect((await reader.byCodes(uow.reader, ['x1', 'x2'])).size).toBe(0);
});
