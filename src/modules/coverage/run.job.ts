import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { JobRunner, type JobContext } from '../../common/jobs/job-runner.js';
import type { Logger } from '../../common/logging/logger.js';
import { LOGGER } from '../../common/tokens.js';
import { CoverageInputError, gridKey, gridOptionsOf, usableAreas } from './domain/index.js';
import { chooseEngine } from './engine/index.js';
import { reckonRun } from './reckon-run.js';
import { RunDataReader } from './run-data.reader.js';
import { parametersOf, scenariosOf } from './run-request.js';
import { RegisterSnapshots, type RegisterSnapshot } from './run-snapshot.js';
import { RUN_JOB, RunStore, RunTakenError, type Attempt } from './run-store.js';
import type { AskedParameters } from './coverage.types.js';
import { packArrays } from './typed-arrays.js';
import { runInWorker } from './worker/index.js';

const SETTLE_EVERY_S = 30;

/** Reckons runs in the background: by lease, in a thread of their own, stored at once or not at all. */
@Injectable()
export class RunJob implements OnModuleInit {
  private engineNamed = false;

  constructor(
    private readonly jobs: JobRunner,
    private readonly store: RunStore,
    private readonly snapshots: RegisterSnapshots,
    private readonly data: RunDataReader,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(RUN_JOB, (context) => this.run(context));
    this.jobs.repeat('coverage.settle', SETTLE_EVERY_S, () => this.store.settleOrphans());
  }

  private async run(context: JobContext): Promise<{ runId: string; outcome: string }> {
    const { job, signal } = context;
    const { runId } = job.payload as { runId: string };
    const attempt: Attempt = { jobId: job.id, attempts: job.attempts };
    try {
      const asked = await this.store.begin(runId, attempt);
      const register = await this.snapshots.take(asked);
      const result = await this.reckon(asked, register, context);
      // Storing takes a moment; whoever was asked to stop meanwhile leaves it to the next.
      signal.throwIfAborted();
      await this.store.finish(runId, attempt, result);
      return { runId, outcome: 'done' };
    } catch (error) {
      if (error instanceof RunTakenError) {
        this.logger.info({ run: runId }, error.message);
        return { runId, outcome: 'not wanted' };
      }
      if (error instanceof CoverageInputError) {
        const { code, messageEn, messageVi } = error;
        await this.store.fail(runId, attempt, { code, messageEn, messageVi });
        return { runId, outcome: code };
      }
      if (!signal.aborted && job.attempts >= job.maxAttempts)
        await this.store.fail(runId, attempt, {
          code: 'INTERNAL',
          messageEn: 'The reckoning broke down each time. The log has it under the job.',
          messageVi: 'Việc tính toán bị lỗi ở mọi lần thử. Chi tiết có trong nhật ký của tác vụ.',
        });
      throw error;
    }
  }

  /** Once, when the first run is reckoned: nothing is wrong with the figures, they take longer. */
  private warnOfSlowEngine(): void {
    if (this.engineNamed) return;
    this.engineNamed = true;
    const { engine, missing } = chooseEngine();
    if (missing !== null)
      this.logger.warn({ engine: engine.id }, `coverage is reckoned without the kernel: ${missing}`);
  }

  private async reckon(asked: AskedParameters, register: RegisterSnapshot, context: JobContext) {
    this.warnOfSlowEngine();
    const { snapshot } = register;
    const { signal } = context;
    const [scenario] = scenariosOf(asked);
    const key =
      scenario &&
      gridKey(usableAreas(snapshot.areas), gridOptionsOf(parametersOf(asked, scenario), snapshot.ground));
    const kept = key === undefined ? undefined : await this.data.findGrid(key);
    return reckonRun(asked, register, {
      compute: (parameters, views, told) =>
        runInWorker(snapshot, parameters, views, { ...told, grid: kept, signal }),
      madeGrid: async (grid) =>
        this.store.saveGrid(grid.key, grid.resolution, grid.cellCount, await packArrays(grid)),
      progress: (fraction, note) => context.progress(fraction, note),
    });
  }
}
