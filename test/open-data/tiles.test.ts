import { SitesWriter } from '../../src/modules/sites/index.js';
import { SITES } from '../sites/fixtures.js';
import { until } from '../support/until.js';
import { OgcWorld } from './support.js';

let world: OgcWorld;
beforeAll(async () => {
  world = await OgcWorld.open();
});
afterAll(() => world?.t.stop());

/** The tile of zoom 16 that holds HGI-1 (105.45, 9.75), and one of zoom 10 that holds all. */
const NEAR = 'tiles/sites/16/51964/30984.mvt';
const FAR = 'tiles/sites/5/25/15.mvt';
const bytesOf = async (path: string) => Buffer.from(await (await world.fetch(path)).arrayBuffer());

test('TileJSON tells where the tiles are and what they hold', async () => {
  const answer = await world.fetch('tiles/sites/tilejson.json');
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    tilejson: '3.0.0',
    tiles: [`${world.t.url}/api/v1/tiles/sites/{z}/{x}/{y}.mvt`],
    bounds: [105.45, 9.75, 105.65, 9.75],
    vector_layers: [
      { id: 'sites', fields: { code: 'Code of the site', lifecycle: expect.any(String) as string } },
    ],
  });
});

test('tiles have points near, clusters far, and nothing elsewhere', async () => {
  const near = await world.fetch(NEAR);
  expect(near.headers.get('content-type')).toBe('application/vnd.mapbox-vector-tile');
  const bytes = Buffer.from(await near.arrayBuffer());
  expect(bytes.includes('HGI-1')).toBe(true);
  expect(bytes.includes('2G,4G')).toBe(true);
  const far = await bytesOf(FAR);
  expect(far.includes('point_count')).toBe(true);
  expect(far.includes('HGI-1')).toBe(false);
  expect((await world.fetch('tiles/sites/16/0/0.mvt')).status).toBe(204);
  expect((await bytesOf('tiles/communes/10/811/484.mvt')).includes('c1~2025-07-01')).toBe(true);
  expect((await bytesOf('tiles/communes/10/811/484.mvt')).includes('c1~2020-01-01')).toBe(false);
  expect((await bytesOf('tiles/fibre/10/811/484.mvt')).includes('2025Q2')).toBe(true);
});

test('an unchanged tile is not sent again, a changed one is', async () => {
  const first = await world.fetch(NEAR);
  const etag = first.headers.get('etag') ?? '';
  const ask = () => world.fetch(NEAR, { ...world.asAdmin, 'if-none-match': etag });
  expect((await ask()).status).toBe(304);
  const [site] = SITES;
  await world.t.app.get(SitesWriter).importSites([{ ...site!, name: 'Trạm tên mới' }]);
  await until(async () => (await ask()).status === 200, { what: 'the tile has changed' });
  expect((await bytesOf(NEAR)).includes('Trạm tên mới')).toBe(true);
});

test('tiles are as closed as the features, and places on no map are 404', async () => {
  for (const path of [NEAR, 'tiles/sites/tilejson.json'])
    expect((await world.fetch(path, {})).status).toBe(401);
  await world.setPublic('sites', true);
  for (const path of [NEAR, 'tiles/sites/tilejson.json'])
    expect((await world.fetch(path, {})).status).toBe(200);
  for (const path of ['0/0/1', '23/0/0', '-1/0/0', '1/x/0', '1/0/1e9'])
    expect([path, (await world.fetch(`tiles/sites/${path}.mvt`)).status]).toEqual([path, 404]);
  expect((await world.fetch('tiles/nothing/0/0/0.mvt')).status).toBe(404);
});
