import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import { cancelJob } from '../../common/jobs/job-store.js';
import { AreasService } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import type { CoverageFigure, CoverageRun, DistrictFigures, RunRequest, Scenario } from './coverage.types.js';
import { FiguresReader, type FigureFilter } from './figures.reader.js';
import { askedParameters, checkDay } from './run-request.js';
import { RunStore } from './run-store.js';
import { scenarioOf } from './run-view.js';
import { RunBasis } from './sources/run-basis.js';
import { RunsReader } from './runs.reader.js';

const LOOK_EVERY_MS = 100;

/** Starts coverage runs, stops them, and answers with their figures. */
@Injectable()
export class CoverageService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly store: RunStore,
    private readonly runs: RunsReader,
    private readonly figuresReader: FiguresReader,
    private readonly basis: RunBasis,
  ) {}

  /** Writes the run and its job down; a worker takes it up. Throws 400 for what no run can be reckoned from. */
  async start(by: Actor | 'system', request: RunRequest = {}): Promise<CoverageRun> {
    const { defaults, sources } = await this.basis.of(request);
    const asked = askedParameters(request, this.areas.today(), defaults, sources);
    const title = request.title?.trim() || `Vùng phủ sóng ${asked.boundaryDate} (H3 ${asked.resolution})`;
    return this.runs.get(await this.store.create(title, asked, by === 'system' ? 'system' : by.name));
  }

  /**
   * A run of the same question under the units of another day: all that was asked for stays, so that both runs can be laid
   * side by side. Throws 404, 400 for what is no day.
   */
  async startAgain(by: Actor, runId: string, boundaryDate: string, title?: string): Promise<CoverageRun> {
    const earlier = await this.runs.get(runId);
    checkDay('boundaryDate', boundaryDate);
    const asked = { ...earlier.parameters, boundaryDate };
    const named = title?.trim() || `Vùng phủ sóng ${boundaryDate} (H3 ${asked.resolution})`;
    return this.runs.get(await this.store.create(named, asked, by.name));
  }

  /** Throws 404. */
  async get(runId: string): Promise<CoverageRun> {
    return this.runs.get(runId);
  }

  /** The newest run that is done. */
  async latestDone(): Promise<CoverageRun | undefined> {
    const [newest] = (await this.runs.list({ state: 'done' }, { limit: 1 })).items;
    return newest && this.runs.get(newest.id);
  }

  /** The run is cancelled at once; a worker that is at it stops within a second or two. Throws 404, 409 when it has ended. */
  async cancel(runId: string): Promise<CoverageRun> {
    const { id } = await this.runs.get(runId);
    const cancelled = await this.uow.run(async (tx) => {
      const run = await this.store.cancel(tx, id);
      if (run) await cancelJob(tx.manager, run.jobId);
      return run !== undefined;
    });
    if (!cancelled)
      throw Problem.conflict('RUN_ENDED', {
        en: 'The run has ended already.',
        vi: 'Lần tính đã kết thúc.',
      });
    return this.runs.get(id);
  }

  /**
   * The run when it has ended, however that may be: look at its state. `onProgress` is called when something has changed.
   * Rejects when the signal aborts.
   */
  async waitFor(
    runId: string,
    onProgress: (fraction: number, note: string) => void = () => undefined,
    signal?: AbortSignal,
  ): Promise<CoverageRun> {
    let last = '';
    for (;;) {
      const run = await this.runs.get(runId);
      const note = run.progressNote ?? '';
      if (`${run.progress}|${note}` !== last) onProgress(run.progress, note);
      last = `${run.progress}|${note}`;
      if (run.finishedAt !== null) return run;
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  }

  /** Figures of a finished run. Throws 404, 409 when it is not done. */
  async figures(runId: string, filter: FigureFilter = {}): Promise<CoverageFigure[]> {
    const run = await this.runs.getDone(runId);
    return this.figuresReader.all(run.id, filter);
  }

  /** The table by district, then the province, in one view (default: the run's first), all operators together. */
  async figuresByDistrict(runId: string, view: Partial<Scenario> = {}): Promise<DistrictFigures[]> {
    const run = await this.runs.getDone(runId);
    return this.figuresReader.byDistrict(run.id, scenarioOf(run, view));
  }
}
