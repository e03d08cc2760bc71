import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import { AreasService } from '../../areas/index.js';
import {
  checkFigures,
  type FibreDraft,
  fibreKeyOf,
  type FibreRow,
  FibreStock,
  firstDayOf,
  lastDayOf,
} from '../../fibre/index.js';
import { finding, type Finding } from '../domain/findings.js';
import { type Columns, headingOf, type ParsedRow } from '../domain/sheet.js';
import { fold } from '../domain/text.js';
import { FIBRE_SHEET } from '../sheets/fibre-sheet.js';
import { differences } from './differences.js';
import { FibreSums } from './fibre-sums.js';
import { type FibreUnit, FibreUnits } from './fibre-units.js';
import type { Change, Checked, ImportActor, Importer, RowChecker, UndoRecord } from './importer.js';
import { atField, changedMeanwhile, lacking } from './row-rules.js';
import { type RowAttributes, SheetAttributes } from './sheet-attributes.js';

const REQUIRED = ['operatorCode', 'quarter', 'households', 'passed', 'connected'];
const COUNTS = ['households', 'passed', 'connected', 'passed25Mbps', 'passed100Mbps'];

interface Quarter {
  units: FibreUnits;
  closed: boolean;
}

/** A row with what it is about; undefined: it could not be told, and the findings say why. */
interface Placed {
  row: ParsedRow;
  findings: Finding[];
  at: (FibreUnit & { quarter: string; operatorCode: string; closed: boolean }) | undefined;
}

/**
 * Fibre figures by commune or hamlet, operator and quarter. A column that is not in the file leaves the field as it is. Units are
 * those in force on the last day of the row's quarter.
 */
@Injectable()
export class FibreImporter implements Importer {
  readonly sheet = FIBRE_SHEET;
  readonly permission = 'fibre:write';

  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly stock: FibreStock,
    private readonly attributes: SheetAttributes,
  ) {}

  /** As the row writes it: rows that write one unit in two ways are found when they are checked. */
  keyOf(values: Readonly<Record<string, unknown>>): string | undefined {
    const [communeCode, communeName, hamletCode, hamletName, operator, quarter] = [
      'communeCode',
      'communeName',
      'hamletCode',
      'hamletName',
      'operatorCode',
      'quarter',
    ].map((key) => (typeof values[key] === 'string' ? values[key] : ''));
    const unit = hamletCode || [communeCode || communeName, hamletName].filter(Boolean).join('/');
    return unit && operator && quarter ? `${unit}/${operator}/${quarter}` : undefined;
  }

  async checker(columns: Columns, actor: ImportActor): Promise<RowChecker> {
    const quarters = new Map<string, Quarter>();
    const first = new Map<string, { row: number; raw: string | undefined }>();
    const sums = new FibreSums();
    const today = this.areas.today();
    const attributes = await this.attributes.of('fibre');
    return {
      check: async (rows) => {
        await this.loadQuarters(rows, quarters);
        const placed = rows.map((row) => this.place(columns, row, quarters, actor));
        const keys = placed.flatMap(({ at }) => (at ? [draftKey(at)] : []));
        const stored = await this.stock.load(this.uow.reader, keys);
        await this.loadSums(keys, sums);
        const checked = placed.map((one): { checked: Checked; sum: string | undefined } => {
          if (!one.at) return { checked: { findings: one.findings, change: undefined }, sum: undefined };
          const key = fibreKeyOf(draftKey(one.at));
          const findings = [...one.findings, ...twice(one.row, key, this.keyOf(one.row.values), first)];
          if (firstDayOf(one.at.quarter) > today) findings.push(notYet(columns, one.row));
          const result = checkRow(columns, one, one.at, findings, stored.get(key), attributes);
          if (result.draft) sums.put(result.draft);
          return { checked: result.checked, sum: result.draft && FibreSums.keyOf(result.draft) };
        });
        return withExcess(columns, rows, checked, sums);
      },
    };
  }

  async apply(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    const drafts = changes.map(({ record }) => record as FibreDraft);
    await this.stock.lock(tx.manager);
    const before = await this.stock.load(tx.manager, drafts);
    const was = (change: Change) => before.get(fibreKeyOf(change.record as FibreDraft)) ?? null;
    const moved = changes.filter((change) => (was(change)?.version ?? null) !== change.version);
    if (moved.length > 0) throw changedMeanwhile(moved.map(({ key }) => key));
    await this.stock.store(tx, drafts);
    return changes.map((change) => ({
      key: change.key,
      before: was(change),
      versionAfter: (change.version ?? 0) + 1,
    }));
  }

  async undo(records: readonly UndoRecord[], tx: Tx): Promise<{ changedSince: string[] }> {
    await this.stock.lock(tx.manager);
    const stored = await this.stock.loadByCodes(
      tx.manager,
      records.map(({ key }) => key),
    );
    const changedSince = records
      .filter(({ key, versionAfter }) => stored.get(key)?.version !== versionAfter)
      .map(({ key }) => key);
    if (changedSince.length > 0) return { changedSince };
    const gone = records.filter(({ before }) => before === null).flatMap(({ key }) => stored.get(key) ?? []);
    if (gone.length > 0) await this.stock.remove(tx, gone);
    const back = records.flatMap(({ before }) => (before === null ? [] : [before as FibreRow]));
    if (back.length > 0) await this.stock.restore(tx, back);
    return { changedSince: [] };
  }

  private async loadQuarters(rows: readonly ParsedRow[], quarters: Map<string, Quarter>): Promise<void> {
    for (const { values } of rows) {
      const { quarter } = values;
      if (typeof quarter !== 'string' || quarters.has(quarter)) continue;
      const { units, closed } = await this.stock.quarter(quarter);
      quarters.set(quarter, { units: new FibreUnits(units, lastDayOf(quarter)), closed });
    }
  }

  private async loadSums(keys: readonly ReturnType<typeof draftKey>[], sums: FibreSums): Promise<void> {
    const unknown = keys.filter((key) => !sums.knows(FibreSums.keyOf(key)));
    if (unknown.length === 0) return;
    sums.open(unknown.map((key) => FibreSums.keyOf(key)));
    for (const row of await this.stock.siblings(this.uow.reader, unknown)) sums.put(row);
  }

  private place(
    columns: Columns,
    row: ParsedRow,
    quarters: ReadonlyMap<string, Quarter>,
    { jurisdictionAreaId }: ImportActor,
  ): Placed {
    const { values } = row;
    const findings = [...lacking(columns, row, REQUIRED, values), ...shares(columns, row)];
    const quarter = quarters.get(String(values.quarter));
    if (!quarter) return { row, findings, at: undefined };
    const answer = quarter.units.find(values);
    if ('said' in answer) {
      findings.push(atField(columns, row, answer.field, answer.said));
      return { row, findings, at: undefined };
    }
    const { commune } = answer.unit;
    if (jurisdictionAreaId !== null && !commune.chain.some(({ id }) => id === jurisdictionAreaId))
      findings.push(
        atField(columns, row, values.communeCode ? 'communeCode' : 'communeName', {
          code: 'JURISDICTION',
          en: 'the commune lies outside of the area you are responsible for',
          vi: 'xã, phường nằm ngoài địa bàn bạn phụ trách',
        }),
      );
    if (typeof values.operatorCode !== 'string') return { row, findings, at: undefined };
    const { operatorCode } = values;
    return {
      row,
      findings,
      at: { ...answer.unit, quarter: String(values.quarter), operatorCode, closed: quarter.closed },
    };
  }
}

function draftKey({ commune, hamlet, operatorCode, quarter }: NonNullable<Placed['at']>) {
  return { areaId: commune.id, hamletId: hamlet?.id ?? null, operatorCode, quarter };
}

/** A column that says by its heading that it holds shares. */
function shares(columns: Columns, row: ParsedRow): Finding[] {
  return COUNTS.filter((key) => typeof row.values[key] === 'number')
    .filter((key) => {
      const heading = headingOf(columns, key);
      return heading.includes('%') || /\b(ty le|phan tram|percent|share)\b/.test(fold(heading));
    })
    .map((key) =>
      atField(columns, row, key, {
        code: 'UNIT',
        en: 'the column holds shares; the number of households is asked for',
        vi: 'cột này ghi tỷ lệ; cần ghi số hộ',
      }),
    );
}

/** The same unit, operator and quarter in an earlier row that writes its unit differently. */
function twice(
  { row }: ParsedRow,
  key: string,
  raw: string | undefined,
  first: Map<string, { row: number; raw: string | undefined }>,
): Finding[] {
  const earlier = first.get(key);
  if (!earlier) {
    first.set(key, { row, raw });
    return [];
  }
  if (earlier.raw === raw) return [];
  return [
    finding(
      'error',
      {
        code: 'DUPLICATE_IN_FILE',
        en: `row ${earlier.row} has the same unit, operator and quarter`,
        vi: `dòng ${earlier.row} đã có cùng đơn vị, nhà mạng và quý`,
      },
      { row, value: raw },
    ),
  ];
}

function notYet(columns: Columns, row: ParsedRow): Finding {
  return {
    ...atField(columns, row, 'quarter', {
      code: 'FUTURE',
      en: 'the quarter has not begun yet',
      vi: 'quý này chưa bắt đầu',
    }),
    severity: 'warning',
  };
}

function checkRow(
  columns: Columns,
  { row }: Placed,
  at: NonNullable<Placed['at']>,
  findings: Finding[],
  stored: FibreRow | undefined,
  attributes: RowAttributes,
): { checked: Checked; draft: FibreDraft | undefined } {
  const all: Record<string, unknown> = { ...stored, ...row.values };
  const count = (key: string) => (typeof all[key] === 'number' ? all[key] : null);
  const figures = {
    households: count('households') ?? 0,
    passed: count('passed') ?? 0,
    connected: count('connected') ?? 0,
    passed25Mbps: count('passed25Mbps'),
    passed100Mbps: count('passed100Mbps'),
    source: typeof all.source === 'string' ? all.source : null,
    attributes: attributes.merged(row, stored?.attributes),
  };
  // Against a number that could not be read, or is a share, nothing is said.
  const isWhole = ['households', 'passed', 'connected'].every((key) => typeof row.values[key] === 'number');
  if (isWhole && !findings.some(({ code }) => code === 'UNIT'))
    for (const violation of checkFigures(figures))
      findings.push(atField(columns, row, violation.field, violation));
  const fields = stored ? differences(stored, figures) : [];
  const isChanged = !stored || fields.length > 0;
  if (isChanged) findings.push(...attributes.check(columns, row, figures.attributes, stored?.attributes));
  if (at.closed && isChanged)
    findings.push(
      atField(columns, row, 'quarter', {
        code: 'CLOSED',
        en: `the quarter ${at.quarter} is closed: its figures change by a correction of its snapshot, not by an import`,
        vi: `quý ${at.quarter} đã chốt số liệu: chỉ sửa bằng bản đính chính, không qua nhập tệp`,
      }),
    );
  if (!isWhole || findings.some(({ severity }) => severity === 'error'))
    return { checked: { findings, change: undefined }, draft: undefined };
  const draft: FibreDraft = { ...draftKey(at), ...figures };
  if (!isChanged) return { checked: { findings, change: 'unchanged' }, draft };
  const change: Change = {
    row: row.row,
    key: [at.commune.code, at.hamlet?.code, at.operatorCode, at.quarter].filter(Boolean).join('/'),
    action: stored ? 'update' : 'create',
    fields,
    record: draft,
    version: stored?.version ?? null,
  };
  return { checked: { findings, change }, draft };
}

/** Says it once per batch, at the last row of a commune whose hamlets have more than itself. */
function withExcess(
  columns: Columns,
  rows: readonly ParsedRow[],
  checked: readonly { checked: Checked; sum: string | undefined }[],
  sums: FibreSums,
): Checked[] {
  const last = new Map(checked.map(({ sum }, i) => [sum, i]));
  return checked.map(({ checked: one, sum }, i) => {
    const row = rows[i];
    if (sum === undefined || last.get(sum) !== i || !row || one.change === 'unchanged') return one;
    const warnings = sums.excess(sum).map((violation): Finding => ({
      ...atField(columns, row, violation.field, violation),
      severity: 'warning',
    }));
    return { ...one, findings: [...one.findings, ...warnings] };
  });
}
