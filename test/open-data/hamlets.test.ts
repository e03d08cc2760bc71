import { HamletsWriter } from '../../src/modules/hamlets/index.js';
import { HAMLETS } from '../hamlets/fixtures.js';
import { OgcWorld } from './support.js';

let world: OgcWorld;
beforeAll(async () => {
  world = await OgcWorld.open();
  await world.t.app.get(HamletsWriter).importHamlets(HAMLETS);
});
afterAll(() => world?.t.stop());

it('gives hamlets with their commune and signal, filtered by CQL2, property and box', async () => {
  const { body } = await world.get('ogc/collections/hamlets/items/c1-ap-1');
  expect(body).toMatchObject({
    id: 'c1-ap-1',
    geometry: { type: 'Point', coordinates: [105.42, 9.75] },
    properties: {
      name: 'Ấp 1',
      communeCode: 'c1',
      signal: 'none',
      signalReportedOn: '2025-03-01',
      households: 150,
    },
  });
  const ids = (query: Record<string, string>) => world.ids('hamlets', query);
  expect(await ids({ filter: "signal in ('none', 'weak') and households >= 140" })).toEqual(['c1-ap-1']);
  expect(await ids({ filter: 'signal is null' })).toEqual(['c2-ap-1']);
  expect(await ids({ signal: 'served' })).toEqual(['c3-kv-1']);
  expect(await ids({ bbox: '105.5,9.7,105.6,9.8' })).toEqual(['c2-ap-1']);
  expect(await ids({ filter: "communeCode = 'c9'" })).toEqual(['c3-kv-1']);
});
