import { AttributesService, type Attribute } from '../../src/modules/attributes/index.js';
import { SitesWriter } from '../../src/modules/sites/index.js';
import { OgcWorld } from '../open-data/support.js';
import { SITES } from '../sites/fixtures.js';

let world: OgcWorld;
beforeAll(async () => {
  world = await OgcWorld.open();
  const define = (name: string, more: Partial<Attribute> & Pick<Attribute, 'type'>) =>
    world.t.app.get(AttributesService).create({
      resource: 'sites',
      name,
      title: { en: name, vi: `${name} (vi)` },
      description: null,
      unit: null,
      required: false,
      min: null,
      max: null,
      pattern: null,
      maxLength: null,
      choices: [],
      openData: false,
      ...more,
    });
  await define('roofType', { type: 'choice', choices: ['tile', 'tôn'], openData: true });
  await define('floors', { type: 'integer', unit: 'tầng' });
  await define('slope', { type: 'number' });
  await define('leased', { type: 'boolean' });
  await define('leaseEnds', { type: 'date' });
  await define('guards', { type: 'choices', choices: ['fence', 'dog'] });
  await define('panel', { type: 'text', resource: 'cells' });
  const [first, second, third] = SITES.map((site) => ({ ...site }));
  await world.t.app.get(SitesWriter).importSites([
    {
      ...first!,
      attributes: { roofType: 'tôn', floors: 3, slope: 1.5, leased: true, guards: ['fence', 'dog'] },
    },
    {
      ...second!,
      attributes: { roofType: 'tile', floors: 12, leased: false, leaseEnds: '2026-06-30' },
      cells: second!.cells!.map((cell) => ({ ...cell, attributes: { panel: "O'Neill" } })),
    },
    third!,
  ]);
});
afterAll(() => world?.t.stop());

const filtered = (filter: string, collection = 'sites') => world.ids(collection, { filter });

test('attributes are properties and queryables of their types', async () => {
  const { body } = await world.get('ogc/collections/sites/queryables');
  expect(body.properties).toMatchObject({
    attr_roofType: { title: 'roofType', type: 'string' },
    attr_floors: { title: 'floors, tầng', type: 'integer' },
    attr_leaseEnds: { type: 'string', format: 'date' },
    attr_leased: { type: 'boolean' },
  });
  const items = await world.get('ogc/collections/sites/items');
  expect(items.body.features.map(({ properties }) => properties)).toMatchObject([
    { attr_floors: 3, attr_guards: 'fence,dog', attr_leased: true, attr_leaseEnds: null, attr_slope: 1.5 },
    { attr_floors: 12, attr_guards: null, attr_leased: false, attr_leaseEnds: '2026-06-30' },
    { attr_floors: null, attr_roofType: null },
  ]);
  expect(items.body.features[0]?.properties).not.toHaveProperty('attributes');
});

test('CQL2 and plain parameters filter by them', async () => {
  expect(await filtered("attr_roofType = 'tôn' and attr_floors < 4")).toEqual(['HGI-1']);
  expect(await filtered('attr_floors between 3 and 12 and not attr_leased = true')).toEqual(['HGI-2']);
  expect(await filtered("t_after(attr_leaseEnds, DATE('2026-06-29'))")).toEqual(['HGI-2']);
  expect(await filtered("attr_guards like '%dog%'")).toEqual(['HGI-1']);
  expect(await filtered('attr_roofType is null')).toEqual(['HGI-3']);
  expect(await world.ids('sites', { attr_roofType: 'tile' })).toEqual(['HGI-2']);
  expect(await filtered("attr_panel = 'O''Neill'", 'cells')).toEqual(['HGI-2~N78-1']);
  const wrong = await world.get(
    `ogc/collections/sites/items?${new URLSearchParams({ filter: "attr_floors = 'many'" }).toString()}`,
  );
  expect(wrong.status).toBe(400);
});

test('whoever has not signed in sees those that are open data', async () => {
  expect(await world.setPublic('sites', true)).toBe(200);
  const { body } = await world.get('ogc/collections/sites/queryables', {});
  expect(Object.keys(body.properties).filter((name) => name.startsWith('attr_'))).toEqual(['attr_roofType']);
  const secret = await world.get('ogc/collections/sites/items?attr_floors=3', {});
  expect(secret.status).toBe(400);
  const { status, body: items } = await world.get('ogc/collections/sites/items?attr_roofType=tile', {});
  expect([status, items.features.map(({ id }) => id)]).toEqual([200, ['HGI-2']]);
  expect(JSON.stringify(items)).not.toContain('attr_floors');
});
