import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork, type Tx } from '../../common/database/unit-of-work.js';
import { AreasService, type ImportResult } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import { hamletExcess, type Violation } from './domain/fibre-rules.js';
import { FibreDrafts } from './fibre-drafts.js';
import { FIBRE_COLUMNS } from './fibre-sql.js';
import { lockFibre, storeFibre } from './fibre-store.js';
import type { FibreInput, FibreRow } from './fibre.types.js';

/** A row as it was stored, and what about it should be looked at. */
export interface StoredFibre extends FibreRow {
  warnings: Violation[];
}

/** Records fibre figures. */
@Injectable()
export class FibreService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly drafts: FibreDrafts,
  ) {}

  /**
   * Stores many rows by commune or hamlet, operator and quarter; rows that are as stored already are left alone. All rows or
   * none: throws 400 with every problem of every row (`rows.12.passed`), 409 for a change in a closed quarter.
   */
  async importFibre(rows: readonly FibreInput[], tx?: Tx): Promise<ImportResult> {
    const work = async (in_: Tx): Promise<ImportResult> => {
      await lockFibre(in_.manager);
      const drafts = await this.drafts.read(rows, (row, field) => `rows.${row}.${field}`, in_.manager);
      return (await storeFibre(in_, drafts)).result;
    };
    return tx ? work(tx) : this.uow.run(work);
  }

  /** Records the figures of one operator in one commune or hamlet and quarter, over what was there. */
  async put(actor: Actor, input: FibreInput): Promise<StoredFibre> {
    return this.uow.run(async (tx) => {
      await lockFibre(tx.manager);
      const drafts = await this.drafts.read([input], (_row, field) => field, tx.manager);
      const areaIds = drafts.map(({ areaId }) => areaId);
      await this.areas.assertWithinJurisdiction(actor, areaIds, tx.manager);
      const [row] = (await storeFibre(tx, drafts)).rows;
      if (!row) throw new Error('the figures were not stored');
      return { ...row, warnings: await excessOf(tx.manager, row) };
    });
  }
}

/** Whether the hamlets of a row's commune have more than the commune, of the same operator and quarter. */
async function excessOf(manager: EntityManager, row: FibreRow): Promise<Violation[]> {
  const rows = await manager.query<FibreRow[]>(
    `select ${FIBRE_COLUMNS} from fibre_figures f where f.area_id = $1 and f.operator_code = $2 and f.quarter = $3`,
    [row.areaId, row.operatorCode, row.quarter],
  );
  const commune = rows.find(({ hamletId }) => hamletId === null);
  const hamlets = rows.filter(({ hamletId }) => hamletId !== null);
  return commune ? hamletExcess(commune, hamlets) : [];
}
