import { Injectable } from '@nestjs/common';
import { UnitOfWork, type Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { AttributesService } from '../attributes/index.js';
import type { Actor } from '../identity/index.js';
import { OperatorsService } from '../sites/index.js';
import { closedProblem } from './fibre-closed.js';
import { corrected, type Correction } from './fibre-correction.js';
import {
  entriesOf,
  keepSnapshot,
  sha256Of,
  snapshotsOf,
  unitsOfSnapshot,
  type FibreSnapshot,
  type SnapshotEntry,
} from './fibre-snapshots.store.js';
import { lockFibre } from './fibre-store.js';
import { QuarterFiguresReader } from './quarter-figures.js';

/** A snapshot, and whether its rows still have the sum that it was kept with. */
export interface CheckedSnapshot extends FibreSnapshot {
  intact: boolean;
}

/** Closed quarters, each with its versions. */
@Injectable()
export class FibreSnapshotsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly quarters: QuarterFiguresReader,
    private readonly operators: OperatorsService,
    private readonly attributes: AttributesService,
  ) {}

  /** Closes a quarter for good and keeps its rows as version 1. Throws 404 without figures, 409 when it is closed. */
  async close(actor: Actor, quarter: string): Promise<FibreSnapshot> {
    assertOfTheProvince(actor);
    return this.uow.run(async (tx) => {
      // As writers do: nobody writes a figure between the reading and the closing.
      await lockFibre(tx.manager);
      if ((await snapshotsOf(tx.manager, quarter)).length > 0) throw closedProblem(quarter);
      const rows = await this.quarters.rows(quarter, tx.manager);
      if (rows.length === 0) throw unknownQuarter(quarter);
      const units = await this.quarters.units(quarter, rows, tx.manager);
      await tx.manager.query(`insert into fibre_quarters (quarter, rows, closed_by) values ($1, $2, $3)`, [
        quarter,
        rows.length,
        actor.name,
      ]);
      const made = { quarter, rows, units, predecessor: null, reason: null, by: actor.name };
      const snapshot = await keepSnapshot(tx.manager, made);
      tellQuarter(tx, null, snapshot);
      return snapshot;
    });
  }

  /** Keeps a further version of a closed quarter. Throws 404 when it is open, 409 when another version came in between. */
  async correct(actor: Actor, quarter: string, correction: Correction): Promise<FibreSnapshot> {
    assertOfTheProvince(actor);
    return this.uow.run(async (tx) => {
      await lockFibre(tx.manager);
      const [latest] = await snapshotsOf(tx.manager, quarter);
      if (!latest) throw notClosed(quarter);
      if (latest.version !== correction.predecessor)
        throw Problem.conflict('VERSION', {
          en: `The quarter ${quarter} is at version ${latest.version}, not ${correction.predecessor}.`,
          vi: `Quý ${quarter} đang ở phiên bản ${latest.version}, không phải ${correction.predecessor}.`,
        });
      const before = await entriesOf(tx.manager, latest);
      const units = await unitsOfSnapshot(tx.manager, latest.id);
      const operators = await this.operators.codes(tx.manager);
      const definitions = await this.attributes.rules('fibre', tx.manager);
      const { rows, changes } = corrected(quarter, before, units, operators, definitions, correction);
      const { reason } = correction;
      const made = { quarter, rows, units, predecessor: latest, reason, by: actor.name };
      const snapshot = await keepSnapshot(tx.manager, made);
      for (const change of changes) tx.emit(RESOURCE_CHANGED, { resource: 'fibre', ...change, reason });
      tellQuarter(tx, latest, snapshot);
      return snapshot;
    });
  }

  /** All versions of a closed quarter, the latest first. Throws 404 for an open one. */
  async versions(quarter: string): Promise<FibreSnapshot[]> {
    const found = await snapshotsOf(this.uow.reader, quarter);
    if (found.length === 0) throw notClosed(quarter);
    return found;
  }

  /** One version, with its sum reckoned anew from its rows. */
  async version(quarter: string, version: number): Promise<CheckedSnapshot> {
    const snapshot = await this.find(quarter, version);
    const rows = await entriesOf(this.uow.reader, snapshot);
    const units = await unitsOfSnapshot(this.uow.reader, snapshot.id);
    const intact = rows.length === snapshot.rows && sha256Of(quarter, rows, units) === snapshot.sha256;
    return { ...snapshot, intact };
  }

  /** The rows of one version, in the order of the canonical text. */
  async rows(
    quarter: string,
    version: number,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<SnapshotEntry>> {
    const snapshot = await this.find(quarter, version);
    const after = Number(decodeCursor(cursor) ?? 0);
    const nr = Number.isSafeInteger(after) && after >= 0 && after <= snapshot.rows ? after : snapshot.rows;
    return toPage(await entriesOf(this.uow.reader, snapshot, nr, limit + 1), limit, (row) => String(row.nr));
  }

  private async find(quarter: string, version: number): Promise<FibreSnapshot> {
    const found = (await snapshotsOf(this.uow.reader, quarter)).find(
      (snapshot) => snapshot.version === version,
    );
    if (found) return found;
    throw Problem.notFound(
      { en: 'snapshot of fibre figures', vi: 'bản chốt số liệu cáp quang' },
      `${quarter}, ${version}`,
    );
  }
}

function tellQuarter(tx: Tx, before: FibreSnapshot | null, after: FibreSnapshot): void {
  const { reason } = after;
  tx.emit(RESOURCE_CHANGED, {
    resource: 'fibre-quarter',
    id: after.quarter,
    action: before ? 'update' : 'create',
    before,
    after,
    ...(reason === null ? {} : { reason }),
  });
}

function assertOfTheProvince(actor: Actor): void {
  if (actor.jurisdictionAreaId !== null)
    throw Problem.forbidden({
      en: 'A quarter is closed for the whole province, by somebody responsible for all of it.',
      vi: 'Chỉ người phụ trách toàn tỉnh mới được chốt số liệu quý.',
    });
}

function unknownQuarter(quarter: string): Problem {
  return Problem.notFound({ en: 'quarter with fibre figures', vi: 'quý có số liệu cáp quang' }, quarter);
}

function notClosed(quarter: string): Problem {
  return Problem.notFound({ en: 'closed quarter', vi: 'quý đã chốt số liệu' }, quarter);
}
