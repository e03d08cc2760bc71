import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  leaseOutbox,
  OUTBOX_PUBLISHED,
  settleOutbox,
  type OutboxRow,
} from '../../src/common/database/outbox.js';
import { RESOURCE_CHANGED, type ResourceChange } from '../../src/common/events/event-bus.js';
import { Problem } from '../../src/common/http/problem.js';
import { loadConfig } from '../../src/config/config.js';
import type { AckPhase, CommandMessage, DesiredMessage, LogRecord } from '../../src/contract/index.js';
import { BroadcastReader } from '../../src/modules/broadcasts/broadcast.reader.js';
import { BroadcastService } from '../../src/modules/broadcasts/broadcast.service.js';
import type { DeliveryView } from '../../src/modules/broadcasts/broadcast.types.js';
import { DeliveryListener } from '../../src/modules/broadcasts/delivery-listener.js';
import { PlanService } from '../../src/modules/broadcasts/plan.service.js';
import { Settlement } from '../../src/modules/broadcasts/settlement.js';
import { TargetResolver } from '../../src/modules/broadcasts/target-resolver.js';
import { permissionsOf, type Actor, type Role } from '../../src/modules/identity/index.js';
import { MediaService, type MediaAsset } from '../../src/modules/media/index.js';
import { toneWav } from '../media/audio-files.js';
import { clusterRow, createSpeakersWorld, logRecord, type SpeakersWorld } from '../speakers/support.js';

/** The services of the module over those of the loudspeakers, with one audio file of a second. */
export interface BroadcastWorld extends SpeakersWorld {
  media: MediaService;
  tone: MediaAsset;
  broadcasts: BroadcastService;
  reader: BroadcastReader;
  plans: PlanService;
  settlement: Settlement;
  changes: ResourceChange[];
}

export async function createBroadcastWorld(): Promise<BroadcastWorld> {
  const speakers = await createSpeakersWorld();
  const { uow, events, areas, clusters, commands, twins } = speakers;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-media-'));
  const media = new MediaService(uow, loadConfig({ MEDIA_DIR: folder }));
  const reader = new BroadcastReader(uow);
  const plans = new PlanService(uow, twins, media);
  const targets = new TargetResolver(areas, clusters);
  new DeliveryListener(events).onModuleInit();
  const changes: ResourceChange[] = [];
  events.inTransaction(RESOURCE_CHANGED, async (payloads) => void changes.push(...payloads));
  return {
    ...speakers,
    media,
    tone: await media.store(toneWav(1, 440), { title: 'Tiếng thử', source: 'SYNTHESISED' }),
    broadcasts: new BroadcastService(uow, targets, media, commands, plans, reader),
    reader,
    plans,
    settlement: new Settlement(uow),
    changes,
    stop: async () => {
      await speakers.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Clusters that are never quiet, so that a test may be run at any time of the day. */
export async function addClusters(world: BroadcastWorld, ids: readonly string[]): Promise<void> {
  await world.clusters.importClusters(ids.map((id) => clusterRow(world, id, { quietHours: [] })));
  await world.query(`delete from outbox`);
}

export function actorWith(role: Role, jurisdictionAreaId: string | null = null): Actor {
  return {
    kind: 'user',
    id: 'u1',
    name: 'nguyen.van.a',
    permissions: permissionsOf([role]),
    jurisdictionAreaId,
  };
}

/** What the relay does, with a broker that takes everything (or with none until it was too late). */
export async function relay(
  world: BroadcastWorld,
  outcome: 'published' | 'expired' = 'published',
): Promise<OutboxRow[]> {
  const sent: OutboxRow[] = [];
  for (;;) {
    const rows = await leaseOutbox(world.uow.reader, 10_000, 30);
    if (rows.length === 0) return sent;
    await world.uow.run(async (tx) => {
      await settleOutbox(
        tx.manager,
        rows.map(({ id }) => id),
        outcome,
      );
      for (const { ref } of rows)
        if (ref !== null) tx.emit(OUTBOX_PUBLISHED, { ref, outcome, at: new Date() });
    });
    sent.push(...rows);
  }
}

export const commandsIn = (rows: readonly OutboxRow[]) =>
  rows.filter(({ topic }) => topic.endsWith('/command')).map(({ payload }) => payload as CommandMessage);
export const plansIn = (rows: readonly OutboxRow[]) =>
  new Map(
    rows
      .filter(({ topic }) => topic.endsWith('/desired'))
      .map(({ topic, payload }) => [topic.split('/')[3]!, (payload as DesiredMessage).plan]),
  );

export async function ack(
  world: BroadcastWorld,
  clusterId: string,
  id: string,
  phase: AckPhase,
  code?: string,
): Promise<void> {
  await world.commands.onAcks([{ clusterId, ack: { id, phase, code, at: new Date().toISOString() } }]);
}

let seq = 0;
/** A record of the cluster about one of its plays. */
export async function log(
  world: BroadcastWorld,
  play: Pick<DeliveryView, 'clusterId' | 'playId'>,
  kind: LogRecord['kind'],
  more: Partial<LogRecord> = {},
): Promise<void> {
  const { playId } = play;
  await world.playLog.onLog(play.clusterId, [
    logRecord((seq += 1), { playId, kind, at: new Date().toISOString(), sha256: world.tone.sha256, ...more }),
  ]);
}

export async function deliveriesOf(world: BroadcastWorld, id: string): Promise<DeliveryView[]> {
  return (await world.reader.deliveries(id, { limit: 1000 })).items;
}

export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Problem)) throw new Error('a problem was expected', { cause: thrown });
  expect(thrown.detail.vi).not.toBe(thrown.detail.en);
  return thrown;
}
