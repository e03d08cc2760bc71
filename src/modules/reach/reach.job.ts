import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { JobRunner, type JobContext } from '../../common/jobs/job-runner.js';
import type { Logger } from '../../common/logging/logger.js';
import { LOGGER } from '../../common/tokens.js';
import { AreasService } from '../areas/index.js';
import { BoundaryGrids, CoverageInputError, packArrays, type BoundaryGrid } from '../coverage/index.js';
import { ClustersReader, type RegisteredLoudspeakers } from './clusters.reader.js';
import { REACH_ENGINE, SUB_POINTS, type ReachResult } from './domain/index.js';
import { reachData } from './reach-data.js';
import {
  REACH_JOB,
  ReachRunStore,
  ReachRunTakenError,
  type Attempt,
  type ReckonedReach,
} from './reach-run.store.js';
import type { AskedReach, ReachManifest, StoredFigure } from './reach.types.js';
import { reckonInWorker } from './worker/reckon-in-worker.js';

const SETTLE_EVERY_S = 30;
/** Of the whole work: until there is a grid, and until all is reckoned. */
const GRID_SHARE = 0.5;
const RECKONING_SHARE = 0.9;
/** A run tells of this many silent spots by day and as many by night, those with most people. */
const SPOTS_KEPT = 500;

/** Reckons runs in the background: by lease, in a thread of their own, stored at once or not at all. */
@Injectable()
export class ReachJob implements OnModuleInit {
  constructor(
    private readonly jobs: JobRunner,
    private readonly store: ReachRunStore,
    private readonly grids: BoundaryGrids,
    private readonly clusters: ClustersReader,
    private readonly areas: AreasService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    this.jobs.handle(REACH_JOB, (context) => this.run(context));
    this.jobs.repeat('reach.settle', SETTLE_EVERY_S, () => this.store.settleOrphans());
  }

  private async run(context: JobContext): Promise<{ runId: string; outcome: string }> {
    const { job, signal } = context;
    const { runId } = job.payload as { runId: string };
    const attempt: Attempt = { jobId: job.id, attempts: job.attempts };
    try {
      const asked = await this.store.begin(runId, attempt);
      const result = await this.reckon(asked, context);
      // Storing takes a moment; whoever was asked to stop meanwhile leaves it to the next.
      signal.throwIfAborted();
      await this.store.finish(runId, attempt, result);
      return { runId, outcome: 'done' };
    } catch (error) {
      if (error instanceof ReachRunTakenError) {
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

  private async reckon(asked: AskedReach, { signal, progress }: JobContext): Promise<ReckonedReach> {
    const ground = await this.grids.of(asked.boundaryDate, asked.resolution, {
      signal,
      progress: (fraction) => progress(GRID_SHARE * fraction, 'grid'),
    });
    const { grid, areas, parents, units } = ground;
    const register = await this.clusters.take(
      asked.atVolume,
      asked.boundaryDate,
      [...units.values()].map(({ id }) => id),
    );
    const result = await reckonInWorker(
      {
        grid,
        areas: areas.map(({ code, parentCode, population, households }) => ({
          code,
          parentCode,
          population,
          households,
          plainLoudspeakers: register.plainByCommune.get(code) ?? 0,
        })),
        parents,
        clusters: register.clusters,
        parameters: asked.reckoning,
        settled: { fromPeoplePerKm2: asked.settledFromPerKm2 },
      },
      {
        signal,
        onProgress: (fraction) => progress(GRID_SHARE + (RECKONING_SHARE - GRID_SHARE) * fraction, 'levels'),
      },
    );
    progress(RECKONING_SHARE, 'storing');
    const name = await this.namesOf(units);
    return {
      manifest: manifestOf(asked, ground, register, result),
      warnings: result.warnings,
      figures: result.figures.map((figure): StoredFigure => ({ ...figure, ...name(figure.areaCode) })),
      spots: (['day', 'night'] as const).flatMap((period) =>
        result.spots
          .filter((spot) => spot.period === period)
          .slice(0, SPOTS_KEPT)
          .map((spot) => ({ ...spot, ...name(spot.areaCode) })),
      ),
      cells: await packArrays(reachData(grid, result)),
    };
  }

  /** Names as they are at the time of the run. */
  private async namesOf(
    units: BoundaryGrid['units'],
  ): Promise<(code: string) => { areaId: string; areaName: string }> {
    const chains = await this.areas.chains([...units.values()].map(({ id }) => id));
    return (code) => {
      const unit = units.get(code);
      if (!unit) throw new Error(`the figures name a unit that is not in the snapshot: ${code}`);
      return { areaId: unit.id, areaName: chains.get(unit.id)?.[0]?.name ?? code };
    };
  }
}

const ACCURACY =
  'ISO 9613-2 states ±3 dB to 1,000 m for sound carried downwind over flat ground; buildings, wind against the sound and noise of the moment ' +
  'are not in it. The edge of what is heard is drawn by seven points in each cell.';

function manifestOf(
  asked: AskedReach,
  { grid, areas }: BoundaryGrid,
  register: RegisteredLoudspeakers,
  { clusters }: ReachResult,
): ReachManifest {
  const { boundaryDate, atVolume, settingsVersion, settledFromPerKm2, reckoning } = asked;
  const content = JSON.stringify([grid.key, register.clusters, [...register.plainByCommune]]);
  return {
    manifestVersion: 1,
    engine: REACH_ENGINE,
    dataVersion: createHash('sha256').update(content).digest('hex').slice(0, 32),
    boundaryDate,
    atVolume,
    settingsVersion,
    parameters: reckoning,
    settledFromPerKm2,
    grid: {
      key: grid.key,
      resolution: grid.resolution,
      cells: grid.cellCount,
      areas: areas.length,
      areaM2: grid.areaTotalM2.reduce((a, b) => a + b, 0),
      subPoints: SUB_POINTS,
    },
    clusters: {
      given: register.clusters.length,
      used: clusters.length,
      horns: clusters.reduce((sum, { horns }) => sum + horns.length, 0),
      withAssumedValues: clusters.filter(({ assumed }) => assumed.length > 0).length,
    },
    plainLoudspeakers: [...register.plainByCommune.values()].reduce((sum, count) => sum + count, 0),
    accuracy: ACCURACY,
    sources: register.sources,
    synthetic: register.sources.some((source) => /synthetic/i.test(source)),
  };
}
