import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AreasService, communeAtSql, fullAreas, onGroundSql } from '../../areas/index.js';
import { loadHamlets } from '../../hamlets/index.js';
import { loadClusters } from '../../speakers/index.js';
import { hornColumns } from '../importers/horns.js';
import { quietHoursText } from '../importers/quiet-hours.js';
import type { Row, RowSource } from './exporter.js';

/** Id or code of a unit, and the day that a code is meant on. */
export interface OfUnit {
  unit?: string;
  date?: string;
}

/** Keys are read in lots of this many, and their objects with them. */
const LOT = 500;
/** Boundaries are large. */
const LOT_OF_AREAS = 20;

/** Everything of a resource other than sites and cells, as the columns of its sheet have it. */
@Injectable()
export class RegisterRows {
  constructor(private readonly areas: AreasService) {}

  /** Units by code and first day; of a day: those in force on it. */
  async allAreas({ kind, date }: { kind?: string; date?: string }): Promise<RowSource> {
    const keys = `select a.code || '|' || a.valid_from::text as key from areas a
       where ($1::text is null or a.kind = $1)
         and ($2::date is null or a.valid_from <= $2 and (a.valid_to is null or a.valid_to > $2))`;
    return lots(keys, [kind ?? null, date ?? null], LOT_OF_AREAS, async (manager, rows) => {
      const found = await fullAreas(manager, keysOf(rows));
      return keysOf(rows).flatMap((key) => found.get(key) ?? []);
    });
  }

  async hamlets(of: OfUnit): Promise<RowSource> {
    const keys = `select h.code as key, here.name as commune
        from hamlets h left join lateral (${communeAtSql('h.position::geometry', '$2')}) as here on true
       where ($1::uuid[] is null or ${onGroundSql('h.position::geometry', '$1')})`;
    return lots(keys, [await this.groundOf(of), this.areas.today()], LOT, async (manager, rows) => {
      const found = await loadHamlets(manager, keysOf(rows));
      return rows.map(({ key, commune }) => ({ ...found.get(key), commune }));
    });
  }

  async clusters(of: OfUnit): Promise<RowSource> {
    return lots(CLUSTERS, [await this.groundOf(of), this.areas.today()], LOT, async (manager, rows) => {
      const found = await loadClusters(manager, keysOf(rows));
      return rows.flatMap(({ key, commune }) => {
        const cluster = found.get(key);
        if (!cluster) return [];
        const { horns, quietHours, ...rest } = cluster;
        const columns = horns.length === 0 ? { hornCount: 0 } : hornColumns(horns);
        return [{ ...rest, ...columns, commune, quietHours: quietHoursText(quietHours) }];
      });
    });
  }

  /** The horns of clusters, then the numbers of those that no network reaches. */
  async loudspeakers(of: OfUnit): Promise<RowSource> {
    const ground = await this.groundOf(of);
    const horns = lots(CLUSTERS, [ground, this.areas.today()], LOT, async (manager, rows) =>
      [...(await loadClusters(manager, keysOf(rows))).values()].flatMap(({ id, lon, lat, horns: all }) =>
        all.map((horn, i) => ({ clusterId: id, number: i + 1, kind: 'ip', lon, lat, ...horn })),
      ),
    );
    const keys = `select a.code || '|' || p.kind as key, a.code as commune, p.kind, p.count, p.source
        from plain_loudspeakers p join areas a on a.id = p.area_id
       where ($1::uuid[] is null or p.area_id = any($1))`;
    const plain = lots(keys, [ground], LOT, async (_manager, rows) => rows);
    return async function* (manager) {
      yield* horns(manager);
      yield* plain(manager);
    };
  }

  /** Open quarters as they stand, closed ones as their last snapshot has them. */
  async fibre({ quarter, ...of }: OfUnit & { quarter?: string }): Promise<RowSource> {
    const keys = `select concat_ws('|', f.quarter, f.commune_code, coalesce(f.hamlet_code, ''), f.operator_code) as key,
             f.commune_code as "communeCode", f.commune_name as "communeName", f.hamlet_code as "hamletCode",
             f.hamlet_name as "hamletName", f.operator_code as "operatorCode", f.quarter, f.households, f.passed,
             f.connected, f.passed_25_mbps as "passed25Mbps", f.passed_100_mbps as "passed100Mbps", f.source,
             f.attributes
        from fibre_figures f
       where ($1::uuid[] is null or f.area_id = any($1)) and ($2::text is null or f.quarter = $2)`;
    return lots(keys, [await this.groundOf(of), quarter ?? null], LOT, async (_manager, rows) => rows);
  }

  /** Null: everywhere. Throws 404. */
  private async groundOf({ unit, date }: OfUnit): Promise<string[] | null> {
    if (unit === undefined) return null;
    return this.areas.groundIds((await this.areas.resolve(unit, date)).id);
  }
}

const CLUSTERS = `select c.id as key, here.name as commune
    from clusters c left join lateral (${communeAtSql('c.position::geometry', '$2')}) as here on true
   where ($1::uuid[] is null or ${onGroundSql('c.position::geometry', '$1')})`;

type Keyed = Row & { key: string };

const keysOf = (rows: readonly Keyed[]) => rows.map(({ key }) => key);

/** `keys` is a query with a column `key`, unique; it is gone through in its order. */
function lots(
  keys: string,
  values: readonly unknown[],
  size: number,
  read: (manager: EntityManager, rows: readonly Keyed[]) => Promise<readonly object[]>,
): RowSource {
  const sql = `select * from (${keys}) as keyed where key > $${values.length + 1}::text
    order by key limit ${size}`;
  return async function* (manager) {
    for (let after = ''; ;) {
      const rows = await manager.query<Keyed[]>(sql, [...values, after]);
      yield await read(manager, rows);
      const last = rows.at(-1);
      if (!last || rows.length < size) return;
      after = last.key;
    }
  };
}
