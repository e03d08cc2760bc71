import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { fieldProblem, type FieldProblem } from '../../common/http/problem.js';
import { AttributesService, checkAttributes, mergeAttributes } from '../attributes/index.js';
import type { Cell, SiteRecord } from './domain/site-model.js';
import { recordOf } from './site-draft.js';
import type { FieldName } from './site-state.js';
import type { StoredSite } from './site.types.js';

/** The record with the attributes that it does not name as they are stored, those of its cells as well. */
export function keepAttributes<T extends SiteRecord>(
  record: T,
  input: { attributes?: object; cells?: readonly { code: string; attributes?: object }[] },
  stored: StoredSite | undefined,
): T {
  if (!stored) return record;
  const cells = new Map(stored.cells.map((cell) => [cell.code, cell]));
  const given = new Map(input.cells?.map((cell) => [cell.code, cell]));
  return {
    ...record,
    attributes: mergeAttributes(stored.attributes, { ...input.attributes }),
    cells: record.cells.map((cell) => ({
      ...cell,
      attributes: mergeAttributes(cells.get(cell.code)?.attributes ?? {}, {
        ...given.get(cell.code)?.attributes,
      }),
    })),
  };
}

/** Holds the custom attributes of sites and cells against their definitions. */
@Injectable()
export class SiteAttributes {
  constructor(private readonly attributes: AttributesService) {}

  /**
   * What is wrong with the attributes of new and changed sites and cells. A site to which only cells and their networks came
   * is not a changed one.
   */
  async check(
    records: readonly SiteRecord[],
    before: ReadonlyMap<string, StoredSite>,
    name: FieldName,
    manager: EntityManager,
  ): Promise<FieldProblem[]> {
    const ofSites = await this.attributes.rules('sites', manager);
    const ofCells = await this.attributes.rules('cells', manager);
    return records.flatMap((record, row) => {
      const stored = before.get(record.code);
      const say = (at: string) => (found: ReturnType<typeof checkAttributes>[number]) =>
        fieldProblem(name(row, at + found.field), found.code, found);
      const own = unlessSame(checkAttributes(ofSites, record.attributes, stored?.attributes), () =>
        isSame(stored, record, ownOf),
      ).map(say(''));
      const was = new Map(stored?.cells.map((cell) => [cell.code, cell]));
      const cells = record.cells.flatMap((cell, i) =>
        unlessSame(checkAttributes(ofCells, cell.attributes, was.get(cell.code)?.attributes), () =>
          isSame(was.get(cell.code), cell, cellOf),
        ).map(say(`cells.${i}.`)),
      );
      return [...own, ...cells];
    });
  }
}

/** What was found, unless nothing has changed; there is rarely anything, so that is looked at last. */
function unlessSame<T>(found: T[], isSame_: () => boolean): T[] {
  return found.length > 0 && isSame_() ? [] : found;
}

function isSame<T>(stored: T | undefined, record: T, shape: (one: T) => object): boolean {
  return stored !== undefined && JSON.stringify(shape(stored)) === JSON.stringify(shape(record));
}

function ownOf(site: SiteRecord): object {
  const { cells: _cells, tenantCodes: _networks, ...own } = recordOf(site);
  return own;
}

function cellOf(cell: Cell): object {
  return recordOf({ code: '', name: '', lon: 0, lat: 0, cells: [cell] }).cells;
}
