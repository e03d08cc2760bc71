import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import {
  checkSite,
  loadSites,
  recordOf,
  removeSites,
  type SiteInput,
  SitesWriter,
  type StoredSite,
} from '../../sites/index.js';
import { finding, type Finding } from '../domain/findings.js';
import { type Columns, headingOf, type ParsedRow } from '../domain/sheet.js';
import { fold } from '../domain/text.js';
import { SITES_SHEET } from '../sheets/site-sheets.js';
import { differences } from './differences.js';
import type { Change, Checked, ImportActor, Importer, RowChecker, UndoRecord } from './importer.js';
import { NearInFile } from './near-in-file.js';
import { type FoundPlace, NEAR_M, PlacesReader } from './places.reader.js';
import { atField, changedMeanwhile, lacking } from './row-rules.js';

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

  constructor(
    private readonly uow: UnitOfWork,
    private readonly places: PlacesReader,
    private readonly writer: SitesWriter,
  ) {}

  keyOf({ code }: Readonly<Record<string, unknown>>): string | undefined {
    return typeof code === 'string' ? code : undefined;
  }

  async checker(columns: Columns, actor: ImportActor): Promise<RowChecker> {
    const ground = await this.places.groundOf(actor.jurisdictionAreaId);
    const near = new NearInFile();
    return {
      check: async (rows) => {
        const codes = rows.flatMap(({ values }) => this.keyOf(values) ?? []);
        const stored = await loadSites(this.uow.reader, codes);
        const drafts = rows.map((row) => draftOf(columns, row, stored.get(this.keyOf(row.values) ?? '')));
        const found = await this.places.find(
          drafts.map(({ record }) => record),
          ground,
        );
        const was = await this.places.find(
          drafts.map(({ record, stored: before }) => before ?? record),
          ground === null ? null : ground,
        );
        return drafts.map((draft, i): Checked => {
          const findings = [...draft.findings, ...ruleFindings(columns, draft, found[i])];
          if (!draft.open.has('lon') && !draft.open.has('lat'))
            findings.push(...placeFindings(columns, draft, found[i], was[i]?.inJurisdiction !== false, near));
          const refused = findings.some(({ severity }) => severity === 'error');
          return { findings, change: refused ? undefined : changeOf(draft) };
        });
      },
    };
  }

  async apply(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    const before = await loadSites(
      tx.manager,
      changes.map(({ key }) => key),
      'for update',
    );
    const moved = changes.filter(({ key, version }) => (before.get(key)?.version ?? null) !== version);
    if (moved.length > 0) throw changedMeanwhile(moved.map(({ key }) => key));
    await this.writer.importSites(
      changes.map(({ key, record }) => ({ ...(record as SiteInput), cells: before.get(key)?.cells ?? [] })),
      { tx },
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
  const stored = await loadSites(
    tx.manager,
    records.map(({ key }) => key),
    'for update',
  );
  const changedSince = records
    .filter(({ key, versionAfter }) => stored.get(key)?.version !== versionAfter)
    .map(({ key }) => key);
  if (changedSince.length > 0) return { changedSince };
  const gone = records.filter(({ before }) => before === null).flatMap(({ key }) => stored.get(key) ?? []);
  await removeSites(tx, gone);
  const back = records.flatMap(({ before }) => (before === null ? [] : [before as StoredSite]));
  if (back.length > 0) await writer.importSites(back, { tx });
  return { changedSince: [] };
}

function draftOf(columns: Columns, row: ParsedRow, stored: StoredSite | undefined): Draft {
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
  return { row, stored, record: recordOf({ ...input, cells: stored?.cells ?? [] }), open, findings };
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

function placeFindings(
  columns: Columns,
  { row, record }: Draft,
  place: FoundPlace | undefined,
  wasInJurisdiction: boolean,
  near: NearInFile,
): Finding[] {
  const { lon, lat, code, ownerCode } = record;
  if (!place) return [];
  const at = `${lat}, ${lon}`;
  const say = (field: string, code_: string, en: string, vi: string, value: unknown = at) =>
    atField(columns, row, field, { code: code_, en, vi }, value);
  if (place.commune === null) {
    if (place.swapped !== null)
      return [
        say(
          'lat',
          'SWAPPED',
          `lat and lon look exchanged: exchanged, the site lies in ${place.swapped}`,
          `vĩ độ và kinh độ có vẻ bị đổi chỗ: nếu đổi lại, trạm nằm ở ${place.swapped}`,
        ),
      ];
    const onEarth = Math.abs(lat) <= 90 && Math.abs(lon) <= 180;
    return onEarth
      ? [say('lat', 'OUTSIDE', `${at} lies outside of the province`, `${at} nằm ngoài địa bàn tỉnh`)]
      : [];
  }
  const findings: Finding[] = [];
  if (!place.inJurisdiction || !wasInJurisdiction)
    findings.push(
      say(
        'lat',
        'JURISDICTION',
        'the site lies outside of the area you are responsible for',
        'trạm nằm ngoài địa bàn bạn phụ trách',
      ),
    );
  const named = row.values.commune;
  if (typeof named === 'string' && !place.names.some((name) => sameUnit(name, named)))
    findings.push(
      say(
        'commune',
        'COMMUNE_MISMATCH',
        `the place lies in ${place.commune}, not in ${named}`,
        `vị trí nằm ở ${place.commune}, không phải ${named}`,
        named,
      ),
    );
  const earlier = near.add(ownerCode, { row: row.row, lon, lat });
  if (earlier !== undefined || place.near !== null) {
    const [other, otherVi] =
      earlier === undefined ? [place.near, place.near] : [`row ${earlier}`, `dòng ${earlier}`];
    findings.push(
      finding(
        'warning',
        {
          code: 'NEAR_DUPLICATE',
          en: `${code} stands within ${NEAR_M} m of ${other}, of the same owner`,
          vi: `${code} cách ${otherVi} không quá ${NEAR_M} m, cùng chủ sở hữu`,
        },
        { row: row.row, column: headingOf(columns, 'lat'), value: at },
      ),
    );
  }
  return findings;
}

/** "TT. Cái Tắc" and "Thị trấn Cái Tắc" are the same. */
function sameUnit(a: string, b: string): boolean {
  const bare = (text: string) => fold(text).replace(/^(xa|phuong|thi tran|tt|x|p|dac khu)\s+(?=\S)/, '');
  return bare(a) === bare(b);
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
