import type { EntityManager } from 'typeorm';
import { decodeCursor } from '../../../common/http/page.js';
import { Problem } from '../../../common/http/problem.js';
import { CoverageInputError } from '../domain/index.js';

/** The fields of a run's parameters that name a source. */
export type SourceField = 'populationSource' | 'landCoverSource' | 'waterSource';

/** The version that a page of sources ended with; null on the first. Throws 400. */
export function versionCursor(cursor?: string): string | null {
  const before = decodeCursor(cursor);
  if (before === undefined || /^\d{1,9}$/.test(before)) return before ?? null;
  throw Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}

/** Throws 409 while a run that has not ended is to be reckoned with the source. */
export async function assertUnused(manager: EntityManager, field: SourceField, id: string): Promise<void> {
  const [run] = await manager.query<{ id: string }[]>(
    `select id from coverage_runs where state in ('queued', 'running') and parameters -> $1::text ->> 'id' = $2 limit 1`,
    [field, id],
  );
  if (run)
    throw Problem.conflict('IN_USE', {
      en: 'A run that has not ended yet is reckoned with this source.',
      vi: 'Có lần tính chưa kết thúc đang dùng nguồn này.',
    });
}

/** A run is asked to be reckoned with a source that is there no more. */
export function missingSource(field: string): CoverageInputError {
  return new CoverageInputError(
    `${field}.removed`,
    `The source (${field}) was removed; ask for a run with another, or with none.`,
    `Nguồn dữ liệu (${field}) đã bị xóa; hãy tính lại với nguồn khác hoặc không dùng nguồn.`,
  );
}
