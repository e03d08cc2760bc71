import { fieldProblem, type FieldProblem } from '../../common/http/problem.js';
import type { SiteRecord } from './domain/site-model.js';
import type { SiteInput, StoredSite } from './site.types.js';

/** How a violation's field is named to the caller: `rows.12.code` for one of many, `code` for a single one. */
export type FieldName = (row: number, field: string) => string;

/** The record with the stored state where its input does not name one. */
export function keepState(
  record: SiteRecord,
  input: SiteInput | undefined,
  stored: StoredSite | undefined,
): SiteRecord {
  if (!stored || (input?.lifecycle !== undefined && input.lifecycle !== stored.lifecycle)) return record;
  return {
    ...record,
    lifecycle: stored.lifecycle,
    lifecycleReason: input?.lifecycleReason ?? stored.lifecycleReason,
    lifecycleNote: input?.lifecycleNote === undefined ? stored.lifecycleNote : input.lifecycleNote,
  };
}

/** A stored site changes its state by a transition only, so that each step has its day, its reason and who told it. */
export function stateChanges(
  record: SiteRecord,
  stored: StoredSite | undefined,
  row: number,
  name: FieldName,
): FieldProblem[] {
  if (!stored) return [];
  return (['lifecycle', 'lifecycleReason'] as const)
    .filter((field) => record[field] !== stored[field])
    .slice(0, 1)
    .map((field) =>
      fieldProblem(name(row, field), 'TRANSITION', {
        en: `the site is ${stored.lifecycle}; to change that use POST /api/v1/sites/${stored.code}/transitions`,
        vi: `trạm đang ở trạng thái ${stored.lifecycle}; muốn đổi hãy dùng POST /api/v1/sites/${stored.code}/transitions`,
      }),
    );
}
