import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import type { CoverageRun, CoverageRunSummary, RunState } from './coverage.types.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * A run that has not ended is in the state of its job: whatever happens to the job, also where nobody was left to write
 * it down, shows here at once.
 */
const STATE = `case when r.state not in ('queued', 'running') then r.state
  when j.id is null or j.state = 'done' then 'failed' else j.state end`;

const SUMMARY = `r.id, r.title, ${STATE} as state, r.job_id as "jobId",
  case when r.state = 'done' then 1 else coalesce(j.progress, 0) end as progress,
  case when r.state in ('queued', 'running') then j.progress_note end as "progressNote",
  r.boundary_date::text as "boundaryDate", r.resolution, r.parameters->'environments' as environments,
  r.parameters->'probabilities' as probabilities, r.data_version as "dataVersion",
  (r.manifest->>'synthetic')::boolean as synthetic,
  coalesce(r.error, case when ${STATE} = 'failed' then jsonb_build_object('code', 'JOB',
    'messageEn', coalesce(j.error, 'The job of this run is gone.'),
    'messageVi', coalesce('Tác vụ bị lỗi: ' || j.error, 'Tác vụ của lần tính này không còn nữa.')) end) as error,
  r.created_by as "createdBy", r.created_at as "createdAt",
  case when ${STATE} in ('queued', 'running') then null else coalesce(r.finished_at, j.finished_at) end as "finishedAt"`;
const FROM = `from coverage_runs r left join jobs j on j.id = r.job_id`;

/** Runs as they are now. */
@Injectable()
export class RunsReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** Newest first. */
  async list(
    filter: { state?: RunState },
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<CoverageRunSummary>> {
    const { at, id } = cursorOf(cursor);
    const rows = await this.uow.reader.query<(CoverageRunSummary & { key: string })[]>(
      `select ${SUMMARY}, r.created_at::text as key ${FROM}
        where ($1::timestamptz is null or (r.created_at, r.id) < ($1::timestamptz, $2::uuid))
          and ($3::text is null or ${STATE} = $3)
        order by r.created_at desc, r.id desc limit $4`,
      [at, id, filter.state ?? null, limit + 1],
    );
    const { items, nextCursor } = toPage(rows, limit, (row) => `${row.key}|${row.id}`);
    return { items: items.map(({ key: _key, ...run }) => run), nextCursor };
  }

  /** Throws 404. */
  async get(id: string, manager: EntityManager = this.uow.reader): Promise<CoverageRun> {
    const rows = UUID.test(id)
      ? await manager.query<CoverageRun[]>(
          `select ${SUMMARY}, r.parameters, r.manifest, r.warnings ${FROM} where r.id = $1`,
          [id],
        )
      : [];
    if (!rows[0]) throw Problem.notFound({ en: 'coverage run', vi: 'lần tính vùng phủ' }, id);
    return rows[0];
  }

  /** The run, when there are figures of it. Throws 404, and 409 when it is not done. */
  async getDone(id: string): Promise<CoverageRun & { manifest: NonNullable<CoverageRun['manifest']> }> {
    const run = await this.get(id);
    if (run.state === 'done' && run.manifest) return { ...run, manifest: run.manifest };
    throw Problem.conflict('RUN_NOT_DONE', {
      en: `The run is ${run.state}: it has no figures${run.state === 'queued' || run.state === 'running' ? ' yet' : ''}.`,
      vi: `Lần tính đang ở trạng thái "${run.state}": không có số liệu.`,
    });
  }
}

function cursorOf(cursor: string | undefined): { at: string | null; id: string | null } {
  const key = decodeCursor(cursor);
  if (key === undefined) return { at: null, id: null };
  const [at, id] = key.split('|');
  if (at && id && UUID.test(id) && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/.test(at))
    return { at, id };
  throw Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}
