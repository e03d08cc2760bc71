import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { EventBus, RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { enqueueJob } from '../../common/jobs/job-store.js';
import { AreasService, communeAtSql } from '../areas/index.js';
import { lockClusters } from './cluster.store.js';
import { ClusterWriter } from './cluster.writer.js';
import { DesiredDocuments } from './desired-documents.js';
import { CLUSTERS_CHANGED } from './speakers.events.js';
import type { ClusterImport } from './speakers.types.js';

const FOLLOW = 'speakers.follow-units';
/** A reform that is known beforehand is in force from some midnight on, without any change on that day. */
const FOLLOW_NEW_DAY = 'speakers.follow-units-of-the-day';
const EVERY_S = 300;

/**
 * Lets clusters follow a reform of units: one whose unit is no longer in force comes to the commune that holds its place, and a
 * cluster whose units are others than its document says is sent the next document. Their rights on the broker follow.
 */
@Injectable()
export class ClusterUnits implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly writer: ClusterWriter,
    private readonly documents: DesiredDocuments,
    private readonly events: EventBus,
    private readonly jobs: JobRunner,
  ) {}

  onModuleInit(): void {
    // A job of its own: a reform is not refused, nor kept waiting, for what follows from it.
    this.events.inTransaction(RESOURCE_CHANGED, async (changes, manager) => {
      if (changes.some(({ resource }) => resource === 'area')) await enqueueJob(manager, { kind: FOLLOW });
    });
    this.jobs.handle(FOLLOW, () => this.follow());
    this.jobs.repeat(FOLLOW_NEW_DAY, EVERY_S, () => this.follow());
  }

  /** `moved` have come to another unit; `told` are those and the ones that only have others above their own. */
  async follow(today: string = this.areas.today()): Promise<{ moved: number; told: number }> {
    return this.uow.run(async (tx) => {
      const moved = await this.move(tx, today);
      const behind = await this.behind(tx);
      if (behind.length > 0) {
        await this.documents.rebuild(tx, behind);
        tx.emit(CLUSTERS_CHANGED, { clusterIds: behind, rightsOf: behind });
      }
      return { moved, told: moved + behind.length };
    });
  }

  private async move(tx: Tx, today: string): Promise<number> {
    const rows = await tx.manager.query<{ id: string; areaId: string }[]>(
      `select c.id, here.id as "areaId" from clusters c join areas own on own.id = c.area_id
        cross join lateral (${communeAtSql('c.position::geometry', '$1')}) as here
        where own.valid_from > $1::date or own.valid_to <= $1::date order by c.id`,
      [today],
    );
    if (rows.length === 0) return 0;
    const to = new Map(rows.map(({ id, areaId }) => [id, areaId]));
    const clusters = [...(await lockClusters(tx.manager, [...to.keys()])).values()];
    await this.writer.importClusters(
      clusters.map((cluster) => ({
        ...(cluster as ClusterImport),
        areaId: to.get(cluster.id) ?? cluster.areaId,
      })),
      tx,
      // Nobody has changed the attributes: a value that is required meanwhile does not keep a cluster from moving.
      'restore',
    );
    return clusters.length;
  }

  /** Clusters whose document names other units than theirs. */
  private async behind(tx: Tx): Promise<string[]> {
    const rows = await tx.manager.query<{ id: string; areaId: string; told: string[] | null }[]>(
      `select c.id, c.area_id as "areaId", t.desired -> 'config' -> 'areaChain' as told
         from clusters c join cluster_twins t on t.cluster_id = c.id where t.desired is not null order by c.id`,
    );
    const chains = await this.areas.chains([...new Set(rows.map(({ areaId }) => areaId))], tx.manager);
    const codes = (areaId: string) => (chains.get(areaId) ?? []).map(({ code }) => code);
    return rows
      .filter(({ areaId, told }) => JSON.stringify(told) !== JSON.stringify(codes(areaId)))
      .map(({ id }) => id);
  }
}
