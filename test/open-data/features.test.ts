import { signIn } from '../support/app.js';
import { OgcWorld } from './support.js';

let world: OgcWorld;
beforeAll(async () => {
  world = await OgcWorld.open();
});
afterAll(() => world?.t.stop());

const ITEMS = 'ogc/collections/sites/items';

describe('the documents', () => {
  it('lead from one to the next', async () => {
    const landing = (await world.get('ogc', {})).body;
    expect(landing.links.map(({ rel }) => rel)).toEqual([
      'self',
      'service-desc',
      'describedby',
      'service-doc',
      'conformance',
      'data',
    ]);
    for (const { href } of landing.links) expect((await world.fetch(href)).status).toBe(200);
    const api = (await (await world.fetch('ogc/api')).json()) as { paths: Record<string, object> };
    const { collections } = (await world.get('ogc/collections')).body;
    expect(Object.keys(api.paths)).toEqual(collections.map(({ id }) => `/collections/${id}/items`));
    expect(JSON.stringify(api.paths['/collections/cells/items'])).toContain('"name":"technology"');
    expect(await (await world.fetch('ogc/api', {})).json()).toMatchObject({ paths: {} });
    expect(collections.map(({ id }) => id)).toEqual([
      'communes',
      'hamlets',
      'sites',
      'cells',
      'clusters',
      'fibre',
    ]);
    for (const { id } of collections) {
      const one = (await world.get(`ogc/collections/${id}?f=json`)).body;
      expect(one.links.map(({ rel }) => rel.split('/').pop())).toEqual([
        'self',
        'items',
        'describedby',
        'queryables',
      ]);
      for (const { href, type } of one.links) {
        const answer = await world.fetch(href);
        expect([href, answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([
          href,
          200,
          type,
        ]);
      }
    }
    expect((await world.get('ogc/conformance', {})).body.conformsTo).toContain(
      'http://www.opengis.net/spec/cql2/1.0/conf/cql2-text',
    );
  });

  it('tell where features lie and what they can be filtered by', async () => {
    expect((await world.get('ogc/collections/sites')).body).toMatchObject({
      extent: { spatial: { bbox: [[105.45, 9.75, 105.65, 9.75]] } },
    });
    expect((await world.get('ogc/collections/clusters')).body).not.toHaveProperty('extent');
    const { properties } = (await world.get('ogc/collections/cells/queryables')).body;
    expect(properties).toMatchObject({
      geometry: { format: 'geometry-point' },
      onAirSince: { type: 'string', format: 'date' },
    });
    const first = (await world.get('ogc/collections/cells/items')).body.features[0];
    expect(Object.keys(first?.properties ?? {})).toEqual(Object.keys(properties).slice(1));
  });
});

describe('features', () => {
  it('are paged by next links, each once', async () => {
    const seen: string[] = [];
    let next: string | undefined = `${ITEMS}?limit=2&lifecycle=planned`;
    const all = await world.get(`${ITEMS}?limit=2`);
    expect(all.body).toMatchObject({ numberMatched: 3, numberReturned: 2 });
    next = all.body.links.find(({ rel }) => rel === 'next')?.href;
    seen.push(...all.body.features.map(({ id }) => id));
    while (next) {
      const { body } = await world.get(next);
      seen.push(...body.features.map(({ id }) => id));
      next = body.links.find(({ rel }) => rel === 'next')?.href;
    }
    expect(seen).toEqual(['HGI-1', 'HGI-2', 'HGI-3']);
    const cells = await world.get('ogc/collections/cells/items?limit=3');
    expect(cells.body.features.map(({ id }) => id)).toEqual(['HGI-1~G9-1', 'HGI-1~L18-1', 'HGI-1~L18-2']);
    const rest = await world.get(cells.body.links.find(({ rel }) => rel === 'next')!.href);
    expect(rest.body.features.map(({ id }) => id)).toEqual(['HGI-2~N78-1']);
  });

  it('are read one by one', async () => {
    const { body } = await world.get(`${ITEMS}/HGI-1`);
    expect(body).toMatchObject({
      type: 'Feature',
      id: 'HGI-1',
      geometry: { type: 'Point', coordinates: [105.45, 9.75] },
      properties: {
        name: 'Trạm Vị Tân',
        technologies: '2G,4G',
        cellCount: 3,
        tenants: expect.any(String) as string,
      },
    });
    const unit = await world.get('ogc/collections/communes/items/c1~2025-07-01');
    expect(unit.body).toMatchObject({
      properties: { validTo: null, population: 3000 },
      geometry: { type: 'MultiPolygon' },
    });
    for (const id of ['HGI-9', 'HGI-1~x', '%00', '..%2f'])
      expect((await world.get(`${ITEMS}/${id}`)).status).toBe(404);
    expect((await world.get('ogc/collections/communes/items/c1')).status).toBe(404);
    expect((await world.get('ogc/collections/nothing/items')).status).toBe(404);
  });

  it('are found by box, time and property', async () => {
    expect(await world.ids('sites', { bbox: '105.5,9.7,105.6,9.8' })).toEqual(['HGI-2']);
    expect(await world.ids('sites', { bbox: '105.5,9.7,0,105.6,9.8,9' })).toEqual(['HGI-2']);
    expect(await world.ids('sites', { lifecycle: 'blocked' })).toEqual(['HGI-3']);
    expect(await world.ids('cells', { frequencyMhz: '1815' })).toEqual(['HGI-1~L18-1']);
    expect(await world.ids('communes', { datetime: '2025-06-30', limit: '1' })).toEqual(['c1~2020-01-01']);
    expect(await world.ids('communes', { datetime: '2025-07-01T00:00:00Z' })).toContain('c1~2025-07-01');
    expect(await world.ids('communes', { datetime: '../2019-12-31' })).toEqual([]);
    const every = await world.ids('communes', {});
    expect(await world.ids('communes', { datetime: '2025-06-30/2025-07-01' })).toEqual(every);
    // G9-1 went off the air in 2024, L18-1 came in 2017; of the others nothing is known.
    expect(await world.ids('cells', { datetime: '2016-01-01', technology: '4G' })).toEqual(['HGI-1~L18-2']);
    expect(await world.ids('cells', { datetime: '2024-10-16/..', technology: '2G' })).toEqual([]);
    expect(await world.ids('cells', { datetime: '2024-10-15', technology: '2G' })).toEqual(['HGI-1~G9-1']);
    expect(await world.ids('sites', { datetime: '../2020-01-01' })).toEqual([]);
  });

  it('of fibre are the latest figures over all operators', async () => {
    const { body } = await world.get('ogc/collections/fibre/items');
    expect(body.features).toMatchObject([
      {
        id: 'c1~2020-01-01',
        geometry: { type: 'MultiPolygon' },
        properties: {
          communeCode: 'c1',
          quarter: '2025Q2',
          quarterFrom: '2025-04-01',
          quarterTo: '2025-07-01',
          operators: 'viettel,vnpt',
          households: 280,
          passedAtLeast: 200,
          passedAtMost: 280,
          connected: 151,
          connectedPct: 53.9,
        },
      },
    ]);
  });

  it('are asked for with limits that hold', async () => {
    expect((await world.get(`${ITEMS}?limit=1000000`)).status).toBe(200);
    const wrong = 'limit=0&bbox=1,2,3&datetime=yesterday&colour=red&f=html&crs=x&filter-lang=sql';
    const { status, body } = await world.get(`${ITEMS}?${wrong}`);
    expect(status).toBe(400);
    expect(body.errors?.map(({ field }) => field).sort()).toEqual(
      ['limit', 'bbox', 'datetime', 'colour', 'f', 'crs', 'filter-lang'].sort(),
    );
    expect(body.errors?.every(({ messageVi }) => messageVi !== '')).toBe(true);
    for (const query of [
      'cursor=x',
      'cursor=WyJcdTAwMDAiXQ',
      'cursor=W10',
      'lifecycle=a&lifecycle=b',
      'name=%00',
      'datetime=../..',
      'datetime=2025-07-02/2025-07-01',
      '__proto__=1',
      'constructor=1',
      'hasGenerator=maybe',
    ])
      expect([query, (await world.get(`${ITEMS}?${query}`)).status]).toEqual([query, 400]);
    expect((await world.get('ogc/collections?colour=red')).status).toBe(400);
  });
});

describe('access', () => {
  const sitesOf = async (headers: Record<string, string>) => (await world.fetch(ITEMS, headers)).status;

  it('is closed until the administrator opens a collection', async () => {
    expect(await sitesOf({})).toBe(401);
    expect((await world.get('ogc/collections', {})).body.collections).toEqual([]);
    expect(await world.setPublic('sites', true)).toBe(200);
    expect(await sitesOf({})).toBe(200);
    expect((await world.get('ogc/collections', {})).body.collections.map(({ id }) => id)).toEqual(['sites']);
    for (const path of ['', '/schema', '/queryables', '/items', '/items/HGI-1~G9-1'])
      expect((await world.fetch(`ogc/collections/cells${path}`, {})).status).toBe(401);
    expect(await world.setPublic('sites', false)).toBe(200);
    expect(await sitesOf({})).toBe(401);
    expect(await world.setPublic('nothing', true)).toBe(404);
  });

  it('is by key, and by a good one only', async () => {
    const created = await fetch(`${world.t.url}/api/v1/api-keys`, {
      method: 'POST',
      headers: { ...world.asAdmin, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'QGIS', roles: ['api-client'] }),
    });
    const { key } = (await created.json()) as { key: string };
    expect(await sitesOf({ 'x-api-key': key })).toBe(200);
    expect(await sitesOf({ 'x-api-key': `${key}x` })).toBe(401);
    expect(await sitesOf({ authorization: 'Basic eDp5' })).toBe(401);
    await world.setPublic('sites', true);
    expect(await sitesOf({ 'x-api-key': `${key}x` })).toBe(401);
    await world.setPublic('sites', false);
  });

  it('is opened by administrators alone, and the audit trail knows', async () => {
    await fetch(`${world.t.url}/api/v1/users`, {
      method: 'POST',
      headers: { ...world.asAdmin, 'content-type': 'application/json' },
      body: JSON.stringify({
        username: 'planner',
        displayName: 'Planner',
        password: 'password of the planner',
        roles: ['planner'],
      }),
    });
    const token = await signIn(world.t.url, 'planner', 'password of the planner');
    expect(await world.setPublic('cells', true, token)).toBe(403);
    expect(await sitesOf({ authorization: `Bearer ${token}` })).toBe(200);
    const [change] = await world.t.database.dataSource.query<object[]>(
      `select * from audit_entries where resource = 'open-data-collection'`,
    );
    expect(JSON.stringify(change)).toContain('sites');
  });
});
