import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { fieldProblem, Problem } from '../../common/http/problem.js';
import { AreasService, type ImportResult } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import type { PlainKind, PlainLoudspeakersImport } from './speakers.types.js';

/** How many loudspeakers of a kind that no network reaches a unit has. */
export interface PlainLoudspeakersRow {
  areaId: string;
  areaCode: string;
  areaName: string;
  kind: PlainKind;
  count: number;
  source: string;
}

export type StoredPlain = PlainLoudspeakersImport & { version: number };

/** FM and wired loudspeakers: inventory only, no message reaches them. */
@Injectable()
export class PlainLoudspeakers {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  async list(filter: {
    areaIds?: readonly string[];
    limit: number;
    cursor?: string;
  }): Promise<Page<PlainLoudspeakersRow>> {
    const rows = await this.uow.reader.query<PlainLoudspeakersRow[]>(
      `select p.area_id as "areaId", a.code as "areaCode", a.full_name as "areaName", p.kind, p.count, p.source
         from plain_loudspeakers p join areas a on a.id = p.area_id
        where ($1::uuid[] is null or p.area_id = any($1))
          and ($2::text is null or p.area_id::text || ' ' || p.kind > $2)
        order by p.area_id::text || ' ' || p.kind limit $3`,
      [filter.areaIds ?? null, decodeCursor(filter.cursor) ?? null, filter.limit + 1],
    );
    return toPage(rows, filter.limit, (row) => `${row.areaId} ${row.kind}`);
  }

  /** Sets the number of one kind in one unit; 0 is a number too. */
  async put(actor: Actor, row: PlainLoudspeakersImport): Promise<void> {
    await this.uow.run(async (tx) => {
      await this.areas.get(row.areaId, tx.manager);
      await this.areas.assertWithinJurisdiction(actor, [row.areaId], tx.manager);
      await this.importPlainLoudspeakers([row], tx);
    });
  }

  /** Stores counts by unit and kind; all rows or none. */
  async importPlainLoudspeakers(rows: readonly PlainLoudspeakersImport[], tx?: Tx): Promise<ImportResult> {
    const bad = rows.flatMap(({ count }, i) =>
      Number.isInteger(count) && count >= 0 && count <= 1_000_000
        ? []
        : [
            fieldProblem(`rows.${i}.count`, 'RANGE', {
              en: 'count must be a whole number from 0 to 1000000',
              vi: 'count phải là số nguyên từ 0 đến 1000000',
            }),
          ],
    );
    if (bad.length > 0) throw Problem.invalid(bad);
    return tx ? this.store(tx, rows) : this.uow.run((tx_) => this.store(tx_, rows));
  }

  private async store(tx: Tx, rows: readonly PlainLoudspeakersImport[]): Promise<ImportResult> {
    const known = await tx.manager.query<PlainLoudspeakersImport[]>(
      `select area_id as "areaId", kind, count, source from plain_loudspeakers
        where area_id = any($1::uuid[]) order by area_id, kind for update`,
      [[...new Set(rows.map(({ areaId }) => areaId))]],
    );
    const before = new Map(known.map((row) => [keyOf(row), row]));
    const last = new Map(rows.map((row) => [keyOf(row), row]));
    const changed = [...last.values()].filter((row) => {
      const earlier = before.get(keyOf(row));
      return earlier?.count !== row.count || earlier.source !== row.source;
    });
    await tx.manager.query(
      `insert into plain_loudspeakers (area_id, kind, count, source)
       select r."areaId", r.kind, r.count, r.source
         from jsonb_to_recordset($1::jsonb) as r("areaId" uuid, kind text, count int, source text) order by 1, 2
       on conflict (area_id, kind)
       do update set count = excluded.count, source = excluded.source,
                     version = plain_loudspeakers.version + 1, updated_at = now()`,
      [JSON.stringify(changed)],
    );
    for (const after of changed) {
      const earlier = before.get(keyOf(after)) ?? null;
      const action = earlier ? 'update' : 'create';
      tx.emit(RESOURCE_CHANGED, {
        resource: 'plain-loudspeakers',
        id: `${after.areaId}/${after.kind}`,
        action,
        before: earlier,
        after,
      });
    }
    const updated = changed.filter((row) => before.has(keyOf(row))).length;
    return { created: changed.length - updated, updated, unchanged: rows.length - changed.length };
  }
}

/** What units have, of every kind, by `areaId/kind`. */
export async function loadPlain(
  manager: EntityManager,
  areaIds: readonly string[],
  lock: 'for update' | '' = '',
): Promise<Map<string, StoredPlain>> {
  const rows = await manager.query<StoredPlain[]>(
    `select area_id as "areaId", kind, count, source, version from plain_loudspeakers
      where area_id = any($1::uuid[]) order by area_id, kind ${lock}`,
    [[...new Set(areaIds)]],
  );
  return new Map(rows.map((row) => [`${row.areaId}/${row.kind}`, row]));
}

/** Takes numbers out as if nobody had ever given them: what an import brought by mistake. */
export async function removePlain(tx: Tx, rows: readonly StoredPlain[]): Promise<void> {
  await tx.manager.query(
    `delete from plain_loudspeakers p using jsonb_to_recordset($1::jsonb) as r("areaId" uuid, kind text)
      where p.area_id = r."areaId" and p.kind = r.kind`,
    [JSON.stringify(rows)],
  );
  for (const before of rows) {
    const id = `${before.areaId}/${before.kind}`;
    tx.emit(RESOURCE_CHANGED, { resource: 'plain-loudspeakers', id, action: 'delete', before, after: null });
  }
}

function keyOf({ areaId, kind }: { areaId: string; kind: string }): string {
  return `${areaId} ${kind}`;
}
