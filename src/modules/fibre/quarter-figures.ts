import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { AreasService, communeAtSql, type AreaRef } from '../areas/index.js';
import { attributeCondition, type AttributeFilter } from '../attributes/index.js';
import { lastDayOf } from './domain/quarter.js';
import { FIBRE_COLUMNS } from './fibre-sql.js';
import type { FibreRow } from './fibre.types.js';

/** A commune that reported or could have, with itself and the units above it, and its hamlets. */
export interface QuarterUnit extends AreaRef {
  chain: AreaRef[];
  hamlets: { id: string; code: string; name: string }[];
}

/** Everything that is known of a quarter. */
export interface QuarterFigures {
  quarter: string;
  /** Null while the quarter is open. */
  snapshot: { version: number; sha256: string } | null;
  units: QuarterUnit[];
  rows: FibreRow[];
}

/** Loads quarters whole: an open one as the register stands, a closed one from its last snapshot, with the units of then. */
@Injectable()
export class QuarterFiguresReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  /** `attributes`: only the rows that have these. */
  async load(quarter: string, attributes: readonly AttributeFilter[] = []): Promise<QuarterFigures> {
    const [closed] = await this.uow.reader.query<
      { version: number; sha256: string; units: Omit<QuarterUnit, 'kind'>[] }[]
    >(`select version, sha256, units from fibre_snapshots where quarter = $1 order by version desc limit 1`, [
      quarter,
    ]);
    const rows = await this.rows(quarter, this.uow.reader, attributes);
    if (!closed) return { quarter, snapshot: null, rows, units: await this.units(quarter, rows) };
    const { units, ...snapshot } = closed;
    return { quarter, snapshot, rows, units: units.map((unit) => ({ ...unit, kind: 'commune' })) };
  }

  async rows(
    quarter: string,
    manager: EntityManager,
    attributes: readonly AttributeFilter[] = [],
  ): Promise<FibreRow[]> {
    const values: unknown[] = [quarter];
    const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
    return manager.query<FibreRow[]>(
      `select ${FIBRE_COLUMNS} from fibre_figures f
        where f.quarter = $1 and ${attributeCondition('f.attributes', attributes, bind)}`,
      values,
    );
  }

  /** The communes in force at the end of the quarter, and those that have rows although they are not. */
  async units(
    quarter: string,
    rows: readonly FibreRow[],
    manager: EntityManager = this.uow.reader,
  ): Promise<QuarterUnit[]> {
    const day = lastDayOf(quarter);
    const inForce = await this.areas.communesAt(day, manager);
    const ids = [...new Set([...inForce.map(({ id }) => id), ...rows.map(({ areaId }) => areaId)])];
    if (ids.length === 0) return [];
    const chains = await this.areas.chains(ids, manager);
    const hamlets = await manager.query<{ id: string; code: string; name: string; communeId: string }[]>(
      `select h.id, h.code, h.name, commune.id as "communeId"
         from hamlets h cross join lateral (${communeAtSql('h.position::geometry', '$1')}) as commune
        order by h.code collate "C"`,
      [day],
    );
    return ids
      .flatMap((id): QuarterUnit[] => {
        const chain = chains.get(id);
        const [self] = chain ?? [];
        if (!chain || !self) return [];
        const own = hamlets.filter(({ communeId }) => communeId === id);
        return [
          {
            ...self,
            chain,
            hamlets: own.map(({ id: hamletId, code, name }) => ({ id: hamletId, code, name })),
          },
        ];
      })
      .sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));
  }
}
