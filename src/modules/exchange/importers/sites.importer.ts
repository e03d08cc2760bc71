import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import {
  checkSite,
  holdSites,
  loadSites,
  recordOf,
  removeSites,
  type SiteInput,
  SitesWriter,
  type StoredSite,
} from '../../sites/index.js';
import type { Finding } from '../domain/findings.js';
import type { Columns, ParsedRow } from '../domain/sheet.js';
import { SITES_SHEET } from '../sheets/site-sheets.js';
import { differences } from './differences.js';
import type { Change, Checked, ImportActor, Importer, RowChecker, UndoRecord } from './importer.js';
import { NearInFile } from './near-in-file.js';
import { nearFindings, placeFindings } from './place-rules.js';
import { type FoundPlace, PlacesReader } from './places.reader.js';
import { atField, changedMeanwhile, lacking } from './row-rules.js';
import { type RowAttributes, SheetAttributes } from './sheet-attributes.js';

/** Nothing in the cell of one of these leaves what is stored, or the default. */
const NEVER_NULL = new Set(['name', 'lon', 'lat', 'lifecycle', 'confidence', 'tenantCodes', 'assumedFields']);

interface Draft {
  row: ParsedRow;
  stored: StoredSite | undefined;
  record: ReturnType<typeof recordOf>;
  /** Fields that no rule is asked about: their lack was told already. */
  open: Set<string>;
  findings: Finding[];
}

/** Sites by their code. A column that is not in the file leaves the field as it is. */
@Injectable()
export class SitesImporter implements Importer {
  readonly sheet = SITES_SHEET;
  readonly permission = 'sites:write';
  readonly tables = ['sites', 'cells'];
  readonly undoBatch = 200;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly places: PlacesReader,
    private readonly writer: SitesWriter,
    private readonly attributes: SheetAttributes,
  ) {}

  keyOf({ code }: Readonly<Record<string, unknown>>): string | undefined {
    return typeof code === 'string' ? code : undefined;
  }

  async checker(columns: Columns, actor: ImportActor): Promise<RowChecker> {
    const ground = await this.places.groundOf(actor.jurisdictionAreaId);
    const near = new NearInFile();
    const attributes = await this.attributes.of('sites');
    return {
      check: async (rows) => {
        const codes = rows.flatMap(({ values }) => this.keyOf(values) ?? []);
        const stored = await loadSites(this.uow.reader, codes);
        const drafts = rows.map((row) =>
          draftOf(columns, row, stored.get(this.keyOf(row.values) ?? ''), attributes),
        );
        const found = await this.places.find(
          drafts.map(({ record }) => record),
          ground,
        );
        // Who may change everything may move a site from anywhere.
        const was =
          ground === null
            ? found
            : await this.places.find(
                drafts.map(({ record, stored: before }) => before ?? record),
                ground,
              );
        return drafts.map((draft, i): Checked => {
          const findings = [...draft.findings, ...ruleFindings(columns, draft, found[i])];
          const change = changeOf(draft);
          if (change !== 'unchanged')
            findings.push(
              ...attributes.check(columns, draft.row, draft.record.attributes, draft.stored?.attributes),
            );
          if (!draft.open.has('lon') && !draft.open.has('lat'))
            findings.push(...whereFindings(columns, draft, found[i], was[i]?.inJurisdiction !== false, near));
          const refused = findings.some(({ severity }) => severity === 'error');
          return { findings, change: refused ? undefined : change };
        });
      },
    };
  }

  async apply(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    const before = await holdSites(
      tx.manager,
      changes.map(({ key }) => key),
    );
    const moved = changes.filter(({ key, version }) => (before.get(key)?.version ?? null) !== version);
    if (moved.length > 0) throw changedMeanwhile(moved.map(({ key }) => key));
    await this.writer.importSites(
      changes.map(({ key, record }) => ({ ...(record as SiteInput), cells: before.get(key)?.cells ?? [] })),
      { tx, before, attributes: 'exact' },
    );
    return changes.map(({ key, version }) => ({
      key,
      before: before.get(key) ?? null,
      versionAfter: (version ?? 0) + 1,
    }));
  }

  undo(records: readonly UndoRecord[], tx: Tx): Promise<{ changedSince: string[] }> {
    return undoSites(this.writer, records, tx);
  }
}

/** Sites as they were before; new ones are taken out. Nothing is done when one was changed since. */
export async function undoSites(
  writer: SitesWriter,
  records: readonly UndoRecord[],
  tx: Tx,
): Promise<{ changedSince: string[] }> {
  const stored = await holdSites(
    tx.manager,
    records.map(({ key }) => key),
  );
  const changedSince = records
    .filter(({ key, versionAfter }) => stored.get(key)?.version !== versionAfter)
    .map(({ key }) => key);
  if (changedSince.length > 0) return { changedSince };
  const gone = records.filter(({ before }) => before === null).flatMap(({ key }) => stored.get(key) ?? []);
  await removeSites(tx, gone);
  const back = records.flatMap(({ before }) => (before === null ? [] : [before as StoredSite]));
  if (back.length > 0) await writer.importSites(back, { tx, before: stored, attributes: 'restore' });
  return { changedSince: [] };
}

function draftOf(
  columns: Columns,
  row: ParsedRow,
  stored: StoredSite | undefined,
  attributes: RowAttributes,
): Draft {
  const given = Object.fromEntries(
    Object.entries(row.values).filter(
      ([key, value]) => key !== 'commune' && !(value === null && NEVER_NULL.has(key)),
    ),
  );
  const all: Record<string, unknown> = { ...stored, ...given };
  const required = ['code', 'name', 'lat', 'lon'];
  const findings = lacking(columns, row, required, { ...all, ...emptied(row) });
  const open = new Set([
    ...row.unread,
    ...required.filter((key) => all[key] === undefined || all[key] === null),
  ]);
  const input = { code: '', name: '', lon: 0, lat: 0, ...all } as SiteInput;
  const record = recordOf({
    ...input,
    attributes: attributes.merged(row, stored?.attributes),
    cells: stored?.cells ?? [],
  });
  return { row, stored, record, open, findings };
}

/** A name or a code that the file has a column for cannot be blank, whatever is stored. */
function emptied({ values }: ParsedRow): Record<string, unknown> {
  return values.name === null ? { name: null } : {};
}

function ruleFindings(columns: Columns, draft: Draft, place: FoundPlace | undefined): Finding[] {
  const { row, record, stored, open } = draft;
  const found = checkSite(record)
    .filter(({ field }) => !open.has(field.split('.')[0] ?? ''))
    // The place itself is told about in words of its own.
    .filter(({ code }) => !(code === 'SWAPPED' && place?.swapped))
    .map((violation) => atField(columns, row, violation.field, violation));
  if (stored && record.lifecycle !== stored.lifecycle)
    found.push(
      atField(columns, row, 'lifecycle', {
        code: 'LIFECYCLE',
        en: `the site is ${stored.lifecycle}; its state changes by a transition, not by an import`,
        vi: `trạm đang ở trạng thái ${stored.lifecycle}; trạng thái chỉ đổi qua bước chuyển, không qua nhập tệp`,
      }),
    );
  return found;
}

function whereFindings(
  columns: Columns,
  { row, record }: Draft,
  place: FoundPlace | undefined,
  wasInJurisdiction: boolean,
  near: NearInFile,
): Finding[] {
  if (!place) return [];
  const { lon, lat, code, ownerCode } = record;
  const placed = { row, code, lon, lat, en: 'the site', vi: 'trạm' };
  const findings = placeFindings(columns, placed, place, wasInJurisdiction);
  if (place.commune === null) return findings;
  const earlier = near.add(ownerCode, { row: row.row, lon, lat });
  const owner = [', of the same owner', ', cùng chủ sở hữu'] as const;
  return [...findings, ...nearFindings(columns, placed, earlier, place.near, owner)];
}

function changeOf({ row, record, stored }: Draft): Change | 'unchanged' {
  const { cells: _cells, ...site } = record;
  const fields = stored ? differences(stored, site) : [];
  if (stored && fields.length === 0) return 'unchanged';
  return {
    row: row.row,
    key: record.code,
    action: stored ? 'update' : 'create',
    fields,
    record: site,
    version: stored?.version ?? null,
  };
}
