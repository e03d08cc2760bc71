import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { foretell, type OnOverrun, type PlanItem, type Stretch, type Unheard } from '../../contract/index.js';
import { ClusterReader } from '../speakers/index.js';

export interface ForetoldPlan {
  clusterId: string;
  /** Of the plan that is told of; 0: none was ever sent. */
  version: number;
  /** The version that the cluster says it goes by; null: it has not said. */
  appliedVersion: number | null;
  plays: (Pick<
    PlanItem,
    'playId' | 'broadcastId' | 'class' | 'rank' | 'startAt' | 'notAfter' | 'onInterrupt'
  > & { title: string; onOverrun: OnOverrun; heard: Stretch[]; unheard: Unheard | null })[];
}

/** What clusters will make of their plans, by the function that decides at the cluster too. */
@Injectable()
export class ForetoldReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly clusters: ClusterReader,
  ) {}

  /** @throws Problem 404 */
  async of(clusterId: string, nowMs = Date.now()): Promise<ForetoldPlan> {
    const { twin, reportedVersion } = await this.clusters.get(clusterId);
    const { desired, desiredVersion: version } = twin;
    const plan = (desired?.plan ?? []).toSorted((a, b) => Date.parse(a.startAt) - Date.parse(b.startAt));
    const titles = await this.titles(plan);
    // What may have begun is taken to have begun at its time.
    const fromMs = Math.min(nowMs, ...plan.map(({ startAt }) => Date.parse(startAt)));
    const { stretches, unheard } = desired
      ? foretell(plan, desired.config, fromMs)
      : { stretches: [], unheard: [] };
    return {
      clusterId,
      version,
      appliedVersion: reportedVersion,
      plays: plan.map(
        ({ playId, broadcastId, class: kind, rank, startAt, notAfter, onInterrupt, onOverrun }) => ({
          playId,
          broadcastId,
          title: titles.get(broadcastId) ?? '',
          class: kind,
          rank,
          startAt,
          notAfter,
          onInterrupt,
          onOverrun: onOverrun ?? 'FINISH',
          heard: stretches.filter((stretch) => stretch.playId === playId),
          unheard: unheard.find((play) => play.playId === playId) ?? null,
        }),
      ),
    };
  }

  private async titles(plan: readonly PlanItem[]): Promise<Map<string, string>> {
    const rows = await this.uow.reader.query<{ id: string; title: string }[]>(
      `select id, title from broadcasts where id = any($1::uuid[])`,
      [plan.map(({ broadcastId }) => broadcastId)],
    );
    return new Map(rows.map(({ id, title }) => [id, title]));
  }
}
