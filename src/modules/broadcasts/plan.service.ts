import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import type { BroadcastClass, MediaRef, OnInterrupt, OnOverrun, PlanItem } from '../../contract/index.js';
import { MediaService } from '../media/index.js';
import { TwinService } from '../speakers/index.js';

/** A cluster without its server goes on from its plan: two days of it. */
const HORIZON_H = 48;
/** What the contract lets a plan hold. */
export const PLAN_ITEMS_AT_MOST = 500;

interface ItemRow {
  clusterId: string;
  playId: string;
  broadcastId: string;
  occurrenceId: string;
  class: BroadcastClass;
  rank: number;
  approvedAt: Date;
  sha256: string;
  volumePercent: number | null;
  startsAt: Date;
  notAfter: Date;
  onInterrupt: OnInterrupt;
  onOverrun: OnOverrun;
  repeat: number;
}

/** Puts plays that have a time into the plans of their clusters, and takes them out. */
@Injectable()
export class PlanService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly twins: TwinService,
    private readonly media: MediaService,
  ) {}

  /**
   * To be called before anything is written that changes a plan. A plan is a whole document: two who make one at the same
   * time would each leave out what the other adds.
   */
  async takeTurn(tx: Tx): Promise<void> {
    await tx.manager.query(`select turn from plan_turn for update`);
  }

  /** Plans what has come within the horizon. Returns how many clusters have a new plan. */
  async planComing(): Promise<number> {
    return this.uow.run(async (tx) => {
      await this.takeTurn(tx);
      return this.planDue(tx);
    });
  }

  /** As `planComing`, in a transaction that has the turn. */
  async planDue(tx: Tx): Promise<number> {
    const [occurrences] = await tx.manager.query<[{ id: string }[], number]>(
      `update occurrences o set planned_at = now() from broadcasts b
        where b.id = o.broadcast_id and o.planned_at is null and b.start_at is not null and b.stopped_at is null
          and o.starts_at < now() + make_interval(hours => $1)
        returning o.id`,
      [HORIZON_H],
    );
    if (occurrences.length === 0) return 0;
    const clusters = await tx.manager.query<{ id: string }[]>(
      `select distinct cluster_id as id from deliveries where occurrence_id = any($1::uuid[])`,
      [occurrences.map(({ id }) => id)],
    );
    await this.rebuild(
      tx,
      clusters.map(({ id }) => id),
    );
    return clusters.length;
  }

  /** Sends each of these clusters its whole plan: what is planned, not stopped, and may still begin. */
  async rebuild(tx: Tx, clusterIds: readonly string[]): Promise<void> {
    const rows = await tx.manager.query<ItemRow[]>(
      `select d.cluster_id as "clusterId", d.play_id as "playId", b.id as "broadcastId", o.id as "occurrenceId", b.class,
              b.rank, coalesce(b.approved_at, b.created_at) as "approvedAt", b.sha256, o.starts_at as "startsAt", d.not_after as "notAfter",
              b.on_interrupt as "onInterrupt", b.on_overrun as "onOverrun", b.repeat, d.volume_ordered as "volumePercent"
         from deliveries d join occurrences o on o.id = d.occurrence_id
         join broadcasts b on b.id = d.broadcast_id
        where d.cluster_id = any($1::text[]) and not d.settled and d.not_after > now()
          and o.planned_at is not null and b.start_at is not null and b.stopped_at is null
        order by d.cluster_id, o.starts_at, d.play_id`,
      [clusterIds],
    );
    const assets = await this.media.findMany(tx, [...new Set(rows.map(({ sha256 }) => sha256))]);
    const media = new Map<string, MediaRef>();
    for (const { sha256, bytes, durationS, codec } of assets.values())
      media.set(sha256, { sha256, bytes, durationS, codec });
    const plans = new Map<string, PlanItem[]>(clusterIds.map((id) => [id, []]));
    for (const row of rows) plans.get(row.clusterId)?.push(itemOf(row, media.get(row.sha256)));
    await this.twins.replacePlans(tx, plans, [...media.values()]);
  }
}

function itemOf(row: ItemRow, media: MediaRef | undefined): PlanItem {
  if (!media) throw new Error(`the audio file of a planned broadcast is gone: ${row.sha256}`);
  return {
    playId: row.playId,
    broadcastId: row.broadcastId,
    occurrenceId: row.occurrenceId,
    class: row.class,
    rank: row.rank,
    approvedAt: row.approvedAt.toISOString(),
    media: { sha256: media.sha256, bytes: media.bytes, durationS: media.durationS },
    ...(row.volumePercent === null ? {} : { volumePercent: row.volumePercent }),
    startAt: row.startsAt.toISOString(),
    notAfter: row.notAfter.toISOString(),
    onInterrupt: row.onInterrupt,
    onOverrun: row.onOverrun,
    repeat: row.repeat,
  };
}
