import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { cancelJob, enqueueJob } from '../../common/jobs/job-store.js';
import type { ReachWarning } from './domain/index.js';
import type {
  AskedReach,
  ReachError,
  ReachManifest,
  ReachRunState,
  StoredFigure,
  StoredSpot,
} from './reach.types.js';

export const REACH_JOB = 'reach.run';
/** A stop of the program counts as an attempt too. */
const MAX_ATTEMPTS = 5;

/** The job that reckons a run, and which of its leases this is: each new one counts one attempt more. */
export interface Attempt {
  jobId: string;
  attempts: number;
}

/** The work was taken over, or is not wanted any more: nothing is to be written. */
export class ReachRunTakenError extends Error {
  constructor(runId: string) {
    super(`the reach run ${runId} has ended or is reckoned by another worker`);
  }
}

/** All that came out of a run, ready to be stored. */
export interface ReckonedReach {
  manifest: ReachManifest;
  warnings: ReachWarning[];
  figures: StoredFigure[];
  spots: StoredSpot[];
  cells: Buffer;
}

interface RunRow {
  id: string;
  title: string;
  state: ReachRunState;
  jobId: string;
  parameters: AskedReach;
}

/** Writes runs. Every change of state is one transaction, holds the run's row and is told. */
@Injectable()
export class ReachRunStore {
  constructor(private readonly uow: UnitOfWork) {}

  /** Writes down what is asked and the job that will do it. Returns the run's id. */
  async create(title: string, asked: AskedReach, createdBy: string): Promise<string> {
    return this.uow.run(async (tx) => {
      const { boundaryDate, resolution } = asked;
      const [{ id }] = await tx.manager.query<[{ id: string }]>(
        `insert into reach_runs (title, parameters, boundary_date, resolution, created_by)
         values ($1, $2::jsonb, $3, $4, $5) returning id`,
        [title, JSON.stringify(asked), boundaryDate, resolution, createdBy],
      );
      const jobId = await enqueueJob(tx.manager, {
        kind: REACH_JOB,
        payload: { runId: id },
        dedupeKey: id,
        maxAttempts: MAX_ATTEMPTS,
      });
      await tx.manager.query(`update reach_runs set job_id = $2 where id = $1`, [id, jobId]);
      const after = { title, state: 'queued', boundaryDate, resolution };
      tx.emit(RESOURCE_CHANGED, { resource: 'reach-run', id, action: 'create', before: null, after });
      return id;
    });
  }

  /** Says that the reckoning begins, and what is asked for. Throws `ReachRunTakenError` when it is not to be done. */
  async begin(runId: string, attempt: Attempt): Promise<AskedReach> {
    return this.uow.run(async ({ manager }) => {
      const run = await held(manager, runId, attempt);
      await manager.query(`update reach_runs set state = 'running' where id = $1`, [runId]);
      return run.parameters;
    });
  }

  /** Stores all that came out and ends the run. Throws `ReachRunTakenError` when another worker has it or it was cancelled. */
  async finish(runId: string, attempt: Attempt, result: ReckonedReach): Promise<void> {
    await this.uow.run(async (tx) => {
      const run = await held(tx.manager, runId, attempt);
      const { manifest, warnings, figures, spots, cells } = result;
      await tx.manager.query(
        `update reach_runs set state = 'done', manifest = $2::jsonb, warnings = $3::jsonb, figures = $4::jsonb,
                silent_spots = $5::jsonb, cells = $6, finished_at = now() where id = $1`,
        [runId, ...[manifest, warnings, figures, spots].map((part) => JSON.stringify(part)), cells],
      );
      told(tx, run, 'done', { dataVersion: manifest.dataVersion });
    });
  }

  /** Ends a run that came to nothing; throws `ReachRunTakenError` when it has ended, or another worker has it. */
  async fail(runId: string, attempt: Attempt, error: ReachError): Promise<void> {
    await this.uow.run(async (tx) => end(tx, await held(tx.manager, runId, attempt), 'failed', error));
  }

  /** Ends a run that has not ended yet, and its job. False when it has. */
  async cancel(runId: string): Promise<boolean> {
    return this.uow.run(async (tx) => {
      const run = await locked(tx.manager, runId);
      if (!run || !isOpen(run.state)) return false;
      await end(tx, run, 'cancelled', null);
      await cancelJob(tx.manager, run.jobId);
      return true;
    });
  }

  /** Writes down the end of runs whose job has ended without them. */
  async settleOrphans(): Promise<void> {
    await this.uow.run(async (tx) => {
      const orphans = await tx.manager.query<{ id: string; state: string | null; error: string | null }[]>(
        `select r.id, j.state, j.error from reach_runs r left join jobs j on j.id = r.job_id
          where r.state in ('queued', 'running') and (j.id is null or j.state in ('done', 'failed', 'cancelled'))
          order by r.id for update of r skip locked`,
      );
      for (const { id, state, error } of orphans) {
        const run = await locked(tx.manager, id);
        if (!run) continue;
        if (state === 'cancelled') await end(tx, run, 'cancelled', null);
        else await end(tx, run, 'failed', jobError(error));
      }
    });
  }
}

function jobError(error: string | null): ReachError {
  return {
    code: 'JOB',
    messageEn: error ?? 'The job of this run is gone.',
    messageVi: error === null ? 'Tác vụ của lần tính này không còn nữa.' : `Tác vụ bị lỗi: ${error}`,
  };
}

function isOpen(state: ReachRunState): boolean {
  return state === 'queued' || state === 'running';
}

async function locked(manager: EntityManager, runId: string): Promise<RunRow | undefined> {
  const rows = await manager.query<RunRow[]>(
    `select id, title, state, job_id as "jobId", parameters from reach_runs where id = $1 for update`,
    [runId],
  );
  return rows[0];
}

/** The run, locked, when it is open and this attempt is the job's latest. */
async function held(manager: EntityManager, runId: string, attempt: Attempt): Promise<RunRow> {
  const run = await locked(manager, runId);
  if (!run || !isOpen(run.state)) throw new ReachRunTakenError(runId);
  const [job] = await manager.query<{ attempts: number }[]>(
    `select attempts from jobs where id = $1 and state = 'running' and not cancel_requested`,
    [attempt.jobId],
  );
  if (run.jobId !== attempt.jobId || job?.attempts !== attempt.attempts) throw new ReachRunTakenError(runId);
  return run;
}

async function end(
  tx: Tx,
  run: RunRow,
  state: 'failed' | 'cancelled',
  error: ReachError | null,
): Promise<void> {
  await tx.manager.query(
    `update reach_runs set state = $2, error = $3::jsonb, finished_at = now() where id = $1`,
    [run.id, state, error && JSON.stringify(error)],
  );
  told(tx, run, state, error ? { error } : {});
}

function told(tx: Tx, { id, title, state: from }: RunRow, state: ReachRunState, more: object): void {
  tx.emit(RESOURCE_CHANGED, {
    resource: 'reach-run',
    id,
    action: 'update',
    before: { title, state: from },
    after: { title, state, ...more },
  });
}
