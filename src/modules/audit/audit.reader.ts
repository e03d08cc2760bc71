import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, type Page, toPage } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import type { AuditEntryDto, AuditQuery } from './audit.dto.js';

/** `atKey` is `at` to the microsecond, which a Date cannot hold. */
type Row = AuditEntryDto & { atKey: string };

const UTC_MICROSECONDS = 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"';

@Injectable()
export class AuditReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** Newest first. */
  async list(query: AuditQuery): Promise<Page<AuditEntryDto>> {
    const after = position(query.cursor);
    const rows = await this.uow.reader.query<Row[]>(
      `select id, at, json_build_object('kind', actor_kind, 'id', actor_id, 'name', actor_name) as actor,
              correlation_id as "correlationId", resource, resource_id as "resourceId", action, before, after, reason,
              to_char(at at time zone 'UTC', '${UTC_MICROSECONDS}') as "atKey"
         from audit_entries
        where ($1::text is null or resource = $1)
          and ($2::text is null or resource_id = $2)
          and ($3::text is null or actor_id = $3)
          and ($4::text is null or correlation_id = $4)
          and ($5::timestamptz is null or at >= $5)
          and ($6::timestamptz is null or at < $6)
          and ($7::timestamptz is null or (at, id) < ($7, $8::bigint))
        order by at desc, id desc limit $9`,
      [
        query.resource ?? null,
        query.resourceId ?? null,
        query.actorId ?? null,
        query.correlationId ?? null,
        instant('from', query.from),
        instant('to', query.to),
        after?.at ?? null,
        after?.id ?? null,
        query.limit + 1,
      ],
    );
    const page = toPage(rows, query.limit, (row) => `${row.atKey} ${row.id}`);
    return { items: page.items.map(({ atKey: _atKey, ...entry }) => entry), nextCursor: page.nextCursor };
  }
}

function position(cursor: string | undefined): { at: string; id: string } | undefined {
  const key = decodeCursor(cursor);
  if (key === undefined) return undefined;
  const [, at, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z) (\d{1,18})$/.exec(key) ?? [];
  if (at === undefined || id === undefined)
    throw Problem.invalidField('cursor', 'CURSOR', {
      en: 'cursor must be the nextCursor of an earlier page',
      vi: 'cursor phải là nextCursor của trang trước',
    });
  return { at, id };
}

function instant(field: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  const at = new Date(text);
  // The calendar of ISO 8601 has forms (weeks, days of the year) that are checked as right and not understood here.
  if (Number.isNaN(at.getTime()))
    throw Problem.invalidField(field, 'INSTANT', {
      en: `${field} must be an instant like 2026-02-01T00:00:00+07:00`,
      vi: `${field} phải là thời điểm như 2026-02-01T00:00:00+07:00`,
    });
  return at;
}
