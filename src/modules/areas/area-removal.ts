import type { EntityManager } from 'typeorm';
import type { Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import type { FullArea } from './area-store.js';

/** What stands on units that are to be taken out: rows of a table, by unit. */
export interface Standing {
  table: string;
  unitCode: string;
  count: number;
}

/**
 * Everything in the register that names one of the units, apart from themselves. The tables are found by their columns
 * (`area_id`, `jurisdiction_area_id`, …): modules that come later than this one are told of as well.
 */
export async function standingOn(manager: EntityManager, ids: readonly string[]): Promise<Standing[]> {
  if (ids.length === 0) return [];
  const columns = await manager.query<{ table: string; column: string; from: string }[]>(
    `select c.relname as "table", quote_ident(a.attname) as "column", c.oid::regclass::text as "from"
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and a.atttypid = 'uuid'::regtype
        and a.attnum > 0 and not a.attisdropped
        and (a.attname ~ '(^|_)area_id$' or (c.relname = 'areas' and a.attname = 'parent_id'))
      order by 1, 2`,
  );
  const found: Standing[] = [];
  for (const { table, column, from } of columns) {
    // The names are the catalogue's own, quoted by it.
    const rows = await manager.query<Omit<Standing, 'table'>[]>(
      `select a.code as "unitCode", count(*)::int as count
         from ${from} t join areas a on a.id = t.${column}
        where t.${column} = any($1::uuid[]) ${table === 'areas' ? 'and t.id <> all($1::uuid[])' : ''}
        group by a.code order by a.code`,
      [ids],
    );
    found.push(...rows.map((row) => ({ table, ...row })));
  }
  return found;
}

/** Takes units out as if they had never been: what an import brought by mistake. Nothing may stand on them any more. */
export async function removeAreas(tx: Tx, areas: readonly FullArea[]): Promise<void> {
  await tx.manager.query(`delete from areas where id = any($1::uuid[])`, [areas.map(({ id }) => id)]);
  for (const before of areas)
    tx.emit(RESOURCE_CHANGED, { resource: 'area', id: before.id, action: 'delete', before, after: null });
}
