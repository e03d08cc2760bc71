import type { EntityManager } from 'typeorm';
import type { Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import type { ImportResult } from '../areas/index.js';
import { mergeAttributes } from '../attributes/index.js';
import { assertOpen } from './fibre-closed.js';
import { FIBRE_COLUMNS } from './fibre-sql.js';
import type { FibreDraft, FibreRow } from './fibre.types.js';

/** What identifies a row. */
export type FibreKey = Pick<FibreRow, 'areaId' | 'hamletId' | 'operatorCode' | 'quarter'>;

const FIGURES = ['households', 'passed', 'connected', 'passed25Mbps', 'passed100Mbps', 'source'] as const;

export const keyOf = (row: FibreKey): string =>
  `${row.areaId}|${row.hamletId ?? ''}|${row.operatorCode}|${row.quarter}`;

export type FibreValues = Pick<FibreRow, (typeof FIGURES)[number] | 'attributes'>;

/** Whether rows of one key say the same. */
export function isSameFibre(a: FibreValues, b: FibreValues): boolean {
  const told = ({ attributes }: FibreValues) => JSON.stringify(mergeAttributes(attributes));
  return FIGURES.every((field) => a[field] === b[field]) && told(a) === told(b);
}

/** One writer at a time: what is told as "before" must be what was there. Readers are not held up. */
export async function lockFibre(manager: EntityManager): Promise<void> {
  await manager.query('lock table fibre_coverage in share row exclusive mode');
}

/** Stored rows by `keyOf`; those of a closed quarter as its last snapshot has them. */
export async function loadFibre(
  manager: EntityManager,
  keys: readonly FibreKey[],
): Promise<Map<string, FibreRow>> {
  const rows = await manager.query<FibreRow[]>(
    `select ${FIBRE_COLUMNS} from fibre_figures f
      join jsonb_to_recordset($1::jsonb) as k("areaId" uuid, "hamletId" uuid, "operatorCode" text, quarter text)
        on f.area_id = k."areaId" and f.hamlet_id is not distinct from k."hamletId"
       and f.operator_code = k."operatorCode" and f.quarter = k.quarter`,
    [
      JSON.stringify(
        keys.map(({ areaId, hamletId, operatorCode, quarter }) => ({
          areaId,
          hamletId,
          operatorCode,
          quarter,
        })),
      ),
    ],
  );
  return new Map(rows.map((row) => [keyOf(row), row]));
}

/** Stores rows over what was there; rows that are as stored already are left alone. Throws 409 for a closed quarter. */
export async function storeFibre(
  tx: Tx,
  drafts: readonly FibreDraft[],
): Promise<{ result: ImportResult; rows: FibreRow[] }> {
  await lockFibre(tx.manager);
  const before = await loadFibre(tx.manager, drafts);
  const changed = drafts.filter((draft) => {
    const was = before.get(keyOf(draft));
    return !(was && isSameFibre(was, draft));
  });
  await assertOpen(
    tx.manager,
    changed.map(({ quarter }) => quarter),
  );
  await tx.manager.query(
    `insert into fibre_coverage (area_id, hamlet_id, operator_code, quarter, households, passed, connected,
                                 passed_25_mbps, passed_100_mbps, source, attributes)
     select "areaId", "hamletId", "operatorCode", quarter, households, passed, connected, "passed25Mbps",
            "passed100Mbps", source, attributes
       from jsonb_to_recordset($1::jsonb) as r(
              "areaId" uuid, "hamletId" uuid, "operatorCode" text, quarter text, households int, passed int,
              connected int, "passed25Mbps" int, "passed100Mbps" int, source text,
              attributes jsonb)
     on conflict (area_id, hamlet_id, operator_code, quarter) do update set
       households = excluded.households, passed = excluded.passed, connected = excluded.connected,
       passed_25_mbps = excluded.passed_25_mbps, passed_100_mbps = excluded.passed_100_mbps,
       source = excluded.source, attributes = excluded.attributes, version = fibre_coverage.version + 1, updated_at = now()`,
    [JSON.stringify(changed)],
  );
  const after = await loadFibre(tx.manager, drafts);
  for (const row of changed) {
    const was = before.get(keyOf(row)) ?? null;
    const is = after.get(keyOf(row));
    if (!is) throw new Error(`the figures of ${keyOf(row)} were not stored`);
    const action = was ? 'update' : 'create';
    tx.emit(RESOURCE_CHANGED, { resource: 'fibre', id: is.id, action, before: was, after: is });
  }
  const created = changed.filter((row) => !before.has(keyOf(row))).length;
  const result = { created, updated: changed.length - created, unchanged: drafts.length - changed.length };
  return { result, rows: drafts.flatMap((row) => after.get(keyOf(row)) ?? []) };
}

/** Takes rows out, as if they had never been recorded. Throws 409 for a closed quarter. */
export async function removeFibre(tx: Tx, rows: readonly FibreRow[]): Promise<void> {
  await lockFibre(tx.manager);
  await assertOpen(
    tx.manager,
    rows.map(({ quarter }) => quarter),
  );
  await tx.manager.query(`delete from fibre_coverage where id = any($1::uuid[])`, [rows.map(({ id }) => id)]);
  for (const row of rows)
    tx.emit(RESOURCE_CHANGED, { resource: 'fibre', id: row.id, action: 'delete', before: row, after: null });
}
