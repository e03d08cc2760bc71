import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { JobRunner } from '../../common/jobs/job-runner.js';
import { buildTopic, type LogAckCommand, type LogPosition, type LogRecord } from '../../contract/index.js';
import { PLAYS_RECORDED } from './speakers.events.js';

/** A cluster keeps its records until it is told; one that misses this is told again when it says them again. */
const ACK_VALID_MS = 10 * 60_000;
const ACK_EVERY_S = 1;
const ACKS_AT_ONCE = 5_000;

interface Key {
  clusterId: string;
  journal: string;
  seq: string;
}

/** The records of plays: stored once by (cluster, journal, seq), confirmed up to where no record is missing (rule 9). */
@Injectable()
export class PlayLogService implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly jobs: JobRunner,
  ) {}

  onModuleInit(): void {
    this.jobs.repeat('speakers.log-acks', ACK_EVERY_S, () => this.confirm());
  }

  /** Records of one cluster, in any order, repeats among them. */
  async onLog(clusterId: string, records: readonly LogRecord[]): Promise<void> {
    await this.onLogs(records.map((record) => ({ clusterId, record })));
  }

  /** Records of many clusters in one transaction. */
  async onLogs(items: readonly { clusterId: string; record: LogRecord }[]): Promise<void> {
    if (items.length === 0) return;
    const receivedAt = new Date();
    const json = JSON.stringify(items);
    await this.uow.run(async (tx) => {
      // The watermark's row is locked first, so that two workers never advance one journal at a time.
      const journals = await tx.manager.query<Key[]>(
        `insert into play_log_watermarks (cluster_id, journal, ack_due)
         select distinct i."clusterId", (i.record ->> 'journal')::uuid, true
           from jsonb_to_recordset($1::jsonb) as i("clusterId" text, record jsonb) order by 1, 2
         on conflict (cluster_id, journal) do update set ack_due = true, updated_at = now()
         returning cluster_id as "clusterId", journal, seq`,
        [json],
      );
      const stored = await tx.manager.query<Key[]>(
        `insert into play_log (cluster_id, journal, seq, kind, play_id, at, record, received_at)
         select i."clusterId", (i.record ->> 'journal')::uuid, (i.record ->> 'seq')::bigint, i.record ->> 'kind',
                (i.record ->> 'playId')::uuid, (i.record ->> 'at')::timestamptz, i.record, $2
           from jsonb_to_recordset($1::jsonb) as i("clusterId" text, record jsonb)
         on conflict (cluster_id, journal, seq) do nothing
         returning cluster_id as "clusterId", journal, seq`,
        [json, receivedAt],
      );
      await this.advance(tx, journals);
      const fresh = new Set(stored.map(keyOf));
      const byCluster = new Map<string, LogRecord[]>();
      for (const { clusterId, record } of items) {
        // A record that came twice in one batch is told once.
        if (!fresh.delete(keyOf({ clusterId, journal: record.journal, seq: String(record.seq) }))) continue;
        const list = byCluster.get(clusterId);
        if (list) list.push(record);
        else byCluster.set(clusterId, [record]);
      }
      for (const [clusterId, records] of byCluster) {
        records.sort((a, b) => a.journal.localeCompare(b.journal) || a.seq - b.seq);
        tx.emit(PLAYS_RECORDED, { clusterId, records, receivedAt });
      }
    });
  }

  /**
   * Where the clusters' stores stand, by their births. What a cluster has been told is safe it does not say again, so a
   * server whose database is younger than that begins after it; a cluster that has missed a confirmation gets it again.
   */
  async onPositions(tx: Tx, positions: readonly { clusterId: string; log: LogPosition }[]): Promise<void> {
    const rows = await tx.manager.query<Key[]>(
      `insert into play_log_watermarks (cluster_id, journal, seq)
       select distinct on (p."clusterId", p.log ->> 'journal')
              p."clusterId", (p.log ->> 'journal')::uuid, (p.log ->> 'ackedSeq')::bigint
         from jsonb_to_recordset($1::jsonb) as p("clusterId" text, log jsonb)
        order by p."clusterId", p.log ->> 'journal', (p.log ->> 'ackedSeq')::bigint desc
       on conflict (cluster_id, journal) do update
         set ack_due = play_log_watermarks.ack_due or play_log_watermarks.seq > excluded.seq,
             seq = greatest(play_log_watermarks.seq, excluded.seq), updated_at = now()
       returning cluster_id as "clusterId", journal, seq`,
      [JSON.stringify(positions)],
    );
    await this.advance(tx, rows);
  }

  /** Tells the clusters how far their records are stored. Called again and again; returns how many were told. */
  async confirm(): Promise<number> {
    return this.uow.run(async (tx) => {
      const [rows] = await tx.manager.query<[Key[], number]>(
        `update play_log_watermarks w set ack_due = false
           from (select cluster_id, journal from play_log_watermarks
                  where ack_due order by cluster_id, journal limit $1 for update skip locked) due
          where w.cluster_id = due.cluster_id and w.journal = due.journal
          returning w.cluster_id as "clusterId", w.journal, w.seq`,
        [ACKS_AT_ONCE],
      );
      const told = rows.filter((row) => row.seq !== '0');
      await tx.send(told.map(({ clusterId, journal, seq }) => confirmation(clusterId, journal, Number(seq))));
      return told.length;
    });
  }

  /** Moves each watermark to the last record before the first gap. */
  private async advance(tx: Tx, journals: readonly Key[]): Promise<void> {
    await tx.manager.query(
      `update play_log_watermarks w set seq = reached.seq
         from (select j."clusterId", j.journal, max(run.seq) as seq
                 from jsonb_to_recordset($1::jsonb) as j("clusterId" text, journal uuid, seq bigint)
                 cross join lateral (
                   select p.seq, p.seq - row_number() over (order by p.seq) as start from play_log p
                    where p.cluster_id = j."clusterId" and p.journal = j.journal and p.seq > j.seq) run
                where run.start = j.seq group by 1, 2) reached
        where w.cluster_id = reached."clusterId" and w.journal = reached.journal`,
      [JSON.stringify(journals)],
    );
  }
}

function confirmation(clusterId: string, journal: string, seq: number) {
  const now = Date.now();
  const notAfter = new Date(now + ACK_VALID_MS);
  const payload: LogAckCommand = {
    id: randomUUID(),
    issuedAt: new Date(now).toISOString(),
    notAfter: notAfter.toISOString(),
    priority: 'NORMAL',
    type: 'log-ack',
    watermark: { journal, seq },
  };
  const topic = buildTopic({ kind: 'command', clusterId });
  return { topic, payload, notAfter, ref: `log-ack:${journal}`, replaces: true };
}

function keyOf({ clusterId, journal, seq }: Key): string {
  return `${clusterId} ${journal} ${seq}`;
}
