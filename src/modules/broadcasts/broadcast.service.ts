import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { currentCorrelationId } from '../../common/context/request-context.js';
import { checkIdempotencyKey, keepAnswer, takeKey } from '../../common/database/idempotency.js';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { Problem } from '../../common/http/problem.js';
import { playIdOf } from '../../contract/index.js';
import type { Actor } from '../identity/index.js';
import { type MediaAsset, MediaService } from '../media/index.js';
import { type ClusterRef, CommandService, type CommandRequest } from '../speakers/index.js';
import {
  assertMayAnnounce,
  completed,
  latestBeginnings,
  lengthOf,
  type CompleteAnnouncement,
} from './announcement-rules.js';
import { BroadcastReader } from './broadcast.reader.js';
import {
  insertBroadcast,
  insertOccurrence,
  lockBroadcast,
  markStopped,
  openPlays,
  type LockedBroadcast,
  type OpenPlay,
} from './broadcast.store.js';
import { storedView, type Announcement, type Approval, type BroadcastView } from './broadcast.types.js';
import { insertDeliveries, recordWords, type NewDelivery } from './delivery.store.js';
import { timingOf } from './domain/play-timing.js';
import { PLAN_ITEMS_AT_MOST, PlanService } from './plan.service.js';
import { TargetResolver } from './target-resolver.js';

/** A stop is worth carrying out for at least this long, also when its plays should be over. */
const STOP_VALID_MS = 5 * 60_000;

/** By whose word something is said. */
interface Word {
  /** Nothing outside of it is addressed; null: no limit. */
  jurisdictionAreaId: string | null;
  by: string;
  approval: Approval | null;
}

interface Prepared {
  id: string;
  occurrenceId: string;
  createdAt: Date;
  asset: MediaAsset;
  announcement: CompleteAnnouncement;
  deliveries: NewDelivery[];
}

/** Announcements: said at once by command, or at their time by the clusters' plans; and stopped. */
@Injectable()
export class BroadcastService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly targets: TargetResolver,
    private readonly media: MediaService,
    private readonly commands: CommandService,
    private readonly plans: PlanService,
    private readonly reader: BroadcastReader,
  ) {}

  /**
   * Writes down the broadcast, one delivery for each cluster, and what the clusters are told, all in one transaction. Null
   * is the program itself. @throws Problem 400, 403, 409 (QUIET_HOURS, PLAN_FULL)
   */
  async announce(actor: Actor | null, input: Announcement): Promise<BroadcastView> {
    return this.uow.run((tx) => this.sayFor(tx, actor, input));
  }

  /**
   * What was approved before, at its time, in the caller's transaction and by the program itself. Nothing outside of `areaId`
   * is addressed. Returns the broadcast's id. @throws Problem as `announce`; the caller's transaction is not to commit then
   */
  async schedule(
    tx: Tx,
    input: Announcement & { startAt: Date },
    areaId: string,
    approval: Approval,
  ): Promise<string> {
    return this.say(tx, { jurisdictionAreaId: areaId, by: 'system', approval }, completed(input, Date.now()));
  }

  /**
   * Like `announce`, for a caller who does not know whether an earlier request with this key arrived: then that one's answer
   * is given again, as it was, for 24 h, and nothing is played twice. A request that was refused has not used its key.
   * @throws Problem 422 too, when the key was used for something else
   */
  async announceOnce(actor: Actor, input: Announcement, key: string): Promise<BroadcastView> {
    checkIdempotencyKey(key);
    const request = {
      actor: `${actor.kind}:${actor.id}`,
      operation: 'broadcasts.announce',
      key,
      body: input,
    };
    return this.uow.run(async (tx) => {
      const known = await takeKey(tx.manager, request);
      if (known) return storedView(known.answer);
      const view = await this.sayFor(tx, actor, input);
      await keepAnswer(tx.manager, request, view);
      return view;
    });
  }

  private async sayFor(tx: Tx, actor: Actor | null, input: Announcement): Promise<BroadcastView> {
    const announcement = completed(input, Date.now());
    assertMayAnnounce(actor, announcement);
    const { jurisdictionAreaId = null, name: by = 'system' } = actor ?? {};
    const id = await this.say(tx, { jurisdictionAreaId, by, approval: null }, announcement);
    return this.reader.get(id, tx.manager);
  }

  private async say(tx: Tx, word: Word, announcement: CompleteAnnouncement): Promise<string> {
    const id = randomUUID();
    if (announcement.startAt) await this.plans.takeTurn(tx);
    const prepared = await this.prepare(tx, word, announcement, id, new Date());
    if (announcement.startAt) await this.toPlans(tx, prepared);
    else await this.commands.send(tx, prepared.deliveries.map(playCommand(prepared)));
    tx.emit(RESOURCE_CHANGED, {
      resource: 'broadcast',
      id,
      action: 'create',
      before: null,
      after: { ...announcement, clusters: prepared.deliveries.length },
      ...(announcement.reason === null ? {} : { reason: announcement.reason }),
    });
    return id;
  }

  /**
   * Tells every cluster that may still play it to stop, and takes it out of all plans. What has not begun is cancelled once
   * the cluster says so, or at once when nothing had left the server. A broadcast that is over or stopped stays as it is.
   */
  async stop(actor: Actor | null, id: string): Promise<BroadcastView> {
    await this.uow.run((tx) => this.stopIn(tx, actor, id));
    return this.reader.get(id);
  }

  /** As `stop`, in the caller's transaction. */
  async stopIn(tx: Tx, actor: Actor | null, id: string): Promise<void> {
    const broadcast = await lockBroadcast(tx.manager, id);
    if (!broadcast) throw Problem.notFound({ en: 'broadcast', vi: 'bản tin phát' }, id);
    const open = await openPlays(tx.manager, id);
    if (actor) await this.targets.assertWithin(tx, actor, [...new Set(open.map(({ areaId }) => areaId))]);
    if (broadcast.stoppedAt || broadcast.settledAt) return;
    if (broadcast.startAt) await this.plans.takeTurn(tx);
    const stoppedAt = new Date();
    await markStopped(tx.manager, id, stoppedAt, actor?.name ?? 'system');
    await this.takeBack(tx, broadcast, await openPlays(tx.manager, id), stoppedAt);
    tx.emit(RESOURCE_CHANGED, {
      resource: 'broadcast',
      id,
      action: 'update',
      before: { state: broadcast.state },
      after: { state: 'STOPPED', stoppedAt: stoppedAt.toISOString() },
    });
  }

  private async prepare(
    tx: Tx,
    word: Word,
    announcement: CompleteAnnouncement,
    id: string,
    createdAt: Date,
  ): Promise<Prepared> {
    const asset = (await this.media.findMany(tx, [announcement.sha256])).get(announcement.sha256);
    if (!asset)
      throw Problem.invalidField('sha256', 'UNKNOWN', {
        en: 'there is no audio file with this hash',
        vi: 'không có tệp âm thanh với mã băm này',
      });
    const clusters = await this.targets.resolve(tx, word, announcement.target);
    const lengthMs = lengthOf(announcement, asset.durationS);
    const timing = timingOf(createdAt.getTime(), announcement.startAt?.getTime(), lengthMs);
    const latest = latestBeginnings(clusters, announcement, timing, lengthMs);
    const occurrenceId = randomUUID();
    const deliveries = clusters.map((cluster) => ({
      playId: playIdOf(id, occurrenceId, cluster.id),
      clusterId: cluster.id,
      areaId: cluster.areaId,
      notAfterMs: latest.get(cluster.id) ?? timing.notAfterMs,
      volumePercent: volumeFor(cluster, announcement),
    }));
    await insertBroadcast(tx.manager, announcement, {
      id,
      state: announcement.startAt ? 'PLANNED' : 'RUNNING',
      createdAt,
      createdBy: word.by,
      approval: word.approval,
      correlationId: currentCorrelationId() ?? null,
    });
    await insertOccurrence(tx.manager, {
      id: occurrenceId,
      broadcastId: id,
      startsAt: new Date(timing.startMs),
      overBy: new Date(timing.overByMs),
    });
    await insertDeliveries(tx.manager, { broadcastId: id, occurrenceId, plannedAt: createdAt }, deliveries);
    return { id, occurrenceId, createdAt, asset, announcement, deliveries };
  }

  /** One that is too far off waits for the job that plans what comes. */
  private async toPlans(tx: Tx, { deliveries }: Prepared): Promise<void> {
    const [full] = await tx.manager.query<{ id: string }[]>(
      `select d.cluster_id as id from deliveries d join broadcasts b on b.id = d.broadcast_id
        where d.cluster_id = any($1::text[]) and not d.settled and b.start_at is not null and b.stopped_at is null
        group by d.cluster_id having count(*) > $2 order by d.cluster_id limit 1`,
      [deliveries.map(({ clusterId }) => clusterId), PLAN_ITEMS_AT_MOST],
    );
    if (full)
      throw Problem.conflict('PLAN_FULL', {
        en: `The plan of cluster ${full.id} is full: ${PLAN_ITEMS_AT_MOST} plays are waiting.`,
        vi: `Kế hoạch của cụm loa ${full.id} đã đầy: ${PLAN_ITEMS_AT_MOST} lượt phát đang chờ.`,
      });
    await this.plans.planDue(tx);
  }

  private async takeBack(
    tx: Tx,
    broadcast: LockedBroadcast,
    open: readonly OpenPlay[],
    at: Date,
  ): Promise<void> {
    await recordWords(
      tx.manager,
      open
        .filter(({ sent }) => !sent)
        .map(({ playId }) => ({ playId, clusterId: null, event: { kind: 'WITHDRAWN', atMs: at.getTime() } })),
    );
    const sent = open.filter((play) => play.sent);
    await this.commands.send(
      tx,
      sent.map(({ clusterId, overBy }): CommandRequest => ({
        clusterId,
        notAfter: new Date(Math.max(overBy.getTime(), at.getTime() + STOP_VALID_MS)),
        type: 'stop',
        priority: broadcast.class,
        target: { scope: 'BROADCAST', broadcastId: broadcast.id },
      })),
    );
    const planned = sent.filter((play) => play.planned).map(({ clusterId }) => clusterId);
    if (planned.length > 0) await this.plans.rebuild(tx, planned);
  }
}

/** The command has the id of the play: sent again, also after a crash, it is the same play, which is played once. */
function playCommand({ id, occurrenceId, createdAt, asset, announcement }: Prepared) {
  const { sha256, bytes, durationS } = asset;
  return ({ playId, clusterId, notAfterMs, volumePercent }: NewDelivery): CommandRequest => {
    const notAfter = new Date(notAfterMs);
    return {
      id: playId,
      clusterId,
      notAfter,
      priority: announcement.class,
      type: 'play',
      play: {
        playId,
        broadcastId: id,
        occurrenceId,
        class: announcement.class,
        rank: 0,
        approvedAt: createdAt.toISOString(),
        media: { sha256, bytes, durationS },
        ...(volumePercent === null ? {} : { volumePercent }),
        notAfter: notAfter.toISOString(),
        onInterrupt: announcement.onInterrupt,
        onOverrun: announcement.onOverrun,
        repeat: announcement.repeat,
      },
    };
  };
}

function volumeFor(cluster: ClusterRef, { class: kind, volumePercent }: CompleteAnnouncement): number | null {
  if (volumePercent === null || kind === 'EMERGENCY') return volumePercent;
  return Math.min(volumePercent, cluster.volumeCapPercent);
}
