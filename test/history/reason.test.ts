import http from 'node:http';
import { createTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app?.stop());

const call = async (method: string, path: string, headers: Record<string, string> = {}, body?: object) => {
  const answer = await fetch(`${app.url}/api/v1/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${app.adminToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: JSON.parse(text) as Record<string, unknown> };
};
const province = (code: string) => ({
  code,
  kind: 'province',
  type: 'Tỉnh',
  name: 'Thử',
  parentCode: null,
  validFrom: '2020-01-01',
  validTo: null,
});

test('what X-Reason says is kept with the changes of its request, percent-encoded or not', async () => {
  const reason = 'Nghị quyết 202/2025/QH15';
  const made = await call(
    'POST',
    'areas',
    { 'x-reason': `UTF-8''${encodeURIComponent(reason)}` },
    province('91'),
  );
  expect(made.status).toBe(201);
  const history = await call('GET', `history/area/${made.body.id as string}`);
  expect(history.body.items).toMatchObject([{ reason, action: 'create' }]);

  const body = JSON.stringify({ population: 7 });
  const raw = await new Promise<number | undefined>((resolve, reject) => {
    const request = http.request(`${app.url}/api/v1/areas/${made.body.id as string}`, {
      method: 'PATCH',
      headers: {
        authorization: `Bearer ${app.adminToken}`,
        'content-type': 'application/json',
        'content-length': body.length,
        'x-reason': Buffer.from('Đếm lại', 'utf8').toString('latin1'),
      },
    });
    request.on('response', (answer) => resolve(answer.resume().statusCode)).on('error', reject);
    // A string would be sent together with the headers, as UTF-8: those would be encoded twice.
    request.end(Buffer.from(body));
  });
  expect(raw).toBe(200);
  const { items } = (await call('GET', `history/area/${made.body.id as string}`)).body;
  expect((items as object[])[0]).toMatchObject({ reason: 'Đếm lại', action: 'update' });

  const silent = await call('POST', 'areas', {}, province('92'));
  const other = await call('GET', `history/area/${silent.body.id as string}`);
  expect(other.body.items).toMatchObject([{ reason: null }]);
});

test('a reason that cannot be kept is refused before anything is done', async () => {
  const answer = await call('POST', 'areas', { 'x-reason': 'x'.repeat(501) }, province('94'));
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({
    code: 'INVALID',
    correlationId: expect.any(String) as string,
    errors: [{ field: 'X-Reason', code: 'maxLength' }],
  });
  const { items } = (await call('GET', 'areas?kind=province')).body;
  expect((items as { code: string }[]).map(({ code }) => code)).not.toContain('94');
});

test('every route that changes something says that it takes a reason', async () => {
  const { paths } = (await call('GET', 'openapi.json')).body as {
    paths: Record<string, Record<string, { parameters?: { name: string }[] }>>;
  };
  const takes = (path: string, method: string) =>
    paths[path]?.[method]?.parameters?.some(({ name }) => name === 'X-Reason') ?? false;
  expect(takes('/api/v1/sites/{site}', 'patch')).toBe(true);
  expect(takes('/api/v1/sites', 'post')).toBe(true);
  expect(takes('/api/v1/sites', 'get')).toBe(false);
});
