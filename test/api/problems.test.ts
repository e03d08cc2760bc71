import { createTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(app.url + path, { headers: { authorization: `Bearer ${app.adminToken}`, ...headers } });
const post = (path: string, body: string, type = 'application/json') =>
  fetch(app.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${app.adminToken}`, 'content-type': type },
    body,
  });

async function problem(answer: Response) {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return (await answer.json()) as {
    status: number;
    code: string;
    correlationId: string;
    errors?: { field: string; messageVi: string }[];
  };
}

test('an unknown address is a 404 in both languages', async () => {
  const body = await problem(await get('/api/v1/nothing-here'));
  expect(body).toMatchObject({ status: 404, code: 'NOT_FOUND', detailVi: expect.any(String) as string });
});

test('the caller’s correlation id is kept, a strange one is replaced', async () => {
  const kept = await get('/api/v1/nothing-here', { 'x-correlation-id': 'planner-0815-abc' });
  expect(kept.headers.get('x-correlation-id')).toBe('planner-0815-abc');
  expect((await problem(kept)).correlationId).toBe('planner-0815-abc');
  const replaced = await get('/api/v1/nothing-here', { 'x-correlation-id': 'a b' });
  expect(replaced.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
});

test('unknown and wrong query parameters are all named', async () => {
  const body = await problem(await get('/api/v1/areas?limit=5000&colour=red'));
  expect(body.status).toBe(400);
  expect(body.errors?.map((e) => e.field).sort()).toEqual(['colour', 'limit']);
  expect(body.errors?.every((e) => e.messageVi.length > 0)).toBe(true);
});

test.each([
  ['not JSON', '{"a":', 'application/json', 400],
  ['an empty body', '', 'application/json', 400],
  ['an array instead of an object', '[]', 'application/json', 400],
  ['a string', '"x"', 'application/json', 400],
  ['null', 'null', 'application/json', 400],
  ['a NUL in a text', '{"username":"a\\u0000b","password":"x"}', 'application/json', 400],
  [
    'a poisoned prototype',
    '{"__proto__":{"admin":true},"username":"a","password":"x"}',
    'application/json',
    400,
  ],
  ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'application/json', 400],
  ['a content type that is not read', 'x', 'application/x-nothing', 415],
  ['six megabytes', `"${'x'.repeat(6 * 1024 * 1024)}"`, 'application/json', 413],
])('%s is refused clearly', async (_name, body, type, status) => {
  const answer = await problem(await post('/api/v1/auth/login', body, type));
  expect(answer.status).toBe(status);
});

test.each([
  'cursor=%00',
  'cursor=!!',
  'date=2021-02-30',
  'date=yesterday',
  'limit=0',
  'limit=1e9',
  'limit=',
  'q=%00',
])('areas?%s never makes a 500', async (query) => {
  expect((await get(`/api/v1/areas?${query}`)).status).toBeLessThan(500);
});

test('health, metrics and the documents are there', async () => {
  expect(await (await fetch(`${app.url}/health/live`)).json()).toEqual({ status: 'ok' });
  expect((await fetch(`${app.url}/health/ready`)).status).toBe(200);
  expect(await (await fetch(`${app.url}/metrics`)).text()).toContain('process_cpu');
  const openApi = (await (await fetch(`${app.url}/api/v1/openapi.json`)).json()) as { openapi: string };
  expect(openApi.openapi).toBe('3.1.0');
  for (const path of ['', '/assets/start.js', '/assets/swagger-ui.css', '/assets/swagger-ui-bundle.js'])
    expect((await fetch(`${app.url}/api/docs${path}`)).status).toBe(200);
  expect((await fetch(`${app.url}/api/docs/assets/..%2fpackage.json`)).status).toBe(404);
});
