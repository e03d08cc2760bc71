import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork, type Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { AreasService, type ImportResult } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import type { SiteRecord, Violation } from './domain/site-model.js';
import { checkSite } from './domain/site-rules.js';
import { OperatorsService } from './operators.service.js';
import { keepAttributes, SiteAttributes } from './site-attributes.js';
import { isSameSite, recordOf } from './site-draft.js';
import { holdSites, inCodeOrder, loadSites, saveSites } from './site-sql.js';
import { keepState, stateChanges, type FieldName } from './site-state.js';
import { logTransitions, type NewTransition } from './site-transition-log.js';
import type { Site, SiteInput, SitePatch, StoredSite } from './site.types.js';
import { SitesService } from './sites.service.js';

/** `date`: of the communes. `before`: what `holdSites` gave of these codes in the same transaction. */
interface SiteImport {
  date?: string;
  tx?: Tx;
  before?: ReadonlyMap<string, StoredSite>;
  attributes?: 'merge' | 'exact' | 'restore';
}

const own: FieldName = (_row, field) => field;

/** Writes sites. Whatever way they come, the same rules hold and each change is told, with the cells inside. */
@Injectable()
export class SitesWriter {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly operators: OperatorsService,
    private readonly sites: SitesService,
    private readonly attributes: SiteAttributes,
  ) {}

  /**
   * Stores many sites with their cells, by code; sites that are as stored already are left alone, cells of changed ones are
   * replaced. A new site may begin in any state of the life cycle; the state of one that is stored stays: left out it is kept,
   * another one is refused. All rows or none: throws 400 with every problem of every row (`rows.12.cells.0.azimuthDeg`). A commune must
   * hold each site that is new or moved on `date` (default: today). Custom attributes that a row leaves out stay as they are stored, unless they are
   * `exact`; with `restore` they are not checked either: what was stored once is put back.
   */
  async importSites(
    rows: readonly SiteInput[],
    { date = this.areas.today(), tx, before: held, attributes = 'merge' }: SiteImport = {},
  ): Promise<ImportResult> {
    const name: FieldName = (row, field) => `rows.${row}.${field}`;
    const records = rows.map(recordOf);
    refuse([...checkEach(records, name), ...checkCodes(records, name)]);
    const work = async (in_: Tx): Promise<ImportResult> => {
      const codes = records.map(({ code }) => code);
      const before = held ?? (await holdSites(in_.manager, codes));
      const stays = (record: SiteRecord) => {
        const stored = before.get(record.code);
        return stored?.lon === record.lon && stored.lat === record.lat;
      };
      refuse(await this.checkReferences(records, date, name, in_.manager, stays));
      const kept = records.map((record, row) => {
        const stored = before.get(record.code);
        const merged = attributes === 'merge' ? keepAttributes(record, rows[row] ?? {}, stored) : record;
        return keepState(merged, rows[row], stored);
      });
      refuse(kept.flatMap((record, row) => stateChanges(record, before.get(record.code), row, name)));
      const changed = kept.filter((record) => {
        const stored = before.get(record.code);
        return !(stored && isSameSite(stored, record));
      });
      if (attributes !== 'restore') {
        const numbers = new Map(kept.map((record, row) => [record, row]));
        const numbered: FieldName = (i, field) => name(numbers.get(changed[i]!) ?? i, field);
        refuse(await this.attributes.check(changed, before, numbered, in_.manager));
      }
      await store(in_, changed, before, this.areas.today());
      const updated = changed.filter(({ code }) => before.has(code)).length;
      return { created: changed.length - updated, updated, unchanged: records.length - changed.length };
    };
    return tx ? work(tx) : this.uow.run(work);
  }

  /** Adds one site. 409 when its code is taken. */
  async create(actor: Actor, input: SiteInput): Promise<Site> {
    const record = recordOf(input);
    refuse(checkEach([record], own));
    return this.uow.run(async (tx) => {
      const { manager } = tx;
      await manager.query('lock table sites in share row exclusive mode');
      await this.areas.assertPlaceWithinJurisdiction(actor, record.lon, record.lat, manager);
      refuse(await this.checkReferences([record], this.areas.today(), own, manager));
      const before = await loadSites(manager, [record.code]);
      if (before.size > 0)
        throw Problem.conflict('DUPLICATE', {
          en: `The site "${record.code}" exists already.`,
          vi: `Trạm "${record.code}" đã tồn tại.`,
        });
      refuse(await this.attributes.check([record], before, own, manager));
      await store(tx, [record], before, this.areas.today());
      return this.sites.read(record.code, undefined, manager);
    });
  }

  /**
   * Changes one site, named by code or id. `version`, when given, is the one the change is based on: 409 when somebody else
   * has changed the site since.
   */
  async change(actor: Actor, codeOrId: string, patch: SitePatch, version?: number): Promise<Site> {
    return this.uow.run(async (tx) => {
      const { manager } = tx;
      // Before the row's lock, so that a change and an import never wait for each other.
      await manager.query('lock table sites in row exclusive mode');
      const { code } = await this.sites.read(codeOrId, undefined, manager);
      const before = await loadSites(manager, [code], 'for update');
      const stored = before.get(code);
      if (!stored) throw Problem.notFound({ en: 'site', vi: 'trạm' }, codeOrId);
      await this.areas.assertPlaceWithinJurisdiction(actor, stored.lon, stored.lat, manager);
      if (version !== undefined && version !== stored.version)
        throw Problem.conflict('VERSION', {
          en: `This was changed meanwhile: it is at version ${stored.version}.`,
          vi: `Dữ liệu đã được người khác thay đổi: hiện ở phiên bản ${stored.version}.`,
        });
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const record = keepAttributes(recordOf({ ...stored, ...given, code }), patch, stored);
      refuse([...checkEach([record], own), ...stateChanges(record, stored, 0, own)]);
      const moved = record.lon !== stored.lon || record.lat !== stored.lat;
      if (moved) await this.areas.assertPlaceWithinJurisdiction(actor, record.lon, record.lat, manager);
      refuse(await this.checkReferences([record], this.areas.today(), own, manager, () => !moved));
      if (!isSameSite(stored, record)) {
        refuse(await this.attributes.check([record], before, own, manager));
        await store(tx, [record], before, this.areas.today());
      }
      return this.sites.read(code, undefined, manager);
    });
  }

  /** Operators that are not there, and places that no commune holds on `date`, but of what `stays` where it is. */
  private async checkReferences(
    records: readonly SiteRecord[],
    date: string,
    name: FieldName,
    manager: EntityManager,
    stays: (record: SiteRecord) => boolean = () => false,
  ): Promise<FieldProblem[]> {
    const known = await this.operators.codes(manager);
    const operators = records.flatMap((record, row) => unknownOperators(record, known, name, row));
    const placed = [...records.keys()].filter((row) => !stays(records[row]!));
    if (placed.length === 0) return operators;
    const outside = await this.areas.placesOutside(
      placed.map((row) => records[row]!),
      date,
      manager,
    );
    return [
      ...operators,
      ...outside
        .map((nr) => placed[nr]!)
        .map((row) =>
          fieldProblem(name(row, 'lon'), 'OUTSIDE', {
            en: `no commune holds the place ${records[row]?.lon}, ${records[row]?.lat} on ${date}`,
            vi: `không có xã, phường nào chứa vị trí ${records[row]?.lon}, ${records[row]?.lat} vào ngày ${date}`,
          }),
        ),
    ];
  }
}

async function store(
  tx: Tx,
  records: readonly SiteRecord[],
  before: ReadonlyMap<string, StoredSite>,
  today: string,
): Promise<void> {
  const saved = await saveSites(tx.manager, records, before);
  const begun: NewTransition[] = [];
  for (const record of records) {
    const is = saved.get(record.code);
    if (!is) throw new Error(`the site ${record.code} was not stored`);
    const after: StoredSite = { ...record, cells: inCodeOrder(record.cells), ...is };
    const was = before.get(record.code) ?? null;
    const action = was ? 'update' : 'create';
    tx.emit(RESOURCE_CHANGED, { resource: 'site', id: is.id, action, before: was, after });
    if (!was) begun.push(firstStep(after, today));
  }
  await logTransitions(tx.manager, begun);
}

function firstStep(
  { id, lifecycle, lifecycleReason, lifecycleNote }: StoredSite,
  today: string,
): NewTransition {
  return { siteId: id, from: null, to: lifecycle, reason: lifecycleReason, note: lifecycleNote, on: today };
}

function checkEach(records: readonly SiteRecord[], name: FieldName): FieldProblem[] {
  return records.flatMap((record, row) => checkSite(record).map((violation) => named(row, violation, name)));
}

function checkCodes(records: readonly SiteRecord[], name: FieldName): FieldProblem[] {
  const first = new Map<string, number>();
  return records.flatMap(({ code }, row) => {
    const other = first.get(code);
    if (other === undefined) {
      first.set(code, row);
      return [];
    }
    return [
      fieldProblem(name(row, 'code'), 'DUPLICATE', {
        en: `the site "${code}" is given twice, first in row ${other}`,
        vi: `trạm "${code}" bị ghi hai lần, lần đầu ở dòng ${other}`,
      }),
    ];
  });
}

function unknownOperators(
  record: SiteRecord,
  known: ReadonlySet<string>,
  name: FieldName,
  row: number,
): FieldProblem[] {
  // The operators of the cells are among the tenants: `checkSite` has seen to it.
  const named_: [string, string | null][] = [
    ['ownerCode', record.ownerCode],
    ...record.tenantCodes.map((code, i): [string, string] => [`tenantCodes.${i}`, code]),
  ];
  return named_
    .filter(([, code]) => code !== null && !known.has(code))
    .map(([field, code]) =>
      fieldProblem(name(row, field), 'OPERATOR', {
        en: `there is no operator "${code}"`,
        vi: `không có nhà mạng "${code}"`,
      }),
    );
}

function named(row: number, violation: Violation, name: FieldName): FieldProblem {
  return fieldProblem(name(row, violation.field), violation.code, violation);
}

function refuse(problems: FieldProblem[]): void {
  if (problems.length > 0) throw Problem.invalid(problems);
}
