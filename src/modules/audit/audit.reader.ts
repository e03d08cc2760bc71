import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { type Page, toPage } from '../../common/http/page.js';
import type { AuditEntryDto, AuditQuery } from './audit.dto.js';
import { ACTOR, AT_EXACT, decodeEntryKey, entryKey, instant } from './entry-sql.js';

type Row = AuditEntryDto & { atKey: string };

@Injectable()
export class AuditReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** Newest first. */
  async list(query: AuditQuery): Promise<Page<AuditEntryDto>> {
    const after = decodeEntryKey(query.cursor);
    const rows = await this.uow.reader.query<Row[]>(
      `select id, at, ${ACTOR} as actor,
              correlation_id as "correlationId", resource, resource_id as "resourceId", action, before, after, reason,
              ${AT_EXACT} as "atKey"
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
    const page = toPage(rows, query.limit, entryKey);
    return { items: page.items.map(({ atKey: _atKey, ...entry }) => entry), nextCursor: page.nextCursor };
  }
}
