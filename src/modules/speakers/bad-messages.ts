import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';

/** Something received that could not be used. */
export interface BadMessage {
  /** As the topic has it; stored only when it is a cluster of ours. */
  clusterId: string | null;
  topic: string;
  payload: Uint8Array;
  /** A decode error of the contract, or HANDLER_FAILED. */
  code: string;
  reason: string;
}

export const KEPT_OVERALL = 1_000;
export const KEPT_PER_CLUSTER = 50;
const PAYLOAD_BYTES = 4 * 1024;

/** Rule 14: bad payloads are counted for ever, and the newest are kept for a look. */
@Injectable()
export class BadMessages {
  constructor(private readonly uow: UnitOfWork) {}

  async record(letters: readonly BadMessage[]): Promise<void> {
    if (letters.length === 0) return;
    await this.uow.run(async ({ manager }) => {
      const known = await manager.query<{ id: string }[]>(
        `select id from clusters where id = any($1::text[])`,
        [[...new Set(letters.map((letter) => letter.clusterId))].filter((id) => id !== null)],
      );
      const ids = new Set(known.map(({ id }) => id));
      const rows = letters.map((letter) => ({
        cluster_id: letter.clusterId !== null && ids.has(letter.clusterId) ? letter.clusterId : null,
        topic: storable(letter.topic, 300),
        payload: Buffer.from(letter.payload.subarray(0, PAYLOAD_BYTES)).toString('base64'),
        payload_bytes: letter.payload.byteLength,
        code: letter.code,
        reason: storable(letter.reason, 300),
      }));
      await manager.query(
        `insert into dead_letter_counts (cluster_id, code, count)
         select coalesce(l.cluster_id, ''), l.code, count(*)
           from jsonb_to_recordset($1::jsonb) as l(cluster_id text, code text) group by 1, 2 order by 1, 2
         on conflict (cluster_id, code)
         do update set count = dead_letter_counts.count + excluded.count, last_at = now()`,
        [JSON.stringify(rows)],
      );
      await manager.query(
        `insert into dead_letters (cluster_id, topic, payload, payload_bytes, code, reason)
         select cluster_id, topic, decode(payload, 'base64'), payload_bytes, code, reason
           from jsonb_to_recordset($1::jsonb)
                as l(cluster_id text, topic text, payload text, payload_bytes int, code text, reason text)`,
        [JSON.stringify(rows.slice(-KEPT_OVERALL))],
      );
      for (const { id } of known)
        await manager.query(
          `delete from dead_letters where cluster_id = $1 and id <= (
             select id from dead_letters where cluster_id = $1 order by id desc offset $2 limit 1)`,
          [id, KEPT_PER_CLUSTER],
        );
      await manager.query(
        `delete from dead_letters where id <= (select id from dead_letters order by id desc offset $1 limit 1)`,
        [KEPT_OVERALL],
      );
    });
  }
}

/** Texts of the database hold no NUL and no half characters. */
function storable(text: string, length: number): string {
  return Buffer.from(text.slice(0, length), 'utf8').toString('utf8').replaceAll('\0', '\uFFFD');
}
