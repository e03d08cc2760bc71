import { AreasWriter } from '../../src/modules/areas/index.js';
import { OperatorsService, SitesWriter } from '../../src/modules/sites/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { AREAS, AREAS_SINCE, DATE, OPERATORS, SITES } from './fixtures.js';

/** Coverage as a client sees it, through the assembled application. */
let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas([...AREAS, ...AREAS_SINCE]);
  await app.app.get(OperatorsService).importOperators(OPERATORS);
  await app.app.get(SitesWriter).importSites(SITES, { date: DATE });
});
afterAll(() => app?.stop());

/** What this file looks at of the answers. */
interface Answer {
  id: string;
  finishedAt: string | null;
  items: { areaCode: string; operator: string | null }[];
  errors: { field: string }[];
  networks: object[];
  nextCursor: string | null;
  numberMatched: number;
  numberReturned: number;
}

async function ask(method: string, path: string, body?: object) {
  const answer = await fetch(`${app.url}/api/v1/coverage/runs${path}`, {
    method,
    headers: {
      authorization: `Bearer ${app.adminToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  const type = answer.headers.get('content-type') ?? '';
  const text = await answer.text();
  return {
    status: answer.status,
    type,
    text,
    body: (type.includes('json') ? JSON.parse(text) : {}) as Answer,
  };
}

test('a run, from the order to figures, cells, an explanation and a map', async () => {
  const ordered = await ask('POST', '', {
    title: 'Thử',
    boundaryDate: DATE,
    resolution: 7,
    environments: ['indoor'],
    probabilities: [0.9],
  });
  expect(ordered).toMatchObject({
    status: 202,
    body: { title: 'Thử', createdBy: 'admin', jobId: expect.any(String) },
  });
  const { id } = ordered.body;
  await until(async () => (await ask('GET', `/${id}`)).body.finishedAt !== null, { what: 'the run ends' });
  expect(await ask('GET', `/${id}`)).toMatchObject({
    status: 200,
    body: { state: 'done', manifest: { synthetic: true } },
  });
  expect((await ask('GET', '?state=done&limit=1')).body).toMatchObject({ items: [{ id }], nextCursor: null });

  const figures = await ask(
    'GET',
    `/${id}/figures?by=district&technology=4G&operator=any&environment=indoor&probability=0.9`,
  );
  expect(figures.body.items.map((f) => [f.areaCode, f.operator])).toEqual([
    ['d1', null],
    ['d2', null],
  ]);
  const cells = await ask('GET', `/${id}/cells?bbox=105.4,9.7,105.6,9.9&technology=4G&operator=vnpt&limit=3`);
  expect(cells).toMatchObject({
    status: 200,
    body: { type: 'FeatureCollection', operator: 'vnpt', numberReturned: 3 },
  });
  const next = await ask(
    'GET',
    `/${id}/cells?bbox=105.4,9.7,105.6,9.9&operator=vnpt&cursor=${cells.body.nextCursor}`,
  );
  expect(next.body.numberReturned).toBe(cells.body.numberMatched - 3);
  expect((await ask('GET', `/${id}/at?lon=105.45&lat=9.75`)).body.networks).toHaveLength(3);
  const map = await ask('GET', `/${id}/map.svg?technology=4G&environment=indoor`);
  expect(map).toMatchObject({ status: 200, type: 'image/svg+xml; charset=utf-8' });
  expect(map.text).toMatch(/^<svg [\s\S]*<\/svg>$/);
  expect((await ask('POST', `/${id}/cancel`)).body).toMatchObject({ status: 409, code: 'RUN_ENDED' });
});

test('units that lie directly in a province', async () => {
  const { body } = await ask('POST', '', {
    boundaryDate: '2025-07-01',
    resolution: 7,
    environments: ['outdoor'],
  });
  await until(async () => (await ask('GET', `/${body.id}`)).body.finishedAt !== null, {
    what: 'the run ends',
  });
  expect((await ask('GET', `/${body.id}/figures?by=district`)).body.items).toEqual([]);
  const communes = await ask(
    'GET',
    `/${body.id}/figures?by=commune&technology=4G&operator=any&probability=0.5`,
  );
  expect(communes.body.items).toMatchObject([{ areaCode: 'c1', areaName: 'Xã Vị Tân', population: 700_000 }]);
  const map = await ask('GET', `/${body.id}/map.svg`);
  expect(map.text).toContain('X. Vị Tân');
  expect(map.text).not.toContain('Ranh giới huyện');
});

test.each<[string, string, object | undefined, number, string]>([
  ['POST', '', { resolution: 15 }, 400, 'resolution'],
  ['POST', '', { resolution: 1e9 }, 400, 'resolution'],
  ['POST', '', { shadowSigmaDb: -1 }, 400, 'shadowSigmaDb'],
  ['POST', '', { shadowSigmaDb: '8' }, 400, 'shadowSigmaDb'],
  ['POST', '', { mobileHeightM: null, probabilities: [-0.5] }, 400, 'probabilities'],
  ['POST', '', { operators: Array.from({ length: 1e4 }, (_, n) => `o${n}`) }, 400, 'operators'],
  ['POST', '', { thresholds: [{ technology: '4G', sufficientDbm: 50 }] }, 400, 'thresholds.0.sufficientDbm'],
  ['POST', '', { resolution: 9.5 }, 400, 'resolution'],
  ['POST', '', { environments: ['underground'] }, 400, 'environments'],
  ['POST', '', { environments: [] }, 400, 'environments'],
  ['POST', '', { probabilities: [1] }, 400, 'probabilities'],
  ['POST', '', { technologies: ['6G'] }, 400, 'technologies'],
  ['POST', '', { boundaryDate: '2025-02-30' }, 400, 'boundaryDate'],
  ['POST', '', { models: [{ technology: '4G', model: 'crystal-ball' }] }, 400, 'models.0.model'],
  ['POST', '', { models: [null] }, 400, 'models.0'],
  ['POST', '', { power: 9000 }, 400, 'power'],
  ['GET', '?state=asleep', undefined, 400, 'state'],
  ['GET', '?cursor=bm9uc2Vuc2U', undefined, 400, 'cursor'],
  ['GET', '/not-a-run', undefined, 404, ''],
  ['GET', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/figures', undefined, 404, ''],
  ['GET', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/figures?by=hamlet', undefined, 400, 'by'],
  ['GET', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/cells', undefined, 400, 'bbox'],
  ['GET', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/cells?bbox=1,2,3', undefined, 400, 'bbox'],
  ['GET', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/at?lon=200&lat=9', undefined, 400, 'lon'],
  ['GET', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/map.svg?probability=x', undefined, 400, 'probability'],
  ['POST', '/0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11/cancel', undefined, 404, ''],
])('%s %s %j answers %i about "%s"', async (method, path, body, status, field) => {
  const answer = await ask(method, path, body);
  expect(answer).toMatchObject({ status, type: expect.stringContaining('application/problem+json') });
  if (field) expect(answer.body.errors.map((e) => e.field)).toContain(field);
});
