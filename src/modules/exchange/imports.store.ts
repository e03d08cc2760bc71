import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { enqueueJob } from '../../common/jobs/job-store.js';
import type { Mapping } from './domain/sheet.js';
import type { ImportError, ImportRun, ImportState, NewImport } from './import.types.js';

export const IMPORT_JOB = 'exchange.import';

const COLUMNS = `i.id, i.resource, i.source_name as "sourceName", i.file_name as "fileName",
  i.file_bytes::float8 as "fileBytes", i.sheet_name as "sheetName", i.mode, i.on_errors as "onErrors", i.mapping,
  i.state, i.actor, i.job_id as "jobId", i.headings, i.counts, i.error, coalesce(j.progress, 0) as progress,
  j.progress_note as "progressNote", i.created_at as "createdAt", i.finished_at as "finishedAt"`;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Imports and their states. A change of state names the states it may come from: whoever comes second changes nothing. */
@Injectable()
export class ImportsStore {
  constructor(private readonly uow: UnitOfWork) {}

  async get(id: string, manager: EntityManager = this.uow.reader): Promise<ImportRun> {
    const [found] = UUID.test(id)
      ? await manager.query<ImportRun[]>(
          `select ${COLUMNS} from imports i left join jobs j on j.id = i.job_id where i.id = $1`,
          [id],
        )
      : [];
    if (!found) throw Problem.notFound({ en: 'import', vi: 'lần nhập' }, id);
    return found;
  }

  /** Newest first. */
  async list(limit: number, cursor?: string): Promise<Page<ImportRun>> {
    const [at, id] = decodeCursor(cursor)?.split(' ') ?? [];
    if (cursor !== undefined && !(at && !Number.isNaN(Date.parse(at)) && id && UUID.test(id)))
      throw Problem.invalidField('cursor', 'CURSOR', {
        en: 'cursor must be the nextCursor of an earlier page',
        vi: 'cursor phải là nextCursor của trang trước',
      });
    const rows = await this.uow.reader.query<(ImportRun & { key: string })[]>(
      `select ${COLUMNS}, to_char(i.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as key
         from imports i left join jobs j on j.id = i.job_id
        where $1::timestamptz is null or (i.created_at, i.id) < ($1, $2::uuid)
        order by i.created_at desc, i.id desc limit $3`,
      [at ?? null, id ?? null, limit + 1],
    );
    return toPage(rows, limit, (row) => `${row.key} ${row.id}`);
  }

  /** Writes the import and its job down under an id that its file has already. */
  async create(id: string, asked: NewImport): Promise<void> {
    await this.uow.run(async ({ manager }) => {
      await manager.query(
        `insert into imports (id, resource, source_name, file_name, file_bytes, sheet_name, mode, on_errors, mapping, actor, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, $10::jsonb, 'queued')`,
        [
          id,
          asked.resource,
          asked.sourceName,
          asked.fileName,
          asked.fileBytes,
          asked.sheetName,
          asked.mode,
          asked.onErrors,
          JSON.stringify(asked.mapping),
          JSON.stringify(asked.actor),
        ],
      );
      await this.enqueue(manager, id);
    });
  }

  /** Puts an import that was only checked to work again, now to be applied. False when it is in no such state. */
  async askToApply(id: string, asked: Pick<NewImport, 'onErrors' | 'actor'>): Promise<boolean> {
    return this.uow.run(async ({ manager }) => {
      const [, count] = await manager.query<[unknown, number]>(
        `update imports set state = 'queued', mode = 'apply', on_errors = $2, actor = $3::jsonb, error = null,
                finished_at = null
          where id = $1 and state in ('checked', 'refused', 'failed', 'cancelled')`,
        [id, asked.onErrors, JSON.stringify(asked.actor)],
      );
      if (count > 0) await this.enqueue(manager, id);
      return count > 0;
    });
  }

  private async enqueue(manager: EntityManager, id: string): Promise<void> {
    const jobId = await enqueueJob(manager, { kind: IMPORT_JOB, payload: { importId: id }, maxAttempts: 2 });
    await manager.query(`update imports set job_id = $2 where id = $1`, [id, jobId]);
  }

  /** False when the import is not (any longer) in one of the states. */
  async move(
    tx: Pick<Tx, 'manager'>,
    id: string,
    from: readonly ImportState[],
    to: ImportState,
    what: { jobId?: string; counts?: object; headings?: string[]; error?: ImportError } = {},
  ): Promise<boolean> {
    const ended = !['queued', 'checking', 'applying'].includes(to);
    const [, count] = await tx.manager.query<[unknown, number]>(
      `update imports set state = $3, counts = coalesce($5::jsonb, counts), headings = coalesce($6::jsonb, headings),
              error = $7::jsonb, finished_at = case when $8::boolean then now() end
        where id = $1 and state = any($2::text[]) and ($4::uuid is null or job_id = $4)`,
      [
        id,
        from,
        to,
        what.jobId ?? null,
        what.counts ? JSON.stringify(what.counts) : null,
        what.headings ? JSON.stringify(what.headings) : null,
        what.error ? JSON.stringify(what.error) : null,
        ended,
      ],
    );
    return count > 0;
  }

  /** What was said of a source's columns the last time; nothing for a new source. */
  async mappingOf(sourceName: string, resource: string): Promise<Mapping> {
    const [found] = await this.uow.reader.query<{ mapping: Mapping }[]>(
      `select mapping from import_mappings where source_name = $1 and resource = $2`,
      [sourceName, resource],
    );
    return found?.mapping ?? {};
  }

  async rememberMapping(sourceName: string, resource: string, mapping: Mapping): Promise<void> {
    await this.uow.run(({ manager }) =>
      manager.query(
        `insert into import_mappings (source_name, resource, mapping) values ($1, $2, $3::jsonb)
         on conflict (source_name, resource) do update set mapping = excluded.mapping, updated_at = now()`,
        [sourceName, resource, JSON.stringify(mapping)],
      ),
    );
  }
}
