import type { EntityManager } from 'typeorm';
import { eventType } from '../../common/events/event-bus.js';
import type { ChangeDto } from './change-feed.dto.js';
import { diff } from './domain/diff.js';
import { ACTOR, AT_EXACT } from './entry-sql.js';

/** Entries that the running transaction has written down, for who must note them in the same transaction. */
export const AUDIT_WRITTEN = eventType<{ entries: { id: string; resource: string }[] }>('audit.written');

/** A written change with what differs. */
export type WrittenChange = ChangeDto;

/** What a query for `readChange` selects of `audit_entries`. */
export const CHANGE_COLUMNS = `id, ${AT_EXACT} as at, ${ACTOR} as actor, correlation_id as "correlationId",
  resource, resource_id as "resourceId", action, before, after, reason`;
export type ChangeRow = Omit<WrittenChange, 'changes'>;

export function readChange(row: ChangeRow): WrittenChange {
  return { ...row, changes: diff(row.before, row.after) };
}

/** Changes by the ids of their entries. */
export async function changesById(
  manager: EntityManager,
  ids: readonly string[],
): Promise<Map<string, WrittenChange>> {
  const rows = await manager.query<ChangeRow[]>(
    `select ${CHANGE_COLUMNS} from audit_entries where id = any($1::bigint[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, readChange(row)]));
}
