import { AreasWriter } from '../../src/modules/areas/index.js';
import { toUtm } from '../../src/geo/index.js';
import { createTestApp, signIn, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { AREAS, DATE } from './fixtures.js';
import { tinyTiff, type TinyTiff } from './tiny-tiff.js';

/** Where people live, what the ground is and where it is water, from rasters and polygons. */
const PASSWORD = 'planners of the tests';
let app: TestApp;
let plannerToken: string;
beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas(AREAS);
  const user = { username: 'planner', displayName: 'Planner', password: PASSWORD, roles: ['planner'] };
  expect((await ask('POST', 'users', user)).status).toBe(201);
  plannerToken = await signIn(app.url, 'planner', PASSWORD);
});
afterAll(() => app?.stop());

interface Answer {
  id: string;
  finishedAt: string | null;
  state: string;
  population: number;
  landCover: string;
  waterPercent: number | null;
  title: string;
  provenance: object;
  items: { id: string; resource?: string; action?: string }[];
  code?: string;
  errors?: { field: string; message: string }[];
  manifest: {
    grid: { key: string; areaM2: number; cells: number };
    ground: {
      landCover: { from: string; cellsFromSource: number };
      water: { state: string; areaM2?: number };
    };
    landCoverSource: { id: string; mapping: object } | null;
    waterSource: object | null;
    people: { communesFromSource: number };
    sources: string[];
  };
}

async function ask(method: string, path: string, body?: unknown, token = app.adminToken) {
  const json = body !== undefined && !(body instanceof FormData);
  const answer = await fetch(`${app.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(json ? { 'content-type': 'application/json' } : {}) },
    body: json ? JSON.stringify(body) : body,
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Answer };
}

type Content = Uint8Array<ArrayBuffer> | string;
function send(to: string, content: Content, fields: Record<string, string> = {}, token?: string) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ title: 'Nguồn thử', source: 'đo thử', ...fields }))
    form.append(name, value);
  form.append('file', new Blob([content]), 'file');
  return ask('POST', `coverage/${to}`, form, token);
}
const sendPeople = (content: Content, token?: string) => send('population-sources', content, {}, token);
const sendGround = (content: Content, fields: Record<string, string> = {}, token?: string) =>
  send('land-cover-sources', content, fields, token);

async function run(more: object = {}) {
  const wanted = {
    boundaryDate: DATE,
    resolution: 8,
    environments: ['outdoor'],
    probabilities: [0.5],
    ...more,
  };
  const { status, body } = await ask('POST', 'coverage/runs', wanted);
  expect(status).toBe(202);
  await until(async () => (await ask('GET', `coverage/runs/${body.id}`)).body.finishedAt !== null, {
    what: 'the run ends',
  });
  const ended = (await ask('GET', `coverage/runs/${body.id}`)).body;
  expect(ended.state).toBe('done');
  return ended;
}
const at = async (id: string, lon: number, lat: number) =>
  (await ask('GET', `coverage/runs/${id}/at?lon=${lon}&lat=${lat}`)).body;

/** In the first commune of 60,000: all of the people in a square in its west; elsewhere nobody. */
const village = (lon: number, lat: number) =>
  Number(lon > 105.42 && lon < 105.44 && lat > 9.73 && lat < 9.75);
const inUtm: TinyTiff = (() => {
  const [west, north] = toUtm(48, 105.39, 9.91);
  return {
    ...{ west, north, pixel: 250, size: 120 },
    tags: { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 32648 },
    without: ['GeographicTypeGeoKey', 'GeogCitationGeoKey'],
  };
})();

describe('people of a raster', () => {
  test('are where the pixels have them; the communes keep their own figures', async () => {
    const tiff = tinyTiff((lon, lat) => (village(lon, lat) ? 2.5 : lat > 9.8 ? -99999 : 0), {
      noData: '-99999',
    });
    const sent = await sendPeople(tiff);
    expect(sent).toMatchObject({
      status: 201,
      body: { format: 'geotiff', points: 16, people: 40, households: null },
    });
    const found = await run();
    expect(found.manifest.people.communesFromSource).toBe(1);
    expect((await at(found.id, 105.43, 9.74)).population).toBeGreaterThan(1000);
    expect((await at(found.id, 105.48, 9.78)).population).toBe(0);

    expect(
      (await ask('DELETE', `coverage/population-sources/${sent.body.id}`, undefined, plannerToken)).status,
    ).toBe(403);
    expect((await ask('DELETE', `coverage/population-sources/${sent.body.id}`)).status).toBe(204);
    expect((await ask('GET', `coverage/population-sources/${sent.body.id}`)).status).toBe(404);
    const again = await ask('POST', `coverage/runs/${found.id}/again`, { boundaryDate: DATE });
    expect(again.status).toBe(202);
    await until(async () => (await ask('GET', `coverage/runs/${again.body.id}`)).body.finishedAt !== null, {
      what: 'the run with a source that is no more ends',
    });
    expect((await ask('GET', `coverage/runs/${again.body.id}`)).body).toMatchObject({
      state: 'failed',
      error: { code: 'populationSource.removed' },
    });
  });

  test('in UTM are the same people in the same place', async () => {
    // Each pixel of 250 m by its column and row from the north-west corner; one of them is the village.
    const [east, north] = toUtm(48, 105.43, 9.74);
    const near = (x: number, y: number) => Number(Math.hypot(x - east, y - north) < 600) * 7;
    const sent = await sendPeople(tinyTiff(near, inUtm));
    expect(sent.status).toBe(201);
    const found = await run({ populationSource: sent.body.id });
    expect((await at(found.id, 105.43, 9.74)).population).toBeGreaterThan(1000);
    expect((await at(found.id, 105.48, 9.78)).population).toBe(0);
    expect((await ask('DELETE', `coverage/population-sources/${sent.body.id}`)).status).toBe(204);
  });

  const one = () => 1;
  const bomb = () => {
    // The width of a raster of one row of pixels, as the tag has it.
    const tiff = tinyTiff(one, { size: 4 });
    const view = new DataView(tiff.buffer);
    const little = view.getUint8(0) === 0x49;
    const start = view.getUint32(4, little);
    for (let i = 0; i < view.getUint16(start, little); i++) {
      const entry = start + 2 + 12 * i;
      const tag = view.getUint16(entry, little);
      if (tag !== 256 && tag !== 257) continue;
      view.setUint16(entry + 2, 4, little);
      view.setUint32(entry + 8, 2_000_000_000, little);
    }
    return tiff;
  };
  const manyValues = () => {
    const tiff = tinyTiff(one, { size: 4 });
    const view = new DataView(tiff.buffer);
    const little = view.getUint8(0) === 0x49;
    view.setUint32(view.getUint32(4, little) + 2 + 4, 0xffff_ffff, little);
    return tiff;
  };
  test.each<[string, () => Content, RegExp]>([
    [
      'bytes that only begin as a TIFF',
      () => Uint8Array.from([0x49, 0x49, 42, 0, 8, 0, 0, 0, 9]),
      /no readable GeoTIFF/,
    ],
    ['half a file', () => tinyTiff(one).subarray(0, 900), /no readable GeoTIFF/],
    [
      'a TIFF without a place',
      () => tinyTiff(one, { without: ['ModelPixelScale', 'ModelTiepoint'] }),
      /where it lies/,
    ],
    ['a bomb of pixels', bomb, /pixels/],
    ['a tag with more values than the file', manyValues, /more values/],
    ['negative people', () => tinyTiff((lon) => (lon < 105.45 ? -3 : 1)), /has -3 people/],
    ['people without end', () => tinyTiff(() => Infinity), /Infinity people/],
    [
      'a rotated raster',
      () =>
        tinyTiff(one, {
          without: ['ModelPixelScale', 'ModelTiepoint'],
          tags: {
            ModelTransformation: [0.005, 0.001, 0, 105.39, 0.001, -0.005, 0, 9.91, 0, 0, 0, 0, 0, 0, 0, 1],
          },
        }),
      /rotated/,
    ],
    ['another coordinate system', () => tinyTiff(one, { tags: { GeographicTypeGeoKey: 4756 } }), /EPSG:4756/],
    [
      'another projection',
      () => tinyTiff(one, { ...inUtm, tags: { GTModelTypeGeoKey: 1, ProjectedCSTypeGeoKey: 3405 } }),
      /EPSG:3405/,
    ],
    ['another country', () => tinyTiff(one, { west: 20, north: 50 }), /covers nothing/],
    ['nobody', () => tinyTiff(() => 0), /no pixel/],
  ])('%s is refused', async (_what, content, message) => {
    const { status, body } = await sendPeople(content());
    expect(status).toBe(400);
    expect(body.errors?.[0]?.field).toBe('file');
    expect(JSON.stringify(body)).toMatch(message);
  });
});

describe('land cover', () => {
  /** The west of ESA's classes is built up, then fields, and water in the east of 105.5. */
  const worldCover = (more: TinyTiff = {}) =>
    tinyTiff((lon) => (lon < 105.45 ? 50 : lon < 105.5 ? 40 : 80), { sampleFormat: 1, noData: '0', ...more });

  test('of a raster is what cells have; its water has no area and nobody', async () => {
    const before = await run();
    expect(before.manifest).toMatchObject({
      landCoverSource: null,
      waterSource: null,
      ground: { landCover: { from: 'people-density', cellsFromSource: 0 }, water: { state: 'unknown' } },
    });
    expect((await at(before.id, 105.55, 9.75)).waterPercent).toBeNull();

    const sent = await sendGround(worldCover());
    expect(sent).toMatchObject({
      status: 201,
      body: { kind: 'land-cover', format: 'geotiff', active: true, mapping: null, createdBy: 'admin' },
    });
    const found = await run();
    expect(found.manifest.grid.key).not.toBe(before.manifest.grid.key);
    expect(found.manifest).toMatchObject({
      landCoverSource: { id: sent.body.id, mapping: { '50': 'built-up', '80': 'water' } },
      ground: { landCover: { from: 'source' }, water: { state: 'excluded' } },
      sources: expect.arrayContaining(['đo thử']) as unknown,
    });
    // Half of the ground is water.
    expect(found.manifest.grid.areaM2 / before.manifest.grid.areaM2).toBeCloseTo(0.5, 2);
    // Built up, by 500 people on a km².
    expect(await at(found.id, 105.42, 9.75)).toMatchObject({ landCover: 'suburban', waterPercent: 0 });
    expect(await at(found.id, 105.475, 9.75)).toMatchObject({ landCover: 'open', waterPercent: 0 });
    expect(await at(found.id, 105.55, 9.75)).toMatchObject({
      landCover: 'open',
      waterPercent: 100,
      population: 0,
    });

    const without = await run({ landCoverSource: 'none' });
    expect(without.manifest.grid.key).toBe(before.manifest.grid.key);
    const history = await ask('GET', `coverage/land-cover-sources?kind=land-cover`);
    expect(history.body.items).toMatchObject([{ id: sent.body.id }]);
    expect(
      (await ask('PATCH', `coverage/land-cover-sources/${sent.body.id}`, { active: false })).status,
    ).toBe(200);
    expect((await run()).manifest.landCoverSource).toBeNull();
    expect((await ask('DELETE', `coverage/land-cover-sources/${sent.body.id}`)).status).toBe(204);
    expect((await ask('GET', `coverage/land-cover-sources/${sent.body.id}`)).status).toBe(404);
    const kept = (await ask('GET', `coverage/runs/${found.id}`)).body;
    expect(kept.manifest.landCoverSource).toMatchObject({ id: sent.body.id, title: 'Nguồn thử' });
  });

  test('the settings say what the classes stand for, and each change makes another grid', async () => {
    const sent = await sendGround(worldCover({ noData: '80' }));
    const before = await run();
    const change = { changes: { worldCover: { classes: { '40': 'urban' } } }, source: 'kiểm tra thực địa' };
    expect((await ask('PATCH', 'coverage/settings', change)).status).toBe(200);
    const after = await run();
    expect(after.manifest.grid.key).not.toBe(before.manifest.grid.key);
    expect((await at(after.id, 105.475, 9.75)).landCover).toBe('urban');
    const wrong = { changes: { worldCover: { classes: { '40': 'sea' } } }, source: 'x' };
    expect(await ask('PATCH', 'coverage/settings', wrong)).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'changes.worldCover.classes.40' }] },
    });
    expect((await ask('DELETE', `coverage/land-cover-sources/${sent.body.id}`)).status).toBe(204);
  });

  const polygon = (west: number, east: number, properties: object) => ({
    type: 'Feature',
    properties,
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [west, 9.6],
          [east, 9.6],
          [east, 10],
          [west, 10],
          [west, 9.6],
        ],
      ],
    },
  });
  const geojson = (...features: object[]) => JSON.stringify({ type: 'FeatureCollection', features });

  test('and water come as polygons too', async () => {
    const cover = await sendGround(geojson(polygon(105.3, 105.5, { loai: 'Đô thị' })), {
      property: 'loai',
      mapping: JSON.stringify({ 'Đô thị': 'urban' }),
    });
    expect(cover).toMatchObject({ status: 201, body: { format: 'geojson', classes: [{ code: 'Đô thị' }] } });
    const water = await sendGround(geojson(polygon(105.5, 105.7, {})), { kind: 'water' });
    expect(water).toMatchObject({
      status: 201,
      body: { kind: 'water', version: cover.body.manifest ? 0 : (expect.any(Number) as unknown) },
    });
    const found = await run();
    expect(found.manifest).toMatchObject({
      landCoverSource: { id: cover.body.id },
      waterSource: { id: water.body.id },
      ground: { water: { state: 'excluded' } },
    });
    const { body: answered } = await ask(
      'GET',
      `coverage/runs/${found.id}/histograms?by=province&technology=4G`,
    );
    expect(answered.provenance).toMatchObject({
      populationSource: null,
      landCoverSource: cover.body.title,
      waterSource: water.body.title,
    });
    expect(await at(found.id, 105.42, 9.75)).toMatchObject({ landCover: 'urban', waterPercent: 0 });
    expect(await at(found.id, 105.55, 9.75)).toMatchObject({ waterPercent: 100, population: 0 });
    const dry = await run({ waterSource: 'none' });
    expect(dry.manifest).toMatchObject({ waterSource: null, ground: { water: { state: 'unknown' } } });
    expect(await ask('POST', 'coverage/runs', { waterSource: cover.body.id })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'waterSource' }] },
    });
    for (const { body } of [cover, water])
      expect((await ask('DELETE', `coverage/land-cover-sources/${body.id}`)).status).toBe(204);
  });

  test.each<[string, () => Content, Record<string, string>, string]>([
    [
      'a class that stands for nothing',
      () => worldCover({ noData: '' }),
      { mapping: '{"50":"urban"}' },
      'mapping',
    ],
    ['a code that ESA has not', () => tinyTiff(() => 7, { sampleFormat: 1 }), {}, 'mapping'],
    ['a mapping to what is no class', () => worldCover(), { mapping: '{"50":"sea"}' }, 'mapping'],
    ['a mapping that is no JSON', () => worldCover(), { mapping: '50=urban' }, 'mapping'],
    ['classes that are no whole numbers', () => tinyTiff(() => 1.5), { mapping: '{"1":"open"}' }, 'file'],
    ['no data at all', () => worldCover({ west: 105.7 }), {}, 'file'],
    ['a raster of water', () => worldCover(), { kind: 'water' }, 'file'],
    ['an unknown kind', () => worldCover(), { kind: 'sea' }, 'kind'],
    ['no JSON', () => 'lon,lat\n1,2\n', {}, 'file'],
    ['JSON that is no GeoJSON', () => '{"a":1}', { kind: 'water' }, 'file'],
    [
      'points',
      () => geojson({ type: 'Feature', properties: {}, geometry: { type: 'Point', coordinates: [1, 2] } }),
      { kind: 'water' },
      'file',
    ],
    ['polygons without a class', () => geojson(polygon(105, 106, {})), {}, 'file'],
    ['polygons far away', () => geojson(polygon(20, 21, {})), { kind: 'water' }, 'file'],
    [
      'a mapping of water',
      () => geojson(polygon(105, 106, {})),
      { kind: 'water', mapping: '{"a":"water"}' },
      'mapping',
    ],
    ['no title', () => worldCover(), { title: '' }, 'title'],
  ])('%s is refused', async (_what, content, fields, field) => {
    const { status, body } = await sendGround(content(), fields);
    expect([status, body.errors?.map((error) => error.field)]).toEqual([400, [field]]);
  });

  test('only who may configure sends and removes', async () => {
    expect((await sendGround(worldCover(), {}, plannerToken)).status).toBe(403);
    const nobody = '5b0f8a52-2c8e-4a52-9f0a-6f1f3f1f2d61';
    expect(
      (await ask('DELETE', `coverage/land-cover-sources/${nobody}`, undefined, plannerToken)).status,
    ).toBe(403);
    expect((await ask('DELETE', `coverage/land-cover-sources/${nobody}`)).status).toBe(404);
    expect(
      (await ask('PATCH', `coverage/land-cover-sources/${nobody}`, { active: true }, plannerToken)).status,
    ).toBe(403);
    expect((await ask('POST', 'coverage/land-cover-sources', { title: 'x' })).status).toBe(415);
  });
});
