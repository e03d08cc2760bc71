import type { EntityManager } from 'typeorm';
import { Problem } from '../../common/http/problem.js';
import type { AttributesService } from '../attributes/index.js';
import { isSameFibre, keyOf } from './fibre-store.js';
import type { FibreDraft, FibreRow } from './fibre.types.js';

/** Throws 400 with everything that is wrong with the custom attributes of rows that are new or change. */
export async function assertAttributes(
  attributes: AttributesService,
  drafts: readonly FibreDraft[],
  stored: ReadonlyMap<string, FibreRow>,
  name: (row: number, field: string) => string,
  manager: EntityManager,
): Promise<void> {
  const objects = drafts.flatMap((draft, row) => {
    const was = stored.get(keyOf(draft));
    if (was && isSameFibre(was, draft)) return [];
    return [{ values: draft.attributes, stored: was?.attributes, name: (field: string) => name(row, field) }];
  });
  const problems = await attributes.check('fibre', objects, manager);
  if (problems.length > 0) throw Problem.invalid(problems);
}
