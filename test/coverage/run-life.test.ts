import { enqueueJob, findJob, leaseJob } from '../../src/common/jobs/job-store.js';
import type { CoverageRun, RunRequest } from '../../src/modules/coverage/index.js';
import { RunTakenError } from '../../src/modules/coverage/run-store.js';
import { until } from '../support/until.js';
import { DATE, fillRegister, openCoverage, type CoverageParts } from './fixtures.js';

/** What may happen to a run on its way: cancelled, failed, taken over, reckoned by two at once. */
let c: CoverageParts;
const sql = <T>(text: string, parameters: unknown[] = []) =>
  c.database.dataSource.query<T[]>(text, parameters);

beforeAll(async () => {
  c = await openCoverage();
  await fillRegister(c);
});
afterAll(async () => c?.stop());
beforeEach(async () => {
  await sql(`delete from jobs`);
  await c.store.settleOrphans();
  c.changes.length = 0;
});

const SMALL: RunRequest = {
  boundaryDate: DATE,
  networkDate: DATE,
  resolution: 7,
  environments: ['outdoor'],
  probabilities: [0.5],
};
const start = (request: RunRequest = {}) => c.coverage.start('system', { ...SMALL, ...request });
const job = async (run: CoverageRun) => findJob(c.database.dataSource.manager, run.jobId);
const storedOf = async (runId: string) =>
  (
    await sql<{ rows: number }>(
      `select ((select count(*) from coverage_figures where run_id = $1) +
               (select count(*) from coverage_layers where run_id = $1) +
               (select count(*) from coverage_transmitters where run_id = $1))::int as rows`,
      [runId],
    )
  )[0]?.rows;
const lastTold = () => c.changes.findLast(({ resource }) => resource === 'coverage-run')?.after;

describe('cancelling', () => {
  it('ends a waiting run and its job at once', async () => {
    const run = await start();
    expect(run.state).toBe('queued');
    expect(await c.coverage.cancel(run.id)).toMatchObject({ state: 'cancelled', error: null });
    expect((await job(run))?.state).toBe('cancelled');
    expect(lastTold()).toMatchObject({ state: 'cancelled' });
    await expect(c.coverage.cancel(run.id)).rejects.toMatchObject({ status: 409, code: 'RUN_ENDED' });
    await expect(c.coverage.figures(run.id)).rejects.toMatchObject({ status: 409, code: 'RUN_NOT_DONE' });
  });

  it('stops a running one, which leaves nothing', async () => {
    const worker = c.worker();
    await worker.start();
    const run = await start({
      resolution: 10,
      environments: ['outdoor', 'vehicle', 'indoor'],
      probabilities: [0.5, 0.6, 0.8, 0.9],
    });
    await until(async () => (await c.coverage.get(run.id)).progress > 0, { what: 'the run gets on' });
    const [row] = await sql<{ state: string }>(`select state from coverage_runs where id = $1`, [run.id]);
    expect(row?.state).toBe('running');
    expect(await c.coverage.cancel(run.id)).toMatchObject({ state: 'cancelled' });
    await until(async () => (await job(run))?.state !== 'running', { what: 'the worker stops' });
    await worker.stop();
    expect(await c.coverage.waitFor(run.id)).toMatchObject({ state: 'cancelled', manifest: null });
    expect(await storedOf(run.id)).toBe(0);
  });

  it('as a job cancels the run', async () => {
    const run = await start();
    await sql(`update jobs set state = 'cancelled', finished_at = now() where id = $1`, [run.jobId]);
    expect(await c.coverage.get(run.id)).toMatchObject({ state: 'cancelled', finishedAt: expect.any(Date) });
    await c.store.settleOrphans();
    expect(await sql(`select state from coverage_runs where id = $1`, [run.id])).toEqual([
      { state: 'cancelled' },
    ]);
    expect(lastTold()).toMatchObject({ state: 'cancelled' });
  });
});

describe('a run that cannot be reckoned', () => {
  it('fails at once, and says why in both languages', async () => {
    const worker = c.worker();
    await worker.start();
    const run = await start({ boundaryDate: '1950-01-01' });
    const ended = await c.coverage.waitFor(run.id);
    await until(async () => (await job(run))?.state === 'done');
    await worker.stop();
    expect(ended).toMatchObject({
      state: 'failed',
      error: { code: 'grid.empty', messageVi: expect.stringContaining('ranh giới') },
    });
    expect((await job(run))?.attempts).toBe(1);
    expect(lastTold()).toMatchObject({ state: 'failed', error: { code: 'grid.empty' } });
  });

  it('of networks that are not there is done, with nothing covered and a warning', async () => {
    const worker = c.worker();
    await worker.start();
    const run = await start({ operators: ['viettel', 'mobifone'], technologies: ['2G'] });
    const ended = await c.coverage.waitFor(run.id);
    await worker.stop();
    expect(ended.state).toBe('done');
    expect(ended.warnings).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ code: 'operator.no-cells', subjects: ['mobifone', 'viettel'] }),
        expect.objectContaining({ code: 'technology.no-cells', subjects: ['2G'] }),
      ]),
    );
    const figures = await c.coverage.figures(run.id, { by: 'province' });
    expect(figures).toMatchObject([{ technology: null, operator: null, areaCoveredKm2: 0, areaPercent: 0 }]);
    await expect(c.maps.svg(run.id, {})).rejects.toMatchObject({ status: 400 });
  });
});

describe('several workers', () => {
  it('reckon each run once', async () => {
    const workers = [c.worker(), c.worker()];
    const runs = await Promise.all([start(), start({ title: 'zwei' }), start({ probabilities: [0.9] })]);
    await Promise.all(workers.map((worker) => worker.start()));
    for (const run of runs)
      expect(await c.coverage.waitFor(run.id)).toMatchObject({ state: 'done', progress: 1 });
    await until(async () => (await Promise.all(runs.map(job))).every((j) => j?.state === 'done'));
    await Promise.all(workers.map((worker) => worker.stop()));
    for (const run of runs) {
      expect((await job(run))?.attempts).toBe(1);
      const ends = c.changes.filter(({ id, action }) => id === run.id && action === 'update');
      expect(ends).toHaveLength(1);
    }
  });

  it('of which one was taken for dead: the other does it, and the first can write nothing', async () => {
    const run = await start();
    const token = '11111111-1111-4111-8111-111111111111';
    const lost = await leaseJob(c.database.dataSource.manager, ['coverage.run'], token, 600);
    const first = { jobId: run.jobId, attempts: lost?.attempts ?? 0 };
    expect(await c.store.begin(run.id, first)).toMatchObject({ boundaryDate: DATE });
    await sql(`update jobs set locked_until = now() - interval '1 second' where id = $1`, [run.jobId]);
    // Before anybody has finished it ...
    await sql(`update jobs set attempts = attempts + 1 where id = $1`, [run.jobId]);
    const error = { code: 'x', messageEn: 'x', messageVi: 'x' };
    await expect(c.store.fail(run.id, first, error)).rejects.toBeInstanceOf(RunTakenError);
    const worker = c.worker();
    await worker.start();
    expect(await c.coverage.waitFor(run.id)).toMatchObject({ state: 'done' });
    await worker.stop();
    // ... and after.
    await expect(c.store.begin(run.id, first)).rejects.toBeInstanceOf(RunTakenError);
    await expect(c.store.fail(run.id, first, error)).rejects.toBeInstanceOf(RunTakenError);
    expect((await job(run))?.attempts).toBe(3);
    expect(await c.coverage.get(run.id)).toMatchObject({ state: 'done' });
  });

  it('which all died with it: the run has failed', async () => {
    const run = await start();
    await sql(
      `update jobs set state = 'running', attempts = max_attempts, locked_until = now() - interval '1 s' where id = $1`,
      [run.jobId],
    );
    await sql(`update coverage_runs set state = 'running' where id = $1`, [run.id]);
    const worker = c.worker();
    await worker.start();
    const ended = await c.coverage.waitFor(run.id);
    await worker.stop();
    expect(ended).toMatchObject({
      state: 'failed',
      error: { messageEn: expect.stringContaining('given up') },
    });
    await c.store.settleOrphans();
    expect(await sql(`select state from coverage_runs where id = $1`, [run.id])).toEqual([
      { state: 'failed' },
    ]);
  });

  it('find nothing to do for a run that is not there', async () => {
    const worker = c.worker();
    const payload = { runId: '22222222-2222-4222-8222-222222222222' };
    const id = await enqueueJob(c.database.dataSource.manager, { kind: 'coverage.run', payload });
    await worker.start();
    await until(async () => (await findJob(c.database.dataSource.manager, id))?.state === 'done');
    await worker.stop();
  });
});

describe('a box', () => {
  it('with too many cells is refused, with their number', async () => {
    const worker = c.worker();
    await worker.start();
    const run = await start({ resolution: 10, technologies: ['5G'] });
    const ended = await c.coverage.waitFor(run.id);
    await worker.stop();
    expect(ended.manifest?.grid.cells).toBeGreaterThan(25_000);
    const all = { west: 105, south: 9, east: 106, north: 11 };
    await expect(c.cells.cells(run.id, all, {}, { limit: 10 })).rejects.toMatchObject({
      status: 400,
      errors: [{ field: 'bbox', code: 'BBOX_TOO_LARGE', message: expect.stringContaining('25000') }],
    });
    const corner = { west: 105.4, south: 9.7, east: 105.42, north: 9.72 };
    const page = await c.cells.cells(run.id, corner, {}, { limit: 10 });
    expect(page).toMatchObject({ technology: '5G', numberReturned: 10 });
    expect(page.numberMatched).toBeLessThan(1000);
  });
});
