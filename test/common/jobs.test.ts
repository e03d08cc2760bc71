import { createLogger } from '../../src/common/logging/logger.js';
import { DatabaseListener } from '../../src/common/database/listener.js';
import { cancelJob, enqueueJob, findJob, leaseJob } from '../../src/common/jobs/job-store.js';
import { JobRunner } from '../../src/common/jobs/job-runner.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { until } from '../support/until.js';

const logger = createLogger({ level: 'silent' });
let database: TestDatabase;
let listener: DatabaseListener;
const manager = () => database.dataSource.manager;
const newRunner = () => new JobRunner(manager, listener, logger);

beforeAll(async () => {
  database = await createTestDatabase();
  listener = new DatabaseListener(database.connection, logger);
  await listener.start();
});
afterAll(async () => {
  await listener.stop();
  await database.stop();
});
beforeEach(async () => {
  await manager().query('delete from jobs');
});

const stateOf = async (id: string) => (await findJob(manager(), id))?.state;

test('a job runs once, with its result kept', async () => {
  const runners = [newRunner(), newRunner()];
  const runs: string[] = [];
  for (const runner of runners)
    runner.handle('count', async ({ job, progress }) => {
      progress(0.5, 'half');
      runs.push(job.id);
      return { answer: 42 };
    });
  await Promise.all(runners.map((r) => r.start()));
  const ids = await Promise.all(Array.from({ length: 20 }, () => enqueueJob(manager(), { kind: 'count' })));
  await until(async () => (await Promise.all(ids.map(stateOf))).every((s) => s === 'done'));
  await Promise.all(runners.map((r) => r.stop()));
  expect(runs.sort()).toEqual(ids.sort());
  expect((await findJob(manager(), ids[0]!))?.result).toEqual({ answer: 42 });
});

test('a key admits one waiting job only', async () => {
  const first = await enqueueJob(manager(), { kind: 'k', dedupeKey: 'a' });
  expect(await enqueueJob(manager(), { kind: 'k', dedupeKey: 'a' })).toBe(first);
  expect(await enqueueJob(manager(), { kind: 'k', dedupeKey: 'b' })).not.toBe(first);
});

test('a dead worker is taken over when its lease ends, and cannot write the outcome any more', async () => {
  const id = await enqueueJob(manager(), { kind: 'orphan' });
  const lost = await leaseJob(manager(), ['orphan'], '11111111-1111-4111-8111-111111111111', 600);
  expect(lost?.id).toBe(id);
  expect(await leaseJob(manager(), ['orphan'], '22222222-2222-4222-8222-222222222222', 600)).toBeUndefined();
  await manager().query(`update jobs set locked_until = now() - interval '1 second'`);
  const runner = newRunner();
  runner.handle('orphan', async () => 'saved');
  await runner.start();
  await until(async () => (await stateOf(id)) === 'done');
  await runner.stop();
  expect((await findJob(manager(), id))?.attempts).toBe(2);
});

test('a failing job is tried again, then says why it failed', async () => {
  const runner = newRunner();
  runner.handle('broken', async () => {
    throw new Error('no such luck');
  });
  await runner.start();
  const id = await enqueueJob(manager(), { kind: 'broken', maxAttempts: 2 });
  await until(async () => (await findJob(manager(), id))?.attempts === 1 && (await stateOf(id)) === 'queued');
  await manager().query(`update jobs set run_at = now() where id = $1`, [id]);
  await until(async () => (await stateOf(id)) === 'failed');
  await runner.stop();
  expect((await findJob(manager(), id))?.error).toBe('no such luck');
});

test('a running job is cancelled on request; a waiting one at once', async () => {
  const runner = newRunner();
  let started = false;
  runner.handle('long', async ({ signal }) => {
    started = true;
    await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
  });
  const waiting = await enqueueJob(manager(), { kind: 'nobody-does-this' });
  expect(await cancelJob(manager(), waiting)).toBe(true);
  expect(await stateOf(waiting)).toBe('cancelled');
  await runner.start();
  const id = await enqueueJob(manager(), { kind: 'long' });
  await until(() => started);
  expect(await cancelJob(manager(), id)).toBe(true);
  await until(async () => (await stateOf(id)) === 'cancelled');
  await runner.stop();
  expect(await cancelJob(manager(), id)).toBe(false);
});

test('work that repeats comes back, and is done by one runner at a time', async () => {
  const runner = newRunner();
  let runs = 0;
  runner.repeat('tick', 0, async () => {
    runs += 1;
  });
  await runner.start();
  await until(() => runs >= 3);
  await runner.stop();
  const [{ n }] = (await manager().query<{ n: number }[]>(
    `select count(*)::int as n from jobs where kind = 'tick'`,
  )) as [{ n: number }];
  expect(n).toBe(1);
});
