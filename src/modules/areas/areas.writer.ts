import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork, type Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { AttributesService, mergeAttributes, type AttributeMode } from '../attributes/index.js';
import type { Actor } from '../identity/index.js';
import {
  crossedRings,
  fullAreas,
  knownAreas,
  lockAreas,
  upsertAreas,
  type AreaRecord,
  type FullArea,
} from './area-store.js';
import type { AreaImportRow, ImportResult } from './area.types.js';
import { AreasService } from './areas.service.js';
import { outsideJurisdiction } from './jurisdiction.js';
import { checkArea, readBoundary, type AreaDraft, type Violation } from './domain/area-rules.js';
import { checkAreaSet, naturalKey, parentsFirst } from './domain/area-set.js';

/** What may change of a unit. Code, kind, parent and first day are what it is known by: those do not change. */
export type AreaPatch = Partial<
  Pick<
    AreaImportRow,
    | 'type'
    | 'name'
    | 'fullName'
    | 'validTo'
    | 'population'
    | 'populationBasis'
    | 'households'
    | 'householdsBasis'
    | 'boundary'
    | 'source'
    | 'attributes'
  >
>;

/** A unit as it is asked for: its attributes are those to be put over what is stored, or to take its place. */
type Wanted = AreaDraft & Pick<AreaRecord, 'source'> & { attributes: Readonly<Record<string, unknown>> };

/** How a violation's field is named to the caller: `rows.12.code` for one of many, `code` for a single one. */
type FieldName = (row: number, field: string) => string;

const SAME_AS_STORED = [
  'type',
  'name',
  'fullName',
  'parentCode',
  'validTo',
  'population',
  'populationBasis',
  'households',
  'householdsBasis',
  'source',
] as const;

/** Writes administrative units. Whatever way they come, the same rules hold and each change is told. */
@Injectable()
export class AreasWriter {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly attributes: AttributesService,
  ) {}

  /**
   * Stores many units at once, by code and validFrom; units that are as stored already are left alone. All rows or none:
   * throws 400 with every problem of every row (`rows.12.code`).
   */
  async importAreas(
    rows: readonly AreaImportRow[],
    tx?: Tx,
    attributes: AttributeMode = 'merge',
  ): Promise<ImportResult> {
    const name: FieldName = (row, field) => `rows.${row}.${field}`;
    const work = async (in_: Tx) => (await this.store(in_, rows.map(draftOf), name, attributes)).result;
    return tx ? work(tx) : this.uow.run(work);
  }

  /** Adds one unit. 409 when its code and first day are taken. */
  async create(actor: Actor, row: AreaImportRow): Promise<FullArea> {
    const own: FieldName = (_row, field) => field;
    const draft = draftOf(row);
    checkEach([draft], own);
    return this.uow.run(async (tx) => {
      await lockAreas(tx.manager);
      await this.assertMayAdd(actor, draft, tx.manager);
      const [taken] = await tx.manager.query<{ id: string }[]>(
        `select id from areas where code = $1 and valid_from::text = $2`,
        [draft.code, draft.validFrom],
      );
      if (taken)
        throw Problem.conflict('DUPLICATE', {
          en: `The unit "${draft.code}" from ${draft.validFrom} exists already.`,
          vi: `Đơn vị "${draft.code}" từ ngày ${draft.validFrom} đã tồn tại.`,
        });
      const { ids } = await this.store(tx, [draft], own);
      return this.areas.getWithBoundary(ids[0] ?? '', tx.manager);
    });
  }

  /**
   * Changes one unit. `version`, when given, is the one the change is based on: 409 when somebody else has changed the unit
   * since.
   */
  async change(actor: Actor, id: string, patch: AreaPatch, version?: number): Promise<FullArea> {
    return this.uow.run(async (tx) => {
      await lockAreas(tx.manager);
      const before = await this.areas.getWithBoundary(id, tx.manager);
      await this.areas.assertWithinJurisdiction(actor, [id], tx.manager);
      if (version !== undefined && version !== before.version)
        throw Problem.conflict('VERSION', {
          en: `This was changed meanwhile: it is at version ${before.version}.`,
          vi: `Dữ liệu đã được người khác thay đổi: hiện ở phiên bản ${before.version}.`,
        });
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const renamed = 'name' in given || 'type' in given ? { fullName: undefined } : {};
      await this.store(tx, [draftOf({ ...before, ...renamed, ...given })], (_row, field) => field);
      return this.areas.getWithBoundary(id, tx.manager);
    });
  }

  /** A unit may be added by whoever is responsible for its parent; a province by those responsible for everything. */
  private async assertMayAdd(actor: Actor, draft: AreaDraft, manager: EntityManager): Promise<void> {
    if (actor.jurisdictionAreaId === null) return;
    if (draft.parentCode === null) throw outsideJurisdiction();
    const parent = await this.areas.findAt(draft.parentCode, draft.validFrom, manager);
    // A parent that is not there is refused by the rules.
    if (parent) await this.areas.assertWithinJurisdiction(actor, [parent.id], manager);
  }

  private async store(
    tx: Tx,
    drafts: readonly Wanted[],
    name: FieldName,
    attributes: AttributeMode = 'merge',
  ): Promise<{ result: ImportResult; ids: string[] }> {
    const { manager } = tx;
    await lockAreas(manager);
    const checked = checkEach(drafts, name);
    refuse(checkAreaSet(await knownAreas(manager), checked).map((v) => named(v.row, v, name)));
    refuse(
      (await crossedRings(manager, checked)).map(({ row, reason }) =>
        fieldProblem(name(row, 'boundary'), 'GEOMETRY', {
          en: `boundary must be made of rings that do not cross (${reason})`,
          vi: `boundary phải gồm các đường bao không cắt nhau (${reason})`,
        }),
      ),
    );

    const keys = checked.map(naturalKey);
    const before = await fullAreas(manager, keys);
    const rows = checked.map((row, i): AreaRecord => {
      const stored = attributes === 'merge' ? before.get(keys[i] ?? '')?.attributes : undefined;
      return { ...row, attributes: mergeAttributes(stored ?? {}, row.attributes) };
    });
    const changed = parentsFirst(rows).filter((i) => {
      const row = rows[i];
      const stored = before.get(keys[i] ?? '');
      return row !== undefined && !(stored && isSame(stored, row));
    });
    if (attributes !== 'restore') {
      const objects = changed.map((i) => ({
        values: rows[i]?.attributes ?? {},
        stored: before.get(keys[i] ?? '')?.attributes,
        name: (field: string) => name(i, field),
      }));
      refuse(await this.attributes.check('areas', objects, manager));
    }
    for (const kind of ['province', 'district', 'commune'])
      await upsertAreas(
        manager,
        changed.flatMap((i) => rows[i] ?? []).filter((row) => row.kind === kind),
      );

    const after = await fullAreas(manager, keys);
    let created = 0;
    for (const i of changed) {
      const key = keys[i] ?? '';
      const was = before.get(key) ?? null;
      const is = after.get(key);
      if (!is) throw new Error(`the unit ${key} was not stored`);
      if (!was) created += 1;
      const action = was ? 'update' : 'create';
      tx.emit(RESOURCE_CHANGED, { resource: 'area', id: is.id, action, before: was, after: is });
    }
    return {
      result: { created, updated: changed.length - created, unchanged: rows.length - changed.length },
      ids: keys.map((key) => after.get(key)?.id ?? ''),
    };
  }
}

function draftOf(row: AreaImportRow): Wanted {
  return {
    code: row.code,
    kind: row.kind,
    type: row.type,
    name: row.name,
    fullName: row.fullName ?? `${row.type} ${row.name}`,
    parentCode: row.parentCode,
    validFrom: row.validFrom,
    validTo: row.validTo,
    population: row.population ?? null,
    populationBasis: row.populationBasis ?? 'unknown',
    households: row.households ?? null,
    householdsBasis: row.householdsBasis ?? 'unknown',
    boundary: row.boundary ?? null,
    source: row.source ?? null,
    attributes: row.attributes ?? {},
  };
}

function checkEach(drafts: readonly Wanted[], name: FieldName): (Wanted & Pick<AreaRecord, 'boundary'>)[] {
  const problems: FieldProblem[] = [];
  const rows = drafts.map((draft, i) => {
    const { boundary, violations } = readBoundary(draft.boundary);
    problems.push(...[...checkArea(draft), ...violations].map((violation) => named(i, violation, name)));
    return { ...draft, boundary };
  });
  refuse(problems);
  return rows;
}

function named(row: number, violation: Violation, name: FieldName): FieldProblem {
  return fieldProblem(name(row, violation.field), violation.code, violation);
}

function refuse(problems: FieldProblem[]): void {
  if (problems.length > 0) throw Problem.invalid(problems);
}

function isSame(stored: FullArea, row: AreaRecord): boolean {
  return (
    SAME_AS_STORED.every((field) => stored[field] === row[field]) &&
    JSON.stringify(mergeAttributes(stored.attributes)) === JSON.stringify(row.attributes) &&
    JSON.stringify(stored.boundary?.coordinates ?? null) === JSON.stringify(row.boundary?.coordinates ?? null)
  );
}
