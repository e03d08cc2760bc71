import { Injectable } from '@nestjs/common';
import type { OutboxMessage } from '../../common/database/outbox.js';
import type { Tx } from '../../common/database/unit-of-work.js';
import {
  buildTopic,
  encode,
  mustBeSigned,
  type DesiredMessage,
  type MediaRef,
  type PlanItem,
  type QuietHours,
} from '../../contract/index.js';
import { AreasService } from '../areas/index.js';
import { EmergencyKeys } from './emergency-keys.js';
import { TIME_ZONE } from './speakers.types.js';

/** What is new in the documents of some clusters; what is not mentioned stays as it is. */
export interface DesiredChange {
  /** The whole plan of each cluster named. */
  plans?: ReadonlyMap<string, readonly PlanItem[]>;
  /** Details of every file that the plans name. */
  media?: readonly MediaRef[];
  /** A cluster says that it holds this version; the next one must be above it. */
  above?: ReadonlyMap<string, number>;
}

interface TwinRow {
  clusterId: string;
  version: string;
  desired: DesiredMessage | null;
  areaId: string;
  volumePercent: number;
  volumeCapPercent: number;
  quietHours: QuietHours[];
  journal: string | null;
  seq: string | null;
}

/**
 * Makes and sends the one document that says what a cluster should be and play (rules 1 and 2). Its version is a counter
 * in the database, raised under the lock of the cluster's row, so documents follow each other in one order.
 */
@Injectable()
export class DesiredDocuments {
  constructor(
    private readonly areas: AreasService,
    private readonly keys: EmergencyKeys,
  ) {}

  /** Writes the next version for each of the clusters and sends it. Returns the clusters that exist. */
  async rebuild(tx: Tx, clusterIds: readonly string[], change: DesiredChange = {}): Promise<string[]> {
    if (clusterIds.length === 0) return [];
    const rows = await this.lock(tx, clusterIds);
    const chains = await this.areas.chains([...new Set(rows.map((row) => row.areaId))], tx.manager);
    const media = new Map((change.media ?? []).map((ref) => [ref.sha256, ref]));
    const at = new Date().toISOString();
    const standing = await this.standing(tx);
    const documents = rows.map((row) => {
      const plan = change.plans?.get(row.clusterId);
      const document: DesiredMessage = {
        version: Math.max(Number(row.version), change.above?.get(row.clusterId) ?? 0) + 1,
        at,
        config: {
          volumePercent: Math.min(row.volumePercent, row.volumeCapPercent),
          quietHours: row.quietHours,
          timeZone: TIME_ZONE,
          areaChain: (chains.get(row.areaId) ?? []).map((area) => area.code),
        },
        plan: (plan ?? row.desired?.plan ?? []).map((item) => this.provable(row.clusterId, item)),
        media: mediaOf(
          plan ?? row.desired?.plan ?? [],
          plan ? media : new Map(row.desired?.media.map((ref) => [ref.sha256, ref])),
          standing,
        ),
        logWatermark: row.journal === null ? null : { journal: row.journal, seq: Number(row.seq) },
        keys: this.keys.publicKeys(row.clusterId),
      };
      // A document that breaks the contract must fail whoever asked for it, not the relay.
      encode({ kind: 'desired', clusterId: row.clusterId }, document);
      return { cluster_id: row.clusterId, document };
    });
    await tx.manager.query(
      `update cluster_twins t set desired = d.document, desired_version = (d.document ->> 'version')::bigint
         from jsonb_to_recordset($1::jsonb) as d(cluster_id text, document jsonb)
        where t.cluster_id = d.cluster_id`,
      [JSON.stringify(documents)],
    );
    await tx.send(documents.map(({ cluster_id, document }) => message(cluster_id, document)));
    return documents.map(({ cluster_id }) => cluster_id);
  }

  /** Sends the present documents once more, as they are. */
  async sendAgain(tx: Tx, clusterIds: readonly string[]): Promise<void> {
    const rows = await tx.manager.query<{ clusterId: string; desired: DesiredMessage }[]>(
      `select cluster_id as "clusterId", desired from cluster_twins
        where cluster_id = any($1::text[]) and desired is not null order by cluster_id for update`,
      [clusterIds],
    );
    await tx.send(rows.map((row) => message(row.clusterId, row.desired)));
  }

  private async standing(tx: Tx): Promise<MediaRef[]> {
    const rows = await tx.manager.query<(Omit<MediaRef, 'bytes'> & { bytes: string })[]>(
      `select sha256, bytes, duration_s as "durationS", codec from standing_media order by sha256`,
    );
    return rows.map((row) => ({ ...row, bytes: Number(row.bytes) }));
  }

  /** An emergency has its signature, by the key of today; nothing else has one. */
  private provable(clusterId: string, { signature: _before, ...item }: PlanItem): PlanItem {
    return mustBeSigned(item) ? this.keys.sign(buildTopic({ kind: 'desired', clusterId }), item) : item;
  }

  private async lock(tx: Tx, clusterIds: readonly string[]): Promise<TwinRow[]> {
    return await tx.manager.query<TwinRow[]>(
      `select t.cluster_id as "clusterId", t.desired_version as version, t.desired, c.area_id as "areaId",
              c.volume_percent as "volumePercent", c.volume_cap_percent as "volumeCapPercent",
              c.quiet_hours as "quietHours", w.journal, w.seq
         from cluster_twins t join clusters c on c.id = t.cluster_id
         left join lateral (select w.journal, w.seq from play_log_watermarks w
                             where w.cluster_id = t.cluster_id order by w.updated_at desc limit 1) w on true
        where t.cluster_id = any($1::text[]) order by t.cluster_id for update of t`,
      [clusterIds],
    );
  }
}

function message(clusterId: string, document: DesiredMessage): OutboxMessage {
  return {
    topic: buildTopic({ kind: 'desired', clusterId }),
    payload: document,
    retain: true,
    replaces: true,
  };
}

function mediaOf(
  plan: readonly PlanItem[],
  known: ReadonlyMap<string, MediaRef>,
  standing: readonly MediaRef[],
): MediaRef[] {
  const ready = new Set(standing.map(({ sha256 }) => sha256));
  const needed = new Set(plan.map((item) => item.media.sha256).filter((sha256) => !ready.has(sha256)));
  const planned = [...needed].map((sha256) => {
    const ref = known.get(sha256);
    if (!ref) throw new Error(`the plan names a file without its details: ${sha256}`);
    return ref;
  });
  return [...planned, ...standing];
}
