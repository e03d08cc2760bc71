import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork, type Tx } from '../../common/database/unit-of-work.js';
import { AttributesService } from '../attributes/index.js';
import { assertAttributes } from './fibre-attributes.js';
import { FIBRE_COLUMNS } from './fibre-sql.js';
import { loadFibre, lockFibre, removeFibre, storeFibre, type FibreKey } from './fibre-store.js';
import type { FibreDraft, FibreRow } from './fibre.types.js';
import { QuarterFiguresReader, type QuarterUnit } from './quarter-figures.js';

/** Fibre rows in bulk, for whoever brings in files and takes them back. What is stored was checked before. */
@Injectable()
export class FibreStock {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly quarters: QuarterFiguresReader,
    private readonly attributes: AttributesService,
  ) {}

  /** The units that can report in a quarter, and whether it is closed. */
  async quarter(quarter: string): Promise<{ units: QuarterUnit[]; closed: boolean }> {
    const [closed] = await this.uow.reader.query<unknown[]>(
      `select 1 from fibre_quarters where quarter = $1`,
      [quarter],
    );
    return { units: await this.quarters.units(quarter, []), closed: closed !== undefined };
  }

  lock(manager: EntityManager): Promise<void> {
    return lockFibre(manager);
  }

  /** By `fibreKeyOf`. */
  load(manager: EntityManager, keys: readonly FibreKey[]): Promise<Map<string, FibreRow>> {
    return loadFibre(manager, keys);
  }

  /** By commune[/hamlet]/operator/quarter. */
  async loadByCodes(manager: EntityManager, keys: readonly string[]): Promise<Map<string, FibreRow>> {
    const rows = await manager.query<(FibreRow & { key: string })[]>(
      `select * from (select ${FIBRE_COLUMNS},
                             concat_ws('/', f.commune_code, f.hamlet_code, f.operator_code, f.quarter) as key
                        from fibre_figures f) as keyed where key = any($1::text[])`,
      [keys],
    );
    return new Map(rows.map(({ key, ...row }) => [key, row]));
  }

  /** All rows of the same commune, operator and quarter as one of these. */
  siblings(manager: EntityManager, keys: readonly FibreKey[]): Promise<FibreRow[]> {
    const asked = new Map(
      keys.map(({ areaId, operatorCode, quarter }) => [
        `${areaId}|${operatorCode}|${quarter}`,
        { areaId, operatorCode, quarter },
      ]),
    );
    return manager.query<FibreRow[]>(
      `select ${FIBRE_COLUMNS} from fibre_figures f
         join jsonb_to_recordset($1::jsonb) as k("areaId" uuid, "operatorCode" text, quarter text)
           on f.area_id = k."areaId" and f.operator_code = k."operatorCode" and f.quarter = k.quarter`,
      [JSON.stringify([...asked.values()])],
    );
  }

  /** Throws 400 for custom attributes that are not right (any more), 409 for a change in a closed quarter. */
  async store(tx: Tx, drafts: readonly FibreDraft[]): Promise<void> {
    const stored = await loadFibre(tx.manager, drafts);
    const name = (row: number, field: string) => `rows.${row}.${field}`;
    await assertAttributes(this.attributes, drafts, stored, name, tx.manager);
    await storeFibre(tx, drafts);
  }

  /** Puts rows back as they were. Throws 409 for a change in a closed quarter. */
  async restore(tx: Tx, rows: readonly FibreRow[]): Promise<void> {
    await storeFibre(
      tx,
      rows.map((row) => ({ ...row, attributes: row.attributes ?? {} })),
    );
  }

  /** Throws 409 for rows of a closed quarter. */
  remove(tx: Tx, rows: readonly FibreRow[]): Promise<void> {
    return removeFibre(tx, rows);
  }
}
