import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { enqueueJob } from '../../common/jobs/job-store.js';
import type { AskedParameters, RunError, RunState } from './coverage.types.js';
import { insertHistograms } from './answers/histogram-rows.js';
import type { ReckonedRun } from './reckon-run.js';

export const RUN_JOB = 'coverage.run';
/** A stop of the program counts as an attempt too. */
const MAX_ATTEMPTS = 5;
/** Each figure is a line of JSON; a statement of some hundred kilobytes is quick on both databases. */
const FIGURES_PER_STATEMENT = 2000;

/** The job that reckons a run, and which of its leases this is: each new one counts one attempt more. */
export interface Attempt {
  jobId: string;
  attempts: number;
}

/** The work was taken over, or is not wanted any more: nothing is to be written. */
export class RunTakenError extends Error {
  constructor(runId: string) {
    super(`the coverage run ${runId} has ended or is reckoned by another worker`);
  }
}

interface RunRow {
  id: string;
  title: string;
  state: RunState;
  jobId: string;
  parameters: AskedParameters;
  boundaryDate: string;
  resolution: number;
}
const ROW = `id, title, state, job_id as "jobId", parameters, boundary_date::text as "boundaryDate", resolution`;

/** Writes runs. Every change of state is one transaction, holds the run's row and is told. */
@Injectable()
export class RunStore {
  constructor(private readonly uow: UnitOfWork) {}

  /** Writes down what is asked and the job that will do it. Returns the run's id. */
  async create(title: string, asked: AskedParameters, createdBy: string): Promise<string> {
    return this.uow.run(async (tx) => {
      const [row] = await tx.manager.query<[{ id: string }]>(
        `insert into coverage_runs (title, parameters, boundary_date, resolution, created_by)
         values ($1, $2::jsonb, $3, $4, $5) returning id`,
        [title, JSON.stringify(asked), asked.boundaryDate, asked.resolution, createdBy],
      );
      const { id } = row;
      const payload = { runId: id };
      const jobId = await enqueueJob(tx.manager, {
        kind: RUN_JOB,
        payload,
        dedupeKey: id,
        maxAttempts: MAX_ATTEMPTS,
      });
      await tx.manager.query(`update coverage_runs set job_id = $2 where id = $1`, [id, jobId]);
      const after = {
        title,
        state: 'queued',
        boundaryDate: asked.boundaryDate,
        resolution: asked.resolution,
      };
      tx.emit(RESOURCE_CHANGED, { resource: 'coverage-run', id, action: 'create', before: null, after });
      return id;
    });
  }

  /** Says that the reckoning begins, and what is asked for. Throws `RunTakenError` when it is not to be done. */
  async begin(runId: string, attempt: Attempt): Promise<AskedParameters> {
    return this.uow.run(async ({ manager }) => {
      const run = await this.held(manager, runId, attempt);
      await manager.query(`update coverage_runs set state = 'running' where id = $1`, [runId]);
      return run.parameters;
    });
  }

  /** Stores a grid for this and later runs, and lets go of those that no run uses and nobody made today. */
  async saveGrid(key: string, resolution: number, cells: number, data: Buffer): Promise<void> {
    await this.uow.run(async ({ manager }) => {
      await manager.query(
        `delete from coverage_grids g where g.created_at < now() - interval '1 day'
            and not exists (select 1 from coverage_runs r where r.grid_key = g.key)`,
      );
      await manager.query(
        `insert into coverage_grids (key, resolution, cells, data) values ($1, $2, $3, $4)
         on conflict (key) do nothing`,
        [key, resolution, cells, data],
      );
    });
  }

  /**
   * Stores all that came out and ends the run, in one transaction: a run has all of its figures or none. Throws
   * `RunTakenError` when another worker has it by now or it was cancelled.
   */
  async finish(runId: string, attempt: Attempt, result: ReckonedRun): Promise<void> {
    await this.uow.run(async (tx) => {
      const { manager } = tx;
      const run = await this.held(manager, runId, attempt);
      for (const { environment, probability, technology, operator, data } of result.layers)
        await manager.query(
          `insert into coverage_layers (run_id, environment, probability, technology, operator, data)
           values ($1, $2, $3, $4, $5, $6)`,
          [runId, environment, probability, technology, operator, data],
        );
      await manager.query(
        `insert into coverage_transmitters (run_id, transmitters, data) values ($1, $2, $3)`,
        [runId, result.transmitters.count, result.transmitters.data],
      );
      for (let from = 0; from < result.figures.length; from += FIGURES_PER_STATEMENT)
        await insertFigures(manager, runId, result.figures.slice(from, from + FIGURES_PER_STATEMENT));
      await insertHistograms(manager, runId, result.histograms);
      const { manifest, warnings } = result;
      await manager.query(
        `update coverage_runs set state = 'done', manifest = $2::jsonb, warnings = $3::jsonb, data_version = $4,
                grid_key = $5, finished_at = now() where id = $1`,
        [runId, JSON.stringify(manifest), JSON.stringify(warnings), manifest.dataVersion, manifest.grid.key],
      );
      told(tx, run, 'done', { dataVersion: manifest.dataVersion });
    });
  }

  /** Ends a run that came to nothing; one that has ended, or that another worker has, is left alone. */
  async fail(runId: string, attempt: Attempt, error: RunError): Promise<void> {
    await this.uow.run(async (tx) => {
      const run = await this.held(tx.manager, runId, attempt);
      await end(tx, run, 'failed', error);
    });
  }

  /** Ends a run that has not ended yet. False when it has. The worker's job is the caller's to stop. */
  async cancel(tx: Tx, runId: string): Promise<{ jobId: string } | undefined> {
    const run = await locked(tx.manager, runId);
    if (!run || !isOpen(run.state)) return undefined;
    await end(tx, run, 'cancelled', null);
    return { jobId: run.jobId };
  }

  /**
   * Writes down the end of runs whose job has ended without them: given up after its worker died again and again, or
   * cancelled as a job.
   */
  async settleOrphans(): Promise<void> {
    await this.uow.run(async (tx) => {
      const orphans = await tx.manager.query<{ id: string; state: string | null; error: string | null }[]>(
        `select r.id, j.state, j.error from coverage_runs r left join jobs j on j.id = r.job_id
          where r.state in ('queued', 'running') and (j.id is null or j.state in ('done', 'failed', 'cancelled'))
          order by r.id for update of r skip locked`,
      );
      for (const { id, state, error } of orphans) {
        const run = await locked(tx.manager, id);
        if (!run) continue;
        if (state === 'cancelled') await end(tx, run, 'cancelled', null);
        else
          await end(tx, run, 'failed', {
            code: 'JOB',
            messageEn: error ?? 'The job of this run is gone.',
            messageVi: error === null ? 'Tác vụ của lần tính này không còn nữa.' : `Tác vụ bị lỗi: ${error}`,
          });
      }
    });
  }

  /** The run, locked, when it is open and this attempt is the job's latest. */
  private async held(manager: EntityManager, runId: string, attempt: Attempt): Promise<RunRow> {
    const run = await locked(manager, runId);
    if (!run || !isOpen(run.state)) throw new RunTakenError(runId);
    const [job] = await manager.query<{ attempts: number }[]>(
      `select attempts from jobs where id = $1 and state = 'running' and not cancel_requested`,
      [attempt.jobId],
    );
    if (run.jobId !== attempt.jobId || job?.attempts !== attempt.attempts) throw new RunTakenError(runId);
    return run;
  }
}

function isOpen(state: RunState): boolean {
  return state === 'queued' || state === 'running';
}

async function locked(manager: EntityManager, runId: string): Promise<RunRow | undefined> {
  const rows = await manager.query<RunRow[]>(`select ${ROW} from coverage_runs where id = $1 for update`, [
    runId,
  ]);
  return rows[0];
}

async function end(
  tx: Tx,
  run: RunRow,
  state: 'failed' | 'cancelled',
  error: RunError | null,
): Promise<void> {
  await tx.manager.query(
    `update coverage_runs set state = $2, error = $3::jsonb, finished_at = now() where id = $1`,
    [run.id, state, error && JSON.stringify(error)],
  );
  told(tx, run, state, error ? { error } : {});
}

function told(tx: Tx, run: RunRow, state: RunState, more: object): void {
  const { title, boundaryDate, resolution } = run;
  const what = { title, boundaryDate, resolution };
  tx.emit(RESOURCE_CHANGED, {
    resource: 'coverage-run',
    id: run.id,
    action: 'update',
    before: { ...what, state: run.state },
    after: { ...what, state, ...more },
  });
}

async function insertFigures(
  manager: EntityManager,
  runId: string,
  figures: ReckonedRun['figures'],
): Promise<void> {
  await manager.query(
    `insert into coverage_figures (run_id, area_id, area_code, area_kind, technology, operator, environment, probability,
            area_km2, area_covered_km2, population, population_covered, households, households_covered,
            communes, communes_without_population, communes_without_households)
     select $1, "areaId", "areaCode", "areaKind", technology, operator, environment, probability,
            "areaKm2", "areaCoveredKm2", population, "populationCovered", households, "householdsCovered",
            communes, "communesWithoutPopulation", "communesWithoutHouseholds"
       from jsonb_to_recordset($2::jsonb) as r(
              nr int, "areaId" uuid, "areaCode" text, "areaKind" text, technology text, operator text, environment text,
              probability float8, "areaKm2" float8, "areaCoveredKm2" float8, population float8,
              "populationCovered" float8, households float8, "householdsCovered" float8, communes int,
              "communesWithoutPopulation" int, "communesWithoutHouseholds" int)
      order by nr`,
    [runId, JSON.stringify(figures.map((figure, nr) => ({ nr, ...figure })))],
  );
}
