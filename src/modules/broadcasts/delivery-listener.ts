import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { EventBus } from '../../common/events/event-bus.js';
import { playIdOf, type AckPhase, type LogRecord } from '../../contract/index.js';
import {
  COMMANDS_SENT,
  COMMAND_PROGRESSED,
  DESIRED_APPLIED,
  NEVER_SENT,
  PLAYS_RECORDED,
  type CommandProgress,
  type CommandsSent,
  type DesiredApplied,
  type PlaysRecorded,
} from '../speakers/index.js';
import { recordFirstWord, recordWords, type DeliveryWord } from './delivery.store.js';
import type { DeliveryEvent } from './domain/delivery-evidence.js';

/**
 * Writes down what clusters say of their plays, in the transaction that stores their word: a word that is confirmed to a
 * cluster is never missing here. The command that orders a play has the id of the play.
 */
@Injectable()
export class DeliveryListener implements OnModuleInit {
  constructor(private readonly events: EventBus) {}

  onModuleInit(): void {
    this.events.inTransaction(COMMAND_PROGRESSED, (progress, manager) => this.onProgress(manager, progress));
    this.events.inTransaction(COMMANDS_SENT, (sent, manager) => this.onSent(manager, sent));
    this.events.inTransaction(DESIRED_APPLIED, (applied, manager) => this.onApplied(manager, applied));
    this.events.inTransaction(PLAYS_RECORDED, (plays, manager) => this.onRecords(manager, plays));
  }

  private async onProgress(manager: EntityManager, progress: readonly CommandProgress[]): Promise<void> {
    const heardAtMs = Date.now();
    const words = progress.flatMap((step): DeliveryWord[] => {
      const event = step.type === 'play' ? eventOf(step, heardAtMs) : undefined;
      return event ? [{ playId: playOf(step), clusterId: step.clusterId, event }] : [];
    });
    await recordWords(manager, [...words, ...(await this.confirmedStops(manager, progress, heardAtMs))]);
  }

  private async onSent(manager: EntityManager, sent: readonly CommandsSent[]): Promise<void> {
    for (const { payload, clusterIds, at } of sent) {
      if (payload.type !== 'play') continue;
      const { broadcastId, occurrenceId } = payload.play;
      const playIds = clusterIds.map((clusterId) => playIdOf(broadcastId, occurrenceId, clusterId));
      await recordFirstWord(manager, playIds, { kind: 'SENT', atMs: at.getTime() });
    }
  }

  /** A cluster that has carried out a stop will not begin what was stopped. */
  private async confirmedStops(
    manager: EntityManager,
    progress: readonly CommandProgress[],
    heardAtMs: number,
  ): Promise<DeliveryWord[]> {
    const stops = progress.flatMap(({ payload, state, clusterId, at }) =>
      payload.type === 'stop' && state === 'FINISHED' && payload.target.scope === 'BROADCAST'
        ? [{ broadcastId: payload.target.broadcastId, clusterId, atMs: instant(at.getTime(), heardAtMs) }]
        : [],
    );
    if (stops.length === 0) return [];
    const rows = await manager.query<{ playId: string; clusterId: string; atMs: number }[]>(
      `select d.play_id as "playId", d.cluster_id as "clusterId", s."atMs" from deliveries d
         join jsonb_to_recordset($1::jsonb) as s("broadcastId" uuid, "clusterId" text, "atMs" double precision)
           on d.broadcast_id = s."broadcastId" and d.cluster_id = s."clusterId"`,
      [JSON.stringify(stops)],
    );
    return rows.map(({ playId, clusterId, atMs }) => ({
      playId,
      clusterId,
      event: { kind: 'STOP_CONFIRMED', atMs, heardAtMs },
    }));
  }

  /**
   * A cluster that was away when a planned broadcast was stopped, and has the plan without it before its time, will not begin
   * it. After its time that would be a guess: the cluster may have played it by the old plan, and its records must tell.
   */
  private async onApplied(manager: EntityManager, applied: readonly DesiredApplied[]): Promise<void> {
    const heardAtMs = Date.now();
    const atMs = new Map(applied.map(({ clusterId, at }) => [clusterId, instant(at.getTime(), heardAtMs)]));
    const rows = await manager.query<{ playId: string; clusterId: string }[]>(
      `select d.play_id as "playId", d.cluster_id as "clusterId" from deliveries d
         join broadcasts b on b.id = d.broadcast_id join occurrences o on o.id = d.occurrence_id
        where d.cluster_id = any($1::text[]) and not d.settled
          and b.start_at is not null and b.stopped_at is not null and o.starts_at > $2`,
      [[...atMs.keys()], new Date(heardAtMs)],
    );
    await recordWords(
      manager,
      rows.map(({ playId, clusterId }) => ({
        playId,
        clusterId,
        event: { kind: 'STOP_CONFIRMED', atMs: atMs.get(clusterId) ?? heardAtMs, heardAtMs },
      })),
    );
  }

  private async onRecords(manager: EntityManager, plays: readonly PlaysRecorded[]): Promise<void> {
    await recordWords(
      manager,
      plays.flatMap(({ clusterId, records, receivedAt }) =>
        records.map((record) => ({
          playId: record.playId,
          clusterId,
          event: eventOfRecord(record, receivedAt.getTime()),
        })),
      ),
    );
  }
}

/** A command to one cluster has the id of its play; one to an area stands for another play at each cluster. */
function playOf({ commandId, clusterId, payload }: CommandProgress): string {
  if (payload.type !== 'play' || payload.play.playId !== undefined) return commandId;
  return playIdOf(payload.play.broadcastId, payload.play.occurrenceId, clusterId);
}

function eventOf({ state, code, at }: CommandProgress, heardAtMs: number): DeliveryEvent | undefined {
  const atMs = instant(at.getTime(), heardAtMs);
  if (state === 'PENDING') return undefined;
  if (state === 'SENT') return { kind: 'SENT', atMs };
  if (state === 'EXPIRED' && code === NEVER_SENT) return { kind: 'NEVER_SENT', atMs };
  const phase: AckPhase = state;
  return { kind: 'ACK', phase, code, atMs, heardAtMs };
}

function eventOfRecord(record: LogRecord, heardAtMs: number): DeliveryEvent {
  const { journal, seq, kind, sha256, volumePercent, positionS, clock } = record;
  return {
    kind: 'RECORD',
    heardAtMs,
    record: {
      journal,
      seq,
      kind,
      next: record.next ?? null,
      reason: record.reason ?? null,
      atMs: instant(Date.parse(record.at), heardAtMs),
      sha256,
      volumePercent,
      clockSynced: clock.synced,
      clockOffsetMs: clock.offsetMs,
      positionS,
    },
  };
}

/** A day that is in no calendar has no number; then the time at which it was heard has to do. */
function instant(ms: number, heardAtMs: number): number {
  return Number.isFinite(ms) ? ms : heardAtMs;
}
