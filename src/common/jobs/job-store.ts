import type { EntityManager } from 'typeorm';
import { currentCorrelationId } from '../context/request-context.js';

export const JOBS_CHANNEL = 'jobs';

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

export interface JobRow {
  id: string;
  kind: string;
  payload: Record<string, unknown>;
  state: JobState;
  attempts: number;
  maxAttempts: number;
  /** 0–1. */
  progress: number;
  progressNote: string | null;
  cancelRequested: boolean;
  result: unknown;
  error: string | null;
  correlationId: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

export interface NewJob {
  kind: string;
  payload?: object;
  runAt?: Date;
  maxAttempts?: number;
  /** At most one waiting or running job of a kind has a given key. */
  dedupeKey?: string;
}

const COLUMNS = `id, kind, payload, state, attempts, max_attempts as "maxAttempts", progress,
  progress_note as "progressNote", cancel_requested as "cancelRequested", result, error,
  correlation_id as "correlationId", created_at as "createdAt", started_at as "startedAt", finished_at as "finishedAt"`;

/** Writes a job in the caller's transaction. Returns its id, or that of the one already waiting under the key. */
export async function enqueueJob(manager: EntityManager, job: NewJob): Promise<string> {
  const rows = await manager.query<{ id: string }[]>(
    `insert into jobs (kind, payload, run_at, max_attempts, dedupe_key, correlation_id)
     values ($1, $2::jsonb, coalesce($3, now()), $4, $5, $6)
     on conflict (kind, dedupe_key) where state in ('queued', 'running') do nothing returning id`,
    [
      job.kind,
      JSON.stringify(job.payload ?? {}),
      job.runAt ?? null,
      job.maxAttempts ?? 3,
      job.dedupeKey ?? null,
      currentCorrelationId() ?? null,
    ],
  );
  await manager.query(`select pg_notify($1, '')`, [JOBS_CHANNEL]);
  if (rows[0]) return rows[0].id;
  const existing = await manager.query<{ id: string }[]>(
    `select id from jobs where kind = $1 and dedupe_key = $2 and state in ('queued', 'running')`,
    [job.kind, job.dedupeKey],
  );
  // The one in the way finished between the two statements: there is room now.
  return existing[0]?.id ?? enqueueJob(manager, job);
}

export async function findJob(manager: EntityManager, id: string): Promise<JobRow | undefined> {
  return (await manager.query<JobRow[]>(`select ${COLUMNS} from jobs where id = $1`, [id]))[0];
}

/** A waiting job is cancelled at once; a running one is asked to stop. False when it had ended already. */
export async function cancelJob(manager: EntityManager, id: string): Promise<boolean> {
  const [rows] = await manager.query<[{ id: string }[], number]>(
    `update jobs set cancel_requested = true,
            state = case when state = 'queued' then 'cancelled' else state end,
            finished_at = case when state = 'queued' then now() else finished_at end
      where id = $1 and state in ('queued', 'running') returning id`,
    [id],
  );
  await manager.query(`select pg_notify($1, '')`, [JOBS_CHANNEL]);
  return rows.length > 0;
}

/** Leases the job that is due first, also one whose worker has died with it. */
export async function leaseJob(
  manager: EntityManager,
  kinds: string[],
  token: string,
  leaseS: number,
): Promise<JobRow | undefined> {
  const [rows] = await manager.query<[JobRow[], number]>(
    `update jobs set state = 'running', lock_token = $2, locked_until = now() + make_interval(secs => $3),
            attempts = attempts + 1, started_at = coalesce(started_at, now())
      where id = (select id from jobs
                   where kind = any($1)
                     and ((state = 'queued' and run_at <= now()) or (state = 'running' and locked_until < now()))
                   order by run_at limit 1 for update skip locked)
      returning ${COLUMNS}`,
    [kinds, token, leaseS],
  );
  return rows[0];
}

/** Extends a lease and notes progress. `lost` when another worker has it by now, `cancel` when it was asked to stop. */
export async function extendLease(
  manager: EntityManager,
  id: string,
  token: string,
  leaseS: number,
  progress: { fraction: number; note: string },
): Promise<'held' | 'lost' | 'cancel'> {
  const [rows] = await manager.query<[{ cancel: boolean }[], number]>(
    `update jobs set locked_until = now() + make_interval(secs => $3), progress = $4, progress_note = $5
      where id = $1 and lock_token = $2 and state = 'running' returning cancel_requested as cancel`,
    [id, token, leaseS, progress.fraction, progress.note],
  );
  if (!rows[0]) return 'lost';
  return rows[0].cancel ? 'cancel' : 'held';
}

export type JobEnd =
  | { state: 'done'; result: unknown }
  | { state: 'failed' | 'cancelled'; error: string }
  | { state: 'queued'; error: string; delayS: number }
  | { state: 'queued'; delayS: number; repeat: true };

/** Ends a job, or puts it back; only the holder of the lease can. */
export async function endJob(
  manager: EntityManager,
  id: string,
  token: string,
  end: JobEnd,
): Promise<boolean> {
  const again = end.state === 'queued';
  const [rows] = await manager.query<[{ id: string }[], number]>(
    `update jobs set state = $3, result = $4::jsonb, error = $5, lock_token = null, locked_until = null,
            run_at = now() + make_interval(secs => $6),
            attempts = case when $7 then 0 else attempts end,
            progress = case when $3 = 'done' then 1 else progress end,
            finished_at = case when $3 = 'queued' then null else now() end
      where id = $1 and lock_token = $2 returning id`,
    [
      id,
      token,
      end.state,
      end.state === 'done' ? JSON.stringify(end.result ?? null) : null,
      'error' in end ? end.error.slice(0, 2000) : null,
      again ? end.delayS : 0,
      'repeat' in end,
    ],
  );
  return rows.length > 0;
}

/** Ended jobs are kept for a look, then removed. */
export async function pruneJobs(manager: EntityManager, olderThanDays: number): Promise<void> {
  await manager.query(`delete from jobs where finished_at < now() - make_interval(days => $1)`, [
    olderThanDays,
  ]);
}
