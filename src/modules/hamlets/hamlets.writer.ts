import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork, type Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { AreasService, type ImportResult } from '../areas/index.js';
import { AttributesService, mergeAttributes, type AttributeMode } from '../attributes/index.js';
import type { Actor } from '../identity/index.js';
import {
  checkHamlet,
  hamletRecord,
  isSameHamlet,
  type HamletInput,
  type HamletRecord,
} from './domain/hamlet-rules.js';
import { loadHamlets, saveHamlets } from './hamlet-sql.js';
import type { HamletPatch, StoredHamlet } from './hamlet.types.js';

/** How a violation's field is named to the caller: `rows.12.code` for one of many, `code` for a single one. */
type FieldName = (row: number, field: string) => string;

/** `date`: of the communes. */
interface HamletImport {
  date?: string;
  tx?: Tx;
  attributes?: AttributeMode;
}

const own: FieldName = (_row, field) => field;

/** Writes hamlets. Whatever way they come, the same rules hold and each change is told. */
@Injectable()
export class HamletsWriter {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly attributes: AttributesService,
  ) {}

  /**
   * Stores many hamlets at once, by code; those that are as stored already are left alone. All rows or none: throws 400 with
   * every problem of every row (`rows.12.code`). A commune must hold each hamlet on `date` (default: today).
   * Custom attributes that a row leaves out stay as they are stored, unless they are `exact`; with `restore` they are not
   * checked either: what was stored once is put back.
   */
  async importHamlets(
    rows: readonly HamletInput[],
    { date = this.areas.today(), tx, attributes = 'merge' }: HamletImport = {},
  ): Promise<ImportResult> {
    const name: FieldName = (row, field) => `rows.${row}.${field}`;
    const records = rows.map(hamletRecord);
    refuse([...checkEach(records, name), ...checkCodes(records, name)]);
    const work = async (in_: Tx): Promise<ImportResult> => {
      // Imports go one after another; single changes wait for the one that runs.
      await in_.manager.query('lock table hamlets in share row exclusive mode');
      refuse(await this.outside(records, date, name, in_.manager));
      const before = await loadHamlets(
        in_.manager,
        records.map(({ code }) => code),
      );
      const kept = records.map((record, row) =>
        attributes === 'merge'
          ? withAttributes(record, before.get(record.code), rows[row]?.attributes)
          : record,
      );
      const changed = kept.filter((record) => {
        const stored = before.get(record.code);
        return !(stored && isSameHamlet(stored, record));
      });
      if (attributes !== 'restore') {
        const rowOf = new Map(kept.map((record, row) => [record, row]));
        const named: FieldName = (i, field) => name(rowOf.get(changed[i]!) ?? i, field);
        refuse(await this.wrongAttributes(changed, before, named, in_.manager));
      }
      await store(in_, changed, before);
      const updated = changed.filter(({ code }) => before.has(code)).length;
      return { created: changed.length - updated, updated, unchanged: records.length - changed.length };
    };
    return tx ? work(tx) : this.uow.run(work);
  }

  /** Adds one hamlet. 409 when its code is taken. */
  async create(actor: Actor, input: HamletInput): Promise<void> {
    const record = hamletRecord(input);
    refuse(checkEach([record], own));
    await this.uow.run(async (tx) => {
      const { manager } = tx;
      await manager.query('lock table hamlets in share row exclusive mode');
      await this.areas.assertPlaceWithinJurisdiction(actor, record.lon, record.lat, manager);
      refuse(await this.outside([record], this.areas.today(), own, manager));
      const before = await loadHamlets(manager, [record.code]);
      if (before.size > 0)
        throw Problem.conflict('DUPLICATE', {
          en: `The hamlet "${record.code}" exists already.`,
          vi: `Ấp, khu vực "${record.code}" đã tồn tại.`,
        });
      refuse(await this.wrongAttributes([record], before, own, manager));
      await store(tx, [record], before);
    });
  }

  /** Changes one hamlet. `version`, when given, is the one the change is based on: 409 when there is a newer one. */
  async change(actor: Actor, code: string, patch: HamletPatch, version?: number): Promise<void> {
    await this.uow.run(async (tx) => {
      const { manager } = tx;
      const stored = await this.held(actor, code, version, manager);
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const said = hamletRecord({ ...stored, ...given, code });
      const record = withAttributes(said, stored, patch.attributes);
      refuse(checkEach([record], own));
      if (record.lon !== stored.lon || record.lat !== stored.lat) {
        await this.areas.assertPlaceWithinJurisdiction(actor, record.lon, record.lat, manager);
        refuse(await this.outside([record], this.areas.today(), own, manager));
      }
      if (isSameHamlet(stored, record)) return;
      const before = new Map([[code, stored]]);
      refuse(await this.wrongAttributes([record], before, own, manager));
      await store(tx, [record], before);
    });
  }

  /** Takes one hamlet out. 409 when something still refers to it. */
  async remove(actor: Actor, code: string, version?: number): Promise<void> {
    await this.uow.run(async (tx) => {
      const stored = await this.held(actor, code, version, tx.manager);
      await removeHamlets(tx, [stored]);
    });
  }

  /** The stored hamlet, locked, once the actor may change it. */
  private async held(
    actor: Actor,
    code: string,
    version: number | undefined,
    manager: EntityManager,
  ): Promise<StoredHamlet> {
    // Before the row's lock, so that a change and an import never wait for each other.
    await manager.query('lock table hamlets in row exclusive mode');
    const stored = (await loadHamlets(manager, [code], 'for update')).get(code);
    if (!stored) throw Problem.notFound({ en: 'hamlet', vi: 'ấp, khu vực' }, code);
    await this.areas.assertPlaceWithinJurisdiction(actor, stored.lon, stored.lat, manager);
    if (version !== undefined && version !== stored.version)
      throw Problem.conflict('VERSION', {
        en: `This was changed meanwhile: it is at version ${stored.version}.`,
        vi: `Dữ liệu đã được người khác thay đổi: hiện ở phiên bản ${stored.version}.`,
      });
    return stored;
  }

  private async wrongAttributes(
    records: readonly HamletRecord[],
    before: ReadonlyMap<string, StoredHamlet>,
    name: FieldName,
    manager: EntityManager,
  ): Promise<FieldProblem[]> {
    const objects = records.map(({ code, attributes }, row) => ({
      values: attributes,
      stored: before.get(code)?.attributes,
      name: (field: string) => name(row, field),
    }));
    return this.attributes.check('hamlets', objects, manager);
  }

  private async outside(
    records: readonly HamletRecord[],
    date: string,
    name: FieldName,
    manager: EntityManager,
  ): Promise<FieldProblem[]> {
    const outside = await this.areas.placesOutside(records, date, manager);
    return outside.map((row) =>
      fieldProblem(name(row, 'lon'), 'OUTSIDE', {
        en: `no commune holds the place ${records[row]?.lon}, ${records[row]?.lat} on ${date}`,
        vi: `không có xã, phường nào chứa vị trí ${records[row]?.lon}, ${records[row]?.lat} vào ngày ${date}`,
      }),
    );
  }
}

function withAttributes(
  record: HamletRecord,
  stored: StoredHamlet | undefined,
  given: HamletPatch['attributes'],
): HamletRecord {
  return { ...record, attributes: mergeAttributes(stored?.attributes ?? {}, given) };
}

const FOREIGN_KEY = '23503';

/** Takes hamlets out. 409 when figures of other modules still refer to one of them. */
export async function removeHamlets(tx: Tx, hamlets: readonly StoredHamlet[]): Promise<void> {
  try {
    await tx.manager.query(`delete from hamlets where id = any($1::uuid[])`, [hamlets.map(({ id }) => id)]);
  } catch (error) {
    if ((error as { code?: unknown }).code !== FOREIGN_KEY) throw error;
    throw Problem.conflict('IN_USE', {
      en: 'There are figures of the hamlet: it can be taken out when they are gone.',
      vi: 'Còn số liệu gắn với ấp, khu vực: chỉ xoá được khi không còn số liệu.',
    });
  }
  for (const before of hamlets)
    tx.emit(RESOURCE_CHANGED, { resource: 'hamlet', id: before.id, action: 'delete', before, after: null });
}

async function store(
  tx: Tx,
  records: readonly HamletRecord[],
  before: ReadonlyMap<string, StoredHamlet>,
): Promise<void> {
  const saved = await saveHamlets(tx.manager, records);
  for (const record of records) {
    const is = saved.get(record.code);
    if (!is) throw new Error(`the hamlet ${record.code} was not stored`);
    const was = before.get(record.code) ?? null;
    const action = was ? 'update' : 'create';
    const after: StoredHamlet = { ...record, ...is };
    tx.emit(RESOURCE_CHANGED, { resource: 'hamlet', id: is.id, action, before: was, after });
  }
}

function checkEach(records: readonly HamletRecord[], name: FieldName): FieldProblem[] {
  return records.flatMap((record, row) =>
    checkHamlet(record).map((violation) =>
      fieldProblem(name(row, violation.field), violation.code, violation),
    ),
  );
}

function checkCodes(records: readonly HamletRecord[], name: FieldName): FieldProblem[] {
  const first = new Map<string, number>();
  return records.flatMap(({ code }, row) => {
    const other = first.get(code);
    if (other === undefined) {
      first.set(code, row);
      return [];
    }
    return [
      fieldProblem(name(row, 'code'), 'DUPLICATE', {
        en: `the hamlet "${code}" is given twice, first in row ${other}`,
        vi: `ấp, khu vực "${code}" bị ghi hai lần, lần đầu ở dòng ${other}`,
      }),
    ];
  });
}

function refuse(problems: FieldProblem[]): void {
  if (problems.length > 0) throw Problem.invalid(problems);
}
