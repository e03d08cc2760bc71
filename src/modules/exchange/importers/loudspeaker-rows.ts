import {
  checkCluster,
  MAX_HORNS,
  PLAIN_KINDS,
  type PlainKind,
  type PlainLoudspeakersImport,
  type StoredCluster,
  type StoredPlain,
} from '../../speakers/index.js';
import { finding, type Finding } from '../domain/findings.js';
import { type Columns, headingOf, type ParsedRow } from '../domain/sheet.js';
import type { CommunesByName } from './communes-by-name.js';
import { differences } from './differences.js';
import type { FieldChange } from './importer.js';
import { atField, lacking } from './row-rules.js';

/** A horn of a cluster; the first is number 1. */
export interface Horn {
  number: number;
  powerW: number;
  azimuthDeg: number;
  sensitivityDb?: number;
  dispersionDeg?: number;
}

const MOST_PLAIN = 1_000_000;

/** The rules for the rows of one file, in their order. */
export class LoudspeakerRows {
  /** How many horns each cluster has, with those of the rows so far. */
  private readonly horns = new Map<string, number>();
  private readonly plainRows = new Map<string, number>();

  constructor(
    private readonly columns: Columns,
    private readonly communes: CommunesByName,
    private readonly allowed: ReadonlySet<string> | null,
  ) {}

  differences(before: object, after: object): FieldChange[] {
    return differences(before, after);
  }

  /** The commune of a row of loudspeakers without a cluster. */
  areaOf({ values }: ParsedRow): string | undefined {
    return typeof values.clusterId === 'string' || typeof values.commune !== 'string'
      ? undefined
      : (this.communes.find(values.commune) ?? undefined);
  }

  /** `horn` is undefined when the row cannot be stored; `before` is how it is stored now. */
  horn(
    row: ParsedRow,
    cluster: StoredCluster | undefined,
  ): { findings: Finding[]; horn?: Horn; before?: Horn } {
    const { clusterId, kind } = row.values;
    const findings: Finding[] = [];
    const say = this.sayer(row, findings);
    if (!cluster)
      say(
        'clusterId',
        'CLUSTER',
        `there is no cluster "${text(clusterId)}"`,
        `không có cụm loa "${text(clusterId)}"`,
      );
    else this.checkReach(say, 'clusterId', cluster.areaId);
    if (kind !== undefined && kind !== null && kind !== 'ip')
      say(
        'kind',
        'KIND',
        'a loudspeaker of a cluster is reached by the network: it is neither fm nor wired',
        'loa thuộc cụm được điều khiển qua mạng: không phải loa fm hay loa có dây',
      );
    if (typeof row.values.count === 'number' && row.values.count !== 1)
      say('count', 'COUNT', 'one row is one horn of a cluster', 'mỗi dòng là một loa của cụm');
    const { commune } = row.values;
    if (cluster && typeof commune === 'string' && this.communes.find(commune) !== cluster.areaId)
      say(
        'commune',
        'COMMUNE_MISMATCH',
        `the cluster does not belong to ${commune}`,
        `cụm loa không thuộc ${commune}`,
      );
    findings.push(...this.notKept(row, ['source']));
    const nr = row.values.number;
    const stored = typeof nr === 'number' ? cluster?.horns[nr - 1] : undefined;
    const before = stored && typeof nr === 'number' ? { number: nr, ...stored } : undefined;
    const given = {
      powerW: row.values.powerW ?? stored?.powerW,
      azimuthDeg: row.values.azimuthDeg ?? stored?.azimuthDeg,
    };
    const all: Record<string, unknown> = { ...stored, number: nr, ...given, ...this.made(row) };
    findings.push(...lacking(this.columns, row, ['number', 'powerW', 'azimuthDeg'], all));
    const has = this.horns.get(text(clusterId)) ?? cluster?.horns.length ?? 0;
    if (typeof nr === 'number' && !(Number.isInteger(nr) && nr >= 1 && nr <= MAX_HORNS))
      say(
        'number',
        'RANGE',
        `number must be a whole number from 1 to ${MAX_HORNS}`,
        `số thứ tự loa phải là số nguyên từ 1 đến ${MAX_HORNS}`,
      );
    else if (cluster && typeof nr === 'number' && nr > has + 1)
      say(
        'number',
        'GAP',
        `the cluster has ${has} horns so far, so the next one is number ${has + 1}`,
        `cụm loa mới có ${has} loa, nên loa tiếp theo là số ${has + 1}`,
      );
    if (cluster && typeof given.powerW === 'number' && typeof given.azimuthDeg === 'number')
      for (const fault of checkCluster({ ...cluster, horns: [{ ...given, ...this.made(row) } as Horn] }))
        if (fault.field.startsWith('horns.0.'))
          findings.push(atField(this.columns, row, fault.field.slice('horns.0.'.length), fault));
    if (!cluster || isRefused(row, findings)) return { findings };
    const horn = all as unknown as Horn;
    this.horns.set(cluster.id, Math.max(has, horn.number));
    return { findings, horn, before };
  }

  /** What a row says of how a horn is made; what it leaves out stays as it is. */
  private made({ values }: ParsedRow): Partial<Horn> {
    const { sensitivityDb, dispersionDeg } = values;
    return {
      ...(typeof sensitivityDb === 'number' ? { sensitivityDb } : {}),
      ...(typeof dispersionDeg === 'number' ? { dispersionDeg } : {}),
    };
  }

  /** `plain` is undefined when the row cannot be stored. */
  plain(
    row: ParsedRow,
    areaId: string | undefined,
    stored: StoredPlain | undefined,
  ): { findings: Finding[]; plain?: PlainLoudspeakersImport } {
    const { commune, kind, source } = row.values;
    const findings: Finding[] = [];
    const say = this.sayer(row, findings);
    if (kind === 'ip')
      say(
        'clusterId',
        'REQUIRED',
        'a loudspeaker that the network reaches must name its cluster',
        'loa điều khiển qua mạng phải ghi mã cụm loa',
      );
    findings.push(...this.notKept(row, ['number', 'powerW', 'azimuthDeg', 'sensitivityDb', 'dispersionDeg']));
    const count = row.values.count ?? stored?.count;
    findings.push(...lacking(this.columns, row, ['commune', 'kind', 'count'], { commune, kind, count }));
    if (typeof commune === 'string' && areaId === undefined) this.sayUnknown(say, commune);
    if (areaId !== undefined) {
      this.checkReach(say, 'commune', areaId);
      const key = `${areaId}/${text(kind)}`;
      const first = this.plainRows.get(key);
      if (first === undefined) this.plainRows.set(key, row.row);
      else
        say(
          'commune',
          'DUPLICATE_IN_FILE',
          `the same commune and kind are in row ${first} already`,
          `xã và loại loa này đã có ở dòng ${first}`,
        );
    }
    if (typeof count === 'number' && !(Number.isInteger(count) && count >= 0 && count <= MOST_PLAIN))
      say(
        'count',
        'RANGE',
        `count must be a whole number from 0 to ${MOST_PLAIN}`,
        `số lượng phải là số nguyên từ 0 đến ${MOST_PLAIN}`,
      );
    if (typeof source === 'string' && source.length > 500)
      say(
        'source',
        'LENGTH',
        'source must not have more than 500 characters',
        'nguồn không được quá 500 ký tự',
      );
    const known = PLAIN_KINDS.find((one): one is PlainKind => one === kind);
    if (areaId === undefined || known === undefined || typeof count !== 'number' || isRefused(row, findings))
      return { findings };
    const from = typeof source === 'string' ? source : (stored?.source ?? '');
    return { findings, plain: { areaId, kind: known, count, source: from } };
  }

  /** Nobody is to think that what the register has no place for was stored. */
  private notKept(row: ParsedRow, fields: readonly string[]): Finding[] {
    return fields
      .filter((field) => (row.values[field] ?? null) !== null)
      .map((field) =>
        finding(
          'warning',
          {
            code: 'NOT_KEPT',
            en: `${field} is not kept for a loudspeaker of this kind`,
            vi: `không lưu ${field} cho loại loa này`,
          },
          { row: row.row, column: headingOf(this.columns, field), value: row.values[field] },
        ),
      );
  }

  private sayUnknown(say: Say, commune: string): void {
    if (this.communes.find(commune) === null)
      say(
        'commune',
        'UNIT_AMBIGUOUS',
        `more than one commune is called "${commune}"; give its code or its full name`,
        `có nhiều xã, phường tên "${commune}"; hãy ghi mã hoặc tên đầy đủ`,
      );
    else
      say(
        'commune',
        'UNIT_UNKNOWN',
        `there is no commune "${commune}" today`,
        `hiện không có xã, phường "${commune}"`,
      );
  }

  private checkReach(say: Say, field: string, areaId: string): void {
    if (this.allowed === null || this.allowed.has(areaId)) return;
    say(
      field,
      'JURISDICTION',
      'it lies outside of the area you are responsible for',
      'nằm ngoài địa bàn bạn phụ trách',
    );
  }

  private sayer(row: ParsedRow, findings: Finding[]): Say {
    return (field, code, en, vi) => findings.push(atField(this.columns, row, field, { code, en, vi }));
  }
}

type Say = (field: string, code: string, en: string, vi: string) => unknown;

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isRefused(row: ParsedRow, findings: readonly Finding[]): boolean {
  return row.unread.size > 0 || findings.some(({ severity }) => severity === 'error');
}
