import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { currentCorrelationId } from '../../common/context/request-context.js';
import type { Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { playIdOf, playLengthS, type PlayOrder } from '../../contract/index.js';
import type { MediaAsset } from '../media/index.js';
import { type ClusterRef, CommandService } from '../speakers/index.js';
import { latestBeginnings } from './announcement-rules.js';
import { insertOccurrence } from './broadcast.store.js';
import type { AnnouncementTarget } from './broadcast.types.js';
import { insertDeliveries } from './delivery.store.js';
import { GRACE_MS } from './domain/play-timing.js';

/** What is to be said at once to many, by area where that is possible. */
export interface UrgentOrder {
  title: string;
  asset: MediaAsset;
  target: AnnouncementTarget;
  /** PRIORITY for a drill: quiet hours and the clusters' caps hold. */
  class: 'PRIORITY' | 'EMERGENCY';
  /** Within the class; the higher number goes first. */
  rank: number;
  /** Each once. */
  clusters: readonly ClusterRef[];
  /** The unit, by code, whose clusters are all addressed: they are told together. Undefined: each by itself. */
  areaOf: ReadonlyMap<string, string> | undefined;
  volumePercent: number | null;
  repeat: number;
  gapS: number;
  /** How late it may still begin. */
  validS: number;
  reason: string;
  by: string;
}

export interface UrgentlySaid {
  broadcastId: string;
  /** One for each area, or for each cluster: to be repeated to whom is silent. */
  commandIds: string[];
}

/** Broadcasts that must not wait: one message for a whole area, before all others, signed. */
@Injectable()
export class UrgentBroadcasts {
  constructor(private readonly commands: CommandService) {}

  /** In the caller's transaction; the clusters are told when it commits. @throws Problem 409 QUIET_HOURS for a PRIORITY */
  async air(tx: Tx, order: UrgentOrder): Promise<UrgentlySaid> {
    const [id, occurrenceId, now] = [randomUUID(), randomUUID(), new Date()];
    const lengthMs = playLengthS(order.asset.durationS, order.repeat, order.gapS) * 1000;
    const timing = { startMs: now.getTime(), notAfterMs: now.getTime() + order.validS * 1000 };
    const overByMs = timing.notAfterMs + lengthMs + GRACE_MS;
    const latest = latestBeginnings(order.clusters, order, { ...timing, overByMs }, lengthMs);
    // One order for all of an area begins and sounds as the strictest of them must.
    const notAfterMs = Math.min(...latest.values());
    const notAfter = new Date(notAfterMs);
    const volumePercent = volumeOf(order);
    await this.store(tx, id, order, now);
    const overBy = new Date(overByMs);
    await insertOccurrence(tx.manager, { id: occurrenceId, broadcastId: id, startsAt: now, overBy });
    await insertDeliveries(
      tx.manager,
      { broadcastId: id, occurrenceId, plannedAt: now },
      order.clusters.map((cluster) => ({
        playId: playIdOf(id, occurrenceId, cluster.id),
        clusterId: cluster.id,
        areaId: cluster.areaId,
        notAfterMs,
        volumePercent,
      })),
    );
    const { sha256, bytes, durationS } = order.asset;
    const play: PlayOrder = {
      broadcastId: id,
      occurrenceId,
      class: order.class,
      rank: order.rank,
      approvedAt: now.toISOString(),
      media: { sha256, bytes, durationS },
      ...(volumePercent === null ? {} : { volumePercent }),
      notAfter: notAfter.toISOString(),
      onInterrupt: 'RESTART',
      repeat: order.repeat,
      ...(order.gapS === 0 ? {} : { gapS: order.gapS }),
    };
    const commandIds = await this.tell(tx, order, play, notAfter);
    tx.emit(RESOURCE_CHANGED, {
      resource: 'broadcast',
      id,
      action: 'create',
      before: null,
      after: {
        title: order.title,
        class: order.class,
        sha256,
        target: order.target,
        repeat: order.repeat,
        gapS: order.gapS,
        volumePercent,
        clusters: order.clusters.length,
      },
      reason: order.reason,
    });
    return { broadcastId: id, commandIds };
  }

  private async tell(tx: Tx, order: UrgentOrder, play: PlayOrder, notAfter: Date): Promise<string[]> {
    const body = { type: 'play' as const, priority: order.class, play, notAfter };
    if (!order.areaOf) {
      return this.commands.send(
        tx,
        order.clusters.map(({ id }) => ({
          ...body,
          id: playIdOf(play.broadcastId, play.occurrenceId, id),
          clusterId: id,
        })),
      );
    }
    const ids: string[] = [];
    for (const areaCode of [...new Set(order.areaOf.values())].sort()) {
      const clusterIds = order.clusters.flatMap(({ id }) => (order.areaOf?.get(id) === areaCode ? id : []));
      const id = randomUUID();
      await this.commands.sendToArea(tx, { ...body, id, areaCode, clusterIds });
      ids.push(id);
    }
    return ids;
  }

  private async store(tx: Tx, id: string, order: UrgentOrder, at: Date): Promise<void> {
    await tx.manager.query(
      `insert into broadcasts (id, title, class, rank, sha256, volume_percent, repeat, gap_s, on_interrupt, target, reason,
                               state, created_at, created_by, correlation_id, area_codes)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'RESTART', $9::jsonb, $10, 'RUNNING', $11, $12, $13, $14)`,
      [
        id,
        order.title,
        order.class,
        order.rank,
        order.asset.sha256,
        volumeOf(order),
        order.repeat,
        order.gapS,
        JSON.stringify(order.target),
        order.reason,
        at,
        order.by,
        currentCorrelationId() ?? null,
        order.areaOf ? [...new Set(order.areaOf.values())].sort() : null,
      ],
    );
  }
}

/** Caps hold for all but EMERGENCY. */
function volumeOf({ class: kind, clusters, volumePercent }: UrgentOrder): number | null {
  if (volumePercent === null || kind === 'EMERGENCY') return volumePercent;
  return Math.min(volumePercent, ...clusters.map(({ volumeCapPercent }) => volumeCapPercent));
}
