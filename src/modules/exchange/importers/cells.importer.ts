import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import {
  type CellInput,
  checkSite,
  loadSites,
  recordOf,
  type SiteInput,
  SitesWriter,
  type StoredSite,
} from '../../sites/index.js';
import type { Finding } from '../domain/findings.js';
import type { Columns, ParsedRow } from '../domain/sheet.js';
import { CELLS_SHEET } from '../sheets/site-sheets.js';
import { differences } from './differences.js';
import type { Change, Checked, ImportActor, Importer, RowChecker, UndoRecord } from './importer.js';
import { PlacesReader } from './places.reader.js';
import { atField, changedMeanwhile, lacking } from './row-rules.js';
import { type RowAttributes, SheetAttributes } from './sheet-attributes.js';
import { undoSites } from './sites.importer.js';

const REQUIRED = ['siteCode', 'code', 'operatorCode', 'technology'];

interface CellRecord {
  siteCode: string;
  cell: CellInput;
}

/** Cells by site code and cell code. Other cells of a site stay; its networks grow by those of its new cells. */
@Injectable()
export class CellsImporter implements Importer {
  readonly sheet = CELLS_SHEET;
  readonly permission = 'sites:write';
  readonly tables = ['sites', 'cells'];
  readonly undoBatch = 200;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly places: PlacesReader,
    private readonly writer: SitesWriter,
    private readonly attributes: SheetAttributes,
  ) {}

  keyOf({ siteCode, code }: Readonly<Record<string, unknown>>): string | undefined {
    return typeof siteCode === 'string' && typeof code === 'string' ? `${siteCode}/${code}` : undefined;
  }

  groupOf(key: string): string {
    return key.slice(0, key.indexOf('/'));
  }

  async checker(columns: Columns, actor: ImportActor): Promise<RowChecker> {
    const ground = await this.places.groundOf(actor.jurisdictionAreaId);
    const attributes = await this.attributes.of('cells');
    return {
      check: async (rows) => {
        const codes = rows.flatMap(({ values }) =>
          typeof values.siteCode === 'string' ? [values.siteCode] : [],
        );
        const sites = await loadSites(this.uow.reader, codes);
        const allowed = await this.within([...sites.values()], ground);
        return rows.map((row) => {
          const site = sites.get(String(row.values.siteCode));
          return checkRow(columns, row, site, site === undefined || allowed.has(site.code), attributes);
        });
      },
    };
  }

  async apply(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    const cells = new Map<string, CellInput[]>();
    const versions = new Map<string, number | null>();
    for (const { record, version } of changes) {
      const { siteCode, cell } = record as CellRecord;
      cells.set(siteCode, [...(cells.get(siteCode) ?? []), cell]);
      versions.set(siteCode, version);
    }
    const before = await loadSites(tx.manager, [...cells.keys()], 'for update');
    const moved = [...versions].filter(([code, version]) => before.get(code)?.version !== version);
    if (moved.length > 0) throw changedMeanwhile(moved.map(([code]) => code));
    const sites = [...before.values()];
    await this.writer.importSites(
      sites.map((site) => merged(site, cells.get(site.code) ?? [])),
      { tx, attributes: 'exact' },
    );
    return sites.map((site) => ({ key: site.code, before: site, versionAfter: site.version + 1 }));
  }

  undo(records: readonly UndoRecord[], tx: Tx): Promise<{ changedSince: string[] }> {
    return undoSites(this.writer, records, tx);
  }

  private async within(sites: readonly StoredSite[], ground: string[] | null): Promise<Set<string>> {
    const found = ground === null ? [] : await this.places.find(sites, ground);
    return new Set(sites.filter((_, i) => found[i]?.inJurisdiction !== false).map(({ code }) => code));
  }
}

function merged(site: StoredSite, given: readonly CellInput[]): SiteInput {
  const codes = new Set(given.map(({ code }) => code));
  const cells = [...site.cells.filter(({ code }) => !codes.has(code)), ...given];
  const tenantCodes = [...new Set([...site.tenantCodes, ...cells.map(({ operatorCode }) => operatorCode)])];
  return { ...site, cells, tenantCodes };
}

function checkRow(
  columns: Columns,
  row: ParsedRow,
  site: StoredSite | undefined,
  isAllowed: boolean,
  attributes: RowAttributes,
): Checked {
  const { siteCode, ...given } = row.values;
  const findings: Finding[] = [];
  const say = (code: string, en: string, vi: string) =>
    findings.push(atField(columns, row, 'siteCode', { code, en, vi }));
  if (!site && typeof siteCode === 'string')
    say('SITE', `there is no site "${siteCode}"`, `không có trạm "${siteCode}"`);
  if (!isAllowed)
    say(
      'JURISDICTION',
      'the site lies outside of the area you are responsible for',
      'trạm nằm ngoài địa bàn bạn phụ trách',
    );
  const stored = site?.cells.find(({ code }) => code === given.code);
  const all: Record<string, unknown> = {
    ...stored,
    ...given,
    assumedFields: given.assumedFields ?? stored?.assumedFields,
    attributes: attributes.merged(row, stored?.attributes),
  };
  findings.push(...lacking(columns, row, REQUIRED, { ...all, siteCode }));
  const open = new Set([...row.unread, ...REQUIRED.filter((key) => (all[key] ?? null) === null)]);
  const input = { code: '', operatorCode: '', technology: '4G', ...all } as CellInput;
  const [cell] = recordOf({ code: '-', name: '-', lon: 0, lat: 0, cells: [input] }).cells;
  if (!cell) throw new Error('a cell was lost');
  for (const violation of checkSite(recordOf({ code: '-', name: '-', lon: 0, lat: 0, cells: [cell] }))) {
    const [part, , field = '', ...rest] = violation.field.split('.');
    if (part !== 'cells' || open.has(field)) continue;
    findings.push(atField(columns, row, [field, ...rest].join('.'), violation));
  }
  const fields = stored ? differences(stored, cell) : [];
  const isSame = stored !== undefined && fields.length === 0;
  if (!isSame) findings.push(...attributes.check(columns, row, cell.attributes, stored?.attributes));
  if (!site || findings.some(({ severity }) => severity === 'error')) return { findings, change: undefined };
  if (isSame) return { findings, change: 'unchanged' };
  const record: CellRecord = { siteCode: site.code, cell };
  return {
    findings,
    change: {
      row: row.row,
      key: `${site.code}/${cell.code}`,
      action: stored ? 'update' : 'create',
      fields,
      record,
      version: site.version,
    },
  };
}
