import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { unpackArrays } from '../coverage/index.js';
import type { ReachData } from './reach-data.js';
import type {
  ReachManifest,
  ReachRun,
  ReachRunState,
  ReachRunSummary,
  StoredFigure,
  StoredSpot,
} from './reach.types.js';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const INSTANT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/;
/** Cells of a run are a few megabytes, and asked for again and again while somebody looks at a map. */
const RUNS_KEPT = 2;

/** A run that has not ended is in the state of its job, whatever happens to the job. */
const STATE = `case when r.state not in ('queued', 'running') then r.state
  when j.id is null or j.state = 'done' then 'failed' else j.state end`;
const SUMMARY = `r.id, r.title, ${STATE} as state, r.job_id as "jobId",
  case when r.state = 'done' then 1 else coalesce(j.progress, 0) end as progress,
  case when r.state in ('queued', 'running') then j.progress_note end as "progressNote",
  r.boundary_date::text as "boundaryDate", r.resolution, (r.manifest->>'synthetic')::boolean as synthetic,
  coalesce(r.error, case when ${STATE} = 'failed' then jsonb_build_object('code', 'JOB',
    'messageEn', coalesce(j.error, 'The job of this run is gone.'),
    'messageVi', coalesce('Tác vụ bị lỗi: ' || j.error, 'Tác vụ của lần tính này không còn nữa.')) end) as error,
  r.created_by as "createdBy", r.created_at as "createdAt",
  case when ${STATE} in ('queued', 'running') then null else coalesce(r.finished_at, j.finished_at) end as "finishedAt"`;
const FROM = `from reach_runs r left join jobs j on j.id = r.job_id`;

export type DoneRun = ReachRun & { manifest: ReachManifest };

/** Runs as they are now, and what those that are done have to say. */
@Injectable()
export class ReachRunsReader {
  /** By run, the last used last. A finished run never changes. */
  private readonly kept = new Map<string, Promise<ReachData>>();

  constructor(private readonly uow: UnitOfWork) {}

  /** Newest first. */
  async list(
    state: ReachRunState | undefined,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<ReachRunSummary>> {
    const { at, id } = cursorOf(cursor);
    const rows = await this.uow.reader.query<(ReachRunSummary & { key: string })[]>(
      `select ${SUMMARY}, r.created_at::text as key ${FROM}
        where ($1::timestamptz is null or (r.created_at, r.id) < ($1::timestamptz, $2::uuid))
          and ($3::text is null or ${STATE} = $3)
        order by r.created_at desc, r.id desc limit $4`,
      [at, id, state ?? null, limit + 1],
    );
    const { items, nextCursor } = toPage(rows, limit, (row) => `${row.key}|${row.id}`);
    return { items: items.map(({ key: _key, ...run }) => run), nextCursor };
  }

  /** Throws 404. */
  async get(id: string): Promise<ReachRun> {
    const rows = UUID.test(id)
      ? await this.uow.reader.query<ReachRun[]>(
          `select ${SUMMARY}, r.parameters, r.manifest, r.warnings ${FROM} where r.id = $1`,
          [id],
        )
      : [];
    if (!rows[0]) throw Problem.notFound({ en: 'reach run', vi: 'lần tính tầm nghe loa' }, id);
    return rows[0];
  }

  /** The run, when there are figures of it. Throws 404, and 409 when it is not done. */
  async getDone(id: string): Promise<DoneRun> {
    const run = await this.get(id);
    if (run.state === 'done' && run.manifest) return { ...run, manifest: run.manifest };
    throw Problem.conflict('RUN_NOT_DONE', {
      en: `The run is ${run.state}: it has no figures${run.state === 'queued' || run.state === 'running' ? ' yet' : ''}.`,
      vi: `Lần tính đang ở trạng thái "${run.state}": không có số liệu.`,
    });
  }

  async figures(run: DoneRun): Promise<StoredFigure[]> {
    return (await this.stored<{ figures: StoredFigure[] }>(run, 'figures')).figures;
  }

  async spots(run: DoneRun): Promise<StoredSpot[]> {
    return (await this.stored<{ spots: StoredSpot[] }>(run, 'silent_spots as spots')).spots;
  }

  /** Cell by cell. */
  async data(run: DoneRun): Promise<ReachData> {
    const found = this.kept.get(run.id) ?? this.load(run);
    this.kept.delete(run.id);
    this.kept.set(run.id, found);
    const oldest = this.kept.keys().next().value;
    if (this.kept.size > RUNS_KEPT && oldest !== undefined) this.kept.delete(oldest);
    try {
      return await found;
    } catch (error) {
      this.kept.delete(run.id);
      throw error;
    }
  }

  private async load(run: DoneRun): Promise<ReachData> {
    return unpackArrays<ReachData>((await this.stored<{ cells: Buffer }>(run, 'cells')).cells);
  }

  private async stored<T>(run: DoneRun, column: string): Promise<T> {
    const rows = await this.uow.reader.query<T[]>(`select ${column} from reach_runs where id = $1`, [run.id]);
    if (!rows[0]) throw new Error(`the reach run ${run.id} is missing`);
    return rows[0];
  }
}

function cursorOf(cursor: string | undefined): { at: string | null; id: string | null } {
  const key = decodeCursor(cursor);
  if (key === undefined) return { at: null, id: null };
  const [at, id] = key.split('|');
  if (at && id && UUID.test(id) && INSTANT.test(at)) return { at, id };
  throw wrongCursor();
}

export function wrongCursor(): Problem {
  return Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}
