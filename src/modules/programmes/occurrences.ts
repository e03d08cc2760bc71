import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Tx } from '../../common/database/unit-of-work.js';
import type { Bilingual } from '../../common/http/problem.js';
import { BroadcastService } from '../broadcasts/index.js';
import type { Occurrence } from './domain/recurrence.js';
import type { OccurrenceState } from './programme.types.js';

export interface Cause extends Bilingual {
  code: string;
}

/** What is written down of an occurrence, to know whether anything is still to be done about it. */
export interface KnownOccurrence {
  recurrenceId: string;
  state: OccurrenceState;
  contentHash: string;
  changedAt: Date;
}

/** The rows of what became of occurrences. */
@Injectable()
export class ProgrammeOccurrences {
  constructor(private readonly broadcasts: BroadcastService) {}

  async known(manager: EntityManager, programmeId: string): Promise<Map<string, KnownOccurrence>> {
    const rows = await manager.query<KnownOccurrence[]>(
      `select recurrence_id as "recurrenceId", state, content_hash as "contentHash", changed_at as "changedAt"
         from programme_occurrences where programme_id = $1`,
      [programmeId],
    );
    return new Map(rows.map((row) => [row.recurrenceId, row]));
  }

  /** Writes down what became of an occurrence. False when it is a broadcast already, which stays as it is. */
  async record(
    manager: EntityManager,
    programmeId: string,
    { recurrenceId, startMs }: Occurrence,
    outcome: {
      state: OccurrenceState;
      contentHash: string;
      broadcastId?: string;
      cause?: Cause;
    },
  ): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `insert into programme_occurrences as o (programme_id, recurrence_id, starts_at, broadcast_id, state, content_hash,
                                               code, reason_en, reason_vi, changed_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
       on conflict (programme_id, recurrence_id) do update
          set starts_at = excluded.starts_at, broadcast_id = excluded.broadcast_id, state = excluded.state,
              content_hash = excluded.content_hash, code = excluded.code, reason_en = excluded.reason_en,
              reason_vi = excluded.reason_vi, changed_at = excluded.changed_at
        where o.state <> 'PLANNED'
       returning recurrence_id`,
      [
        programmeId,
        recurrenceId,
        new Date(startMs),
        outcome.broadcastId ?? null,
        outcome.state,
        outcome.contentHash,
        outcome.cause?.code ?? null,
        outcome.cause?.en ?? null,
        outcome.cause?.vi ?? null,
      ],
    );
    return rows.length > 0;
  }

  /** Takes back every occurrence that has not begun, out of the plans of its clusters too. Returns how many. */
  async withdraw(tx: Tx, programmeId: string, cause: Cause): Promise<number> {
    const waiting = await tx.manager.query<{ recurrenceId: string; broadcastId: string }[]>(
      `select o.recurrence_id as "recurrenceId", o.broadcast_id as "broadcastId" from programme_occurrences o
        where o.programme_id = $1 and o.state = 'PLANNED' and o.starts_at > $2 order by o.starts_at, o.recurrence_id`,
      [programmeId, new Date()],
    );
    for (const { broadcastId } of waiting) await this.broadcasts.stopIn(tx, null, broadcastId);
    await tx.manager.query(
      `update programme_occurrences set state = 'WITHDRAWN', code = $3, reason_en = $4, reason_vi = $5, changed_at = now()
        where programme_id = $1 and recurrence_id = any($2::text[])`,
      [programmeId, waiting.map(({ recurrenceId }) => recurrenceId), cause.code, cause.en, cause.vi],
    );
    return waiting.length;
  }
}
