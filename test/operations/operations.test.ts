import { appendToOutbox } from '../../src/common/database/outbox.js';
import { enqueueJob } from '../../src/common/jobs/job-store.js';
import { BadMessages } from '../../src/modules/speakers/index.js';
import { createTestApp, type TestApp } from '../support/app.js';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
});
afterAll(() => app.stop());

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(`${app.url}/api/v1/operations/${path}`, {
    headers: { authorization: `Bearer ${app.adminToken}` },
  });
  expect([path, answer.status]).toEqual([path, 200]);
  return (await answer.json()) as T;
}
interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

test('jobs are paged, the newest first, and found by kind and state', async () => {
  for (let i = 0; i < 5; i += 1)
    await enqueueJob(app.database.dataSource.manager, { kind: 'nobody.does', payload: { i } });
  const first = await get<Page<{ id: string; kind: string }>>('jobs?kind=nobody.does&state=queued&limit=3');
  const rest = await get<Page<{ id: string }>>(
    `jobs?kind=nobody.does&state=queued&limit=3&cursor=${first.nextCursor}`,
  );
  expect(first.items).toHaveLength(3);
  expect(rest.items).toHaveLength(2);
  expect(rest.nextCursor).toBeNull();
  expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(5);
  expect((await get<Page<unknown>>('jobs?kind=nobody.does&state=failed')).items).toEqual([]);
});

test('the outbox tells how many messages wait, and for how long', async () => {
  expect(await get('outbox')).toMatchObject({ waiting: 0, oldestS: null, failing: 0 });
  await appendToOutbox(app.database.dataSource.manager, [{ topic: 'phusong/v1/server/state', payload: {} }]);
  expect(await get('outbox')).toMatchObject({
    waiting: 1,
    oldestS: expect.any(Number) as number,
    lastError: null,
  });
});

test('messages that could not be read are there with their first bytes', async () => {
  const letter = {
    clusterId: null,
    topic: 'phusong/v1/c/x/ack',
    code: 'JSON',
    reason: 'not JSON',
    payload: Buffer.from('{'),
  };
  await app.app.get(BadMessages).record([letter, { ...letter, reason: 'again' }]);
  const page =
    await get<Page<{ reason: string; payload: string; payloadBytes: number }>>('dead-letters?limit=1');
  expect(page.items).toMatchObject([{ reason: 'again', payload: 'ew==', payloadBytes: 1 }]);
  const rest = await get<Page<{ reason: string }>>(`dead-letters?limit=1&cursor=${page.nextCursor}`);
  expect(rest.items).toMatchObject([{ reason: 'not JSON' }]);
});

test.each(['jobs?cursor=eA', 'dead-letters?cursor=eA', 'jobs?state=lost', 'dead-letters?clusterId=A'])(
  '%s is refused',
  async (path) => {
    const answer = await fetch(`${app.url}/api/v1/operations/${path}`, {
      headers: { authorization: `Bearer ${app.adminToken}` },
    });
    expect(answer.status).toBe(400);
  },
);
