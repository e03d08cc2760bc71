import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import {
  checkHamlet,
  type HamletInput,
  type HamletRecord,
  hamletRecord,
  HamletsWriter,
  loadHamlets,
  removeHamlets,
  type StoredHamlet,
} from '../../hamlets/index.js';
import type { Finding } from '../domain/findings.js';
import type { Columns, ParsedRow } from '../domain/sheet.js';
import { fold } from '../domain/text.js';
import { HAMLETS_SHEET } from '../sheets/hamlet-sheet.js';
import { differences } from './differences.js';
import type { Change, Checked, ImportActor, Importer, RowChecker, UndoRecord } from './importer.js';
import { NearInFile } from './near-in-file.js';
import { nearFindings, placeFindings } from './place-rules.js';
import { type FoundPlace, PlacesReader } from './places.reader.js';
import { atField, changedMeanwhile, lacking } from './row-rules.js';
import { type RowAttributes, SheetAttributes } from './sheet-attributes.js';

/** Nothing in the cell of one of these leaves what is stored. */
const NEVER_NULL = new Set(['name', 'kind', 'lon', 'lat']);
const REQUIRED = ['code', 'name', 'kind', 'lat', 'lon'];

interface Draft {
  row: ParsedRow;
  stored: StoredHamlet | undefined;
  record: HamletRecord;
  /** Fields that no rule is asked about: their lack was told already. */
  open: Set<string>;
  findings: Finding[];
}

/** Hamlets by their code. A column that is not in the file leaves the field as it is. */
@Injectable()
export class HamletsImporter implements Importer {
  readonly sheet = HAMLETS_SHEET;
  readonly permission = 'hamlets:write';

  constructor(
    private readonly uow: UnitOfWork,
    private readonly places: PlacesReader,
    private readonly writer: HamletsWriter,
    private readonly attributes: SheetAttributes,
  ) {}

  keyOf({ code }: Readonly<Record<string, unknown>>): string | undefined {
    return typeof code === 'string' ? code : undefined;
  }

  async checker(columns: Columns, actor: ImportActor): Promise<RowChecker> {
    const ground = await this.places.groundOf(actor.jurisdictionAreaId);
    const near = new NearInFile();
    const attributes = await this.attributes.of('hamlets');
    return {
      check: async (rows) => {
        const codes = rows.flatMap(({ values }) => this.keyOf(values) ?? []);
        const stored = await loadHamlets(this.uow.reader, codes);
        const drafts = rows.map((row) =>
          draftOf(columns, row, stored.get(this.keyOf(row.values) ?? ''), attributes),
        );
        const ask = (record: HamletRecord) => ({ ...record, ownerCode: null });
        const found = await this.places.find(
          drafts.map(({ record }) => ask(record)),
          ground,
          'hamlets',
        );
        // Who may change everything may move a hamlet from anywhere.
        const was =
          ground === null
            ? found
            : await this.places.find(
                drafts.map(({ record, stored: before }) => ask(before ?? record)),
                ground,
                'hamlets',
              );
        return drafts.map((draft, i): Checked => {
          const findings = [
            ...draft.findings,
            ...ruleFindings(columns, draft, found[i]),
            ...whereFindings(columns, draft, found[i], was[i]?.inJurisdiction !== false, near),
          ];
          const { record, stored: before } = draft;
          if (changeOf(draft) !== 'unchanged')
            findings.push(...attributes.check(columns, draft.row, record.attributes, before?.attributes));
          const refused = findings.some(({ severity }) => severity === 'error');
          return { findings, change: refused ? undefined : changeOf(draft) };
        });
      },
    };
  }

  async apply(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    const keys = changes.map(({ key }) => key);
    const before = await loadHamlets(tx.manager, keys, 'for update');
    const moved = changes.filter(({ key, version }) => (before.get(key)?.version ?? null) !== version);
    if (moved.length > 0) throw changedMeanwhile(moved.map(({ key }) => key));
    await this.writer.importHamlets(
      changes.map(({ record }) => record as HamletInput),
      { tx, attributes: 'exact' },
    );
    return changes.map(({ key, version }) => ({
      key,
      before: before.get(key) ?? null,
      versionAfter: (version ?? 0) + 1,
    }));
  }

  /** Hamlets as they were before; new ones are taken out. Nothing is done when one was changed since. */
  async undo(records: readonly UndoRecord[], tx: Tx): Promise<{ changedSince: string[] }> {
    const keys = records.map(({ key }) => key);
    const stored = await loadHamlets(tx.manager, keys, 'for update');
    const changedSince = records
      .filter(({ key, versionAfter }) => stored.get(key)?.version !== versionAfter)
      .map(({ key }) => key);
    if (changedSince.length > 0) return { changedSince };
    const gone = records.filter(({ before }) => before === null).flatMap(({ key }) => stored.get(key) ?? []);
    await removeHamlets(tx, gone);
    const back = records.flatMap(({ before }) => (before === null ? [] : [before as StoredHamlet]));
    await this.writer.importHamlets(back, { tx, attributes: 'restore' });
    return { changedSince: [] };
  }
}

function draftOf(
  columns: Columns,
  row: ParsedRow,
  stored: StoredHamlet | undefined,
  attributes: RowAttributes,
): Draft {
  const given = Object.fromEntries(
    Object.entries(row.values).filter(
      ([key, value]) => key !== 'commune' && !(value === null && NEVER_NULL.has(key)),
    ),
  );
  const all: Record<string, unknown> = { kind: kindOf(row.values.name), ...stored, ...given };
  // A report that is withdrawn takes its day and its source with it.
  if (given.signal === null)
    for (const field of ['signalReportedOn', 'signalSource']) if (!(field in given)) all[field] = null;
  // A name that the file has a column for cannot be blank, whatever is stored.
  const said = row.values.name === null ? { ...all, name: null } : all;
  const findings = lacking(columns, row, REQUIRED, said);
  const missing = REQUIRED.filter((key) => said[key] === undefined || said[key] === null);
  const merged = attributes.merged(row, stored?.attributes);
  const input = { code: '', name: '', kind: 'ap', lon: 0, lat: 0, ...all, attributes: merged } as HamletInput;
  return { row, stored, record: hamletRecord(input), open: new Set([...row.unread, ...missing]), findings };
}

/** What a name says of itself: "Ấp 1", "Khu vực 2", "KV 3". */
function kindOf(name: unknown): HamletRecord['kind'] | undefined {
  const words = typeof name === 'string' ? fold(name) : '';
  if (/^ap\b/.test(words)) return 'ap';
  return /^(khu vuc|kv)\b/.test(words) ? 'khu_vuc' : undefined;
}

function ruleFindings(
  columns: Columns,
  { row, record, open }: Draft,
  place: FoundPlace | undefined,
): Finding[] {
  return (
    checkHamlet(record)
      .filter(({ field }) => !open.has(field))
      // The place itself is told about in words of its own.
      .filter(({ code }) => !(code === 'SWAPPED' && place?.swapped))
      .map((violation) => atField(columns, row, violation.field, violation))
  );
}

function whereFindings(
  columns: Columns,
  { row, record, open }: Draft,
  place: FoundPlace | undefined,
  wasInJurisdiction: boolean,
  near: NearInFile,
): Finding[] {
  if (!place || open.has('lon') || open.has('lat')) return [];
  const { code, lon, lat } = record;
  const placed = { row, code, lon, lat, en: 'the hamlet', vi: 'ấp, khu vực' };
  const findings = placeFindings(columns, placed, place, wasInJurisdiction);
  if (place.commune === null) return findings;
  const earlier = near.add('hamlet', { row: row.row, lon, lat });
  return [...findings, ...nearFindings(columns, placed, earlier, place.near)];
}

function changeOf({ row, record, stored }: Draft): Change | 'unchanged' {
  const fields = stored ? differences(stored, record) : [];
  if (stored && fields.length === 0) return 'unchanged';
  return {
    row: row.row,
    key: record.code,
    action: stored ? 'update' : 'create',
    fields,
    record,
    version: stored?.version ?? null,
  };
}
