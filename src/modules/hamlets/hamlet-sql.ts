import type { EntityManager } from 'typeorm';
import type { HamletRecord } from './domain/hamlet-rules.js';
import type { StoredHamlet } from './hamlet.types.js';

/** Columns of a hamlet, from `hamlets h`. */
export const HAMLET_COLUMNS = `h.id, h.code, h.name, h.kind, st_x(h.position::geometry) as lon,
  st_y(h.position::geometry) as lat, h.households, h.population, h.signal,
  h.signal_reported_on::text as "signalReportedOn", h.signal_source as "signalSource", h.source, h.attributes, h.version`;

/** Stored hamlets by code; `lock` holds them until the end of the transaction. */
export async function loadHamlets(
  manager: EntityManager,
  codes: readonly string[],
  lock: 'for update' | '' = '',
): Promise<Map<string, StoredHamlet>> {
  const rows = await manager.query<StoredHamlet[]>(
    `select ${HAMLET_COLUMNS} from hamlets h where h.code = any($1::text[]) order by h.code ${lock}`,
    [codes],
  );
  return new Map(rows.map((hamlet) => [hamlet.code, hamlet]));
}

/** Writes hamlets by code. Gives id and version of each by code. */
export async function saveHamlets(
  manager: EntityManager,
  hamlets: readonly HamletRecord[],
): Promise<Map<string, { id: string; version: number }>> {
  if (hamlets.length === 0) return new Map();
  const rows = await manager.query<{ id: string; code: string; version: number }[]>(
    `insert into hamlets (code, name, kind, position, households, population, signal, signal_reported_on, signal_source,
                          source, attributes)
     select code, name, kind, st_setsrid(st_makepoint(lon, lat), 4326)::geography, households, population, signal,
            "signalReportedOn", "signalSource", source, attributes
       from jsonb_to_recordset($1::jsonb) as r(
              code text, name text, kind text, lon float8, lat float8, households int, population int, signal text,
              "signalReportedOn" date, "signalSource" text, source text, attributes jsonb)
      order by code
     on conflict (code) do update set
       name = excluded.name, kind = excluded.kind, position = excluded.position, households = excluded.households,
       population = excluded.population, signal = excluded.signal, signal_reported_on = excluded.signal_reported_on,
       signal_source = excluded.signal_source, source = excluded.source,
       attributes = excluded.attributes,
       version = hamlets.version + 1, updated_at = now()
     returning id, code, version`,
    [JSON.stringify(hamlets)],
  );
  return new Map(rows.map(({ code, id, version }) => [code, { id, version }]));
}
