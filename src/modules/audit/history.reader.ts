import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { type Page, toPage } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import type { AuditEntryDto } from './audit.dto.js';
import { diff } from './domain/diff.js';
import { ACTOR, AT_EXACT, decodeEntryKey, entryKey, exactInstant } from './entry-sql.js';
import type { AsOfDto, HistoryEntryDto, HistoryQuery } from './history.dto.js';

type EntryRow = Omit<AuditEntryDto, 'at' | 'resource' | 'resourceId'> & { atKey: string };
type AsOfRow = Omit<AsOfDto, 'resource' | 'resourceId' | 'state'> & {
  action: AuditEntryDto['action'];
  after: object | null;
};

/** Things whose entries hold what happened to them rather than all that they are. */
const PARTIAL = new Set(['session', 'broadcast', 'coverage-run', 'reach-run']);

/** One thing's changes, and the thing as it was. Both walk the index by resource, id and time. */
@Injectable()
export class HistoryReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** Newest first. 404 for a thing that the trail knows nothing of. */
  async list(resource: string, id: string, query: HistoryQuery): Promise<Page<HistoryEntryDto>> {
    const after = decodeEntryKey(query.cursor);
    const rows = await this.uow.reader.query<EntryRow[]>(
      `select id, ${AT_EXACT} as "atKey", ${ACTOR} as actor, correlation_id as "correlationId",
              action, before, after, reason
         from audit_entries
        where resource = $1 and resource_id = $2 and ($3::timestamptz is null or (at, id) < ($3, $4::bigint))
        order by at desc, id desc limit $5`,
      [resource, id, after?.at ?? null, after?.id ?? null, query.limit + 1],
    );
    if (rows.length === 0 && !after) throw unknown(resource, id);
    const page = toPage(rows, query.limit, entryKey);
    return {
      items: page.items.map(({ atKey, ...entry }) => ({
        ...entry,
        at: atKey,
        changes: diff(entry.before, entry.after),
      })),
      nextCursor: page.nextCursor,
    };
  }

  /** The thing as it was at `time`. 404, saying which, when it was not there yet, or not any more. */
  async at(resource: string, id: string, time: string): Promise<AsOfDto> {
    const moment = exactInstant('time', time);
    if (PARTIAL.has(resource))
      throw Problem.invalidField('resource', 'PARTIAL', {
        en: `what is written down of each "${resource}" is what happened to it, not all that it was`,
        vi: `với "${resource}" chỉ ghi lại sự việc đã xảy ra, không ghi toàn bộ trạng thái`,
      });
    const [row] = await this.uow.reader.query<AsOfRow[]>(
      `select e.id as "entryId", e.action, e.after, ${ACTOR} as actor, e.reason,
              e.correlation_id as "correlationId", ${AT_EXACT} as since,
              (select ${AT_EXACT} from audit_entries
                where resource = $1 and resource_id = $2 and (at, id) > (e.at, e.id)
                order by at, id limit 1) as until
         from audit_entries e
        where e.resource = $1 and e.resource_id = $2 and e.at <= $3::timestamptz
        order by e.at desc, e.id desc limit 1`,
      [resource, id, moment],
    );
    if (!row) throw await this.notYet(resource, id, time);
    const { action, after, ...found } = row;
    if (action === 'delete' || after === null)
      throw new Problem(404, 'DELETED', {
        en: `The ${resource} "${id}" had been deleted by then: at ${found.since}, by ${found.actor.name}.`,
        vi: `${resource} "${id}" khi đó đã bị xoá: lúc ${found.since}, bởi ${found.actor.name}.`,
      });
    return { resource, resourceId: id, ...found, state: after };
  }

  private async notYet(resource: string, id: string, time: string): Promise<Problem> {
    const [first] = await this.uow.reader.query<{ at: string }[]>(
      `select ${AT_EXACT} as at from audit_entries
        where resource = $1 and resource_id = $2 order by audit_entries.at, id limit 1`,
      [resource, id],
    );
    if (!first) return unknown(resource, id);
    return new Problem(404, 'NOT_YET', {
      en: `Nothing is on record of the ${resource} "${id}" at ${time}: its first record is of ${first.at}.`,
      vi: `Chưa có ghi nhận nào về ${resource} "${id}" lúc ${time}: ghi nhận đầu tiên là lúc ${first.at}.`,
    });
  }
}

function unknown(resource: string, id: string): Problem {
  return Problem.notFound({ en: `record of any ${resource}`, vi: `ghi nhận nào về ${resource}` }, id);
}
