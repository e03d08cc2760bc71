import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, type Page, toPage } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import type { DeadLetterDto, DeadLettersQuery, JobDto, JobsQuery, OutboxDto } from './operations.dto.js';

/** How the machinery is doing: jobs, messages on their way out, messages that could not be read. */
@Injectable()
export class OperationsReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** Newest first. */
  async jobs({ state, kind, limit, cursor }: JobsQuery): Promise<Page<JobDto>> {
    const [at, id] = jobCursor(cursor);
    const rows = await this.uow.reader.query<(JobDto & { key: string })[]>(
      `select id, kind, state, progress, progress_note as "progressNote", attempts, error,
              correlation_id as "correlationId", created_at as "createdAt", run_at as "runAt",
              started_at as "startedAt", finished_at as "finishedAt", created_at::text || '|' || id as key
         from jobs
        where ($1::text is null or state = $1) and ($2::text is null or kind = $2)
          and ($3::timestamptz is null or (created_at, id) < ($3, $4::uuid))
        order by created_at desc, id desc limit $5`,
      [state ?? null, kind ?? null, at, id, limit + 1],
    );
    const page = toPage(rows, limit, (row) => row.key);
    return { ...page, items: page.items.map(({ key: _, ...job }) => job) };
  }

  async outbox(): Promise<OutboxDto> {
    const [row] = await this.uow.reader.query<OutboxDto[]>(
      `select count(*)::int as waiting, extract(epoch from now() - min(created_at))::float8 as "oldestS",
              count(*) filter (where last_error is not null)::int as failing, max(last_error) as "lastError"
         from outbox where done_at is null`,
    );
    return row!;
  }

  /** Newest first. Only the newest are kept: overall, and of each cluster. */
  async deadLetters({ clusterId, limit, cursor }: DeadLettersQuery): Promise<Page<DeadLetterDto>> {
    const before = decodeCursor(cursor) ?? null;
    if (before !== null && !/^\d{1,18}$/.test(before)) throw wrongCursor();
    const rows = await this.uow.reader.query<DeadLetterDto[]>(
      `select id, cluster_id as "clusterId", topic, code, reason, payload_bytes as "payloadBytes",
              encode(payload, 'base64') as payload, at
         from dead_letters
        where ($1::text is null or cluster_id = $1) and ($2::bigint is null or id < $2)
        order by id desc limit $3`,
      [clusterId ?? null, before, limit + 1],
    );
    return toPage(rows, limit, (row) => row.id);
  }
}

const JOB_CURSOR = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d(?::?\d\d)?)\|([0-9a-f-]{36})$/;

function jobCursor(cursor: string | undefined): [string | null, string | null] {
  const key = decodeCursor(cursor);
  if (key === undefined) return [null, null];
  const [, at, id] = JOB_CURSOR.exec(key) ?? [];
  if (!at || !id) throw wrongCursor();
  return [at, id];
}

function wrongCursor(): Problem {
  return Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}
