import {
  type AreaDraft,
  type AreaImportRow,
  checkArea,
  type FullArea,
  naturalKey,
  readBoundary,
} from '../../areas/index.js';
import type { AttributeValues } from '../../attributes/index.js';
import type { MultiPolygon } from '../../../geo/index.js';
import type { Finding } from '../domain/findings.js';
import type { Columns, ParsedRow } from '../domain/sheet.js';
import { unitWords } from '../domain/unit-words.js';
import { atField, lacking } from './row-rules.js';
import type { RowAttributes } from './sheet-attributes.js';

/** Of one boundary: the largest province of the country has a tenth of it. */
const MOST_POSITIONS = 100_000;
/** Nothing in the cell of one of these leaves what is stored. */
const NEVER_NULL = new Set([
  'kind',
  'type',
  'name',
  'fullName',
  'parentCode',
  'populationBasis',
  'householdsBasis',
  'boundary',
]);
const REQUIRED = ['code', 'validFrom', 'kind', 'type', 'name'];

/** A unit as it is staged: without `boundary` the stored one stays. */
export type AreaStaged = Omit<Required<AreaImportRow>, 'boundary' | 'attributes'> & {
  boundary?: MultiPolygon;
  attributes: AttributeValues;
};

/** One row of a file of units, put upon what is stored of the unit. */
export interface AreaRow {
  row: ParsedRow;
  /** Undefined where the row lacks it. */
  key: string | undefined;
  stored: FullArea | undefined;
  record: AreaStaged;
  positions: number;
  /** What is wrong with the row taken by itself. */
  findings: Finding[];
}

export function keyOf({ code, validFrom }: Readonly<Record<string, unknown>>): string | undefined {
  return typeof code === 'string' && typeof validFrom === 'string'
    ? naturalKey({ code, validFrom })
    : undefined;
}

export function areaRow(
  columns: Columns,
  row: ParsedRow,
  stored: FullArea | undefined,
  attributes: RowAttributes,
): AreaRow {
  const given = Object.fromEntries(
    Object.entries(row.values).filter(([key, value]) => !(value === null && NEVER_NULL.has(key))),
  ) as Partial<AreaImportRow>;
  const words = unitWords({
    kind: given.kind ?? stored?.kind,
    type: given.type ?? (given.name === undefined ? stored?.type : undefined),
    name: given.name ?? stored?.name,
  });
  // A bare name says nothing of the type.
  const type = words.type ?? stored?.type;
  const all = { ...stored, ...given, ...words, type };
  const renamed = all.name !== stored?.name || all.type !== stored?.type;
  const record: AreaStaged = {
    code: all.code ?? '',
    kind: all.kind as AreaStaged['kind'],
    type: all.type ?? '',
    name: all.name ?? '',
    fullName: given.fullName ?? (stored && !renamed ? stored.fullName : `${all.type} ${all.name}`),
    parentCode: all.parentCode ?? null,
    validFrom: all.validFrom ?? '',
    validTo: all.validTo ?? null,
    population: all.population ?? null,
    populationBasis: basisOf('population', given, stored),
    households: all.households ?? null,
    householdsBasis: basisOf('households', given, stored),
    source: all.source ?? null,
    attributes: attributes.merged(row, stored?.attributes),
  };
  const missing = lacking(columns, row, REQUIRED, {
    ...all,
    ...(row.values.name === null ? { name: null } : {}),
  });
  const open = new Set([
    ...row.unread,
    ...REQUIRED.filter((field) => all[field as keyof typeof all] == null),
  ]);
  if (open.has('kind')) open.add('type').add('parentCode');
  const { boundary, violations } = readBoundary(given.boundary);
  const ruled = [...checkArea(draftOf(record)), ...violations].filter(
    ({ field }) => !open.has(field.split('.')[0] ?? ''),
  );
  const positions = boundary?.coordinates.flat().reduce((sum, ring) => sum + ring.length, 0) ?? 0;
  const findings = [...missing, ...ruled.map((said) => atField(columns, row, said.field, said))];
  if (positions > MOST_POSITIONS)
    findings.push(
      atField(columns, row, 'boundary', {
        code: 'TOO_LARGE',
        en: `the boundary has ${positions} positions, of at most ${MOST_POSITIONS}; simplify it`,
        vi: `ranh giới có ${positions} điểm, tối đa ${MOST_POSITIONS}; hãy đơn giản hoá`,
      }),
    );
  if (boundary && !isSameBoundary(boundary, stored?.boundary)) record.boundary = boundary;
  return { row, key: keyOf(row.values), stored, record, positions, findings };
}

/** What the rules between units look at. */
export function draftOf(record: AreaStaged): AreaDraft {
  return { ...record, boundary: null };
}

/** How the preview shows a boundary: its coordinates would tell nobody anything. */
export function boundaryInWords(boundary: MultiPolygon | null | undefined): string | null {
  if (!boundary) return null;
  const rings = boundary.coordinates.flat();
  const positions = rings.reduce((sum, ring) => sum + ring.length, 0);
  return `${boundary.coordinates.length} polygon(s), ${positions} positions`;
}

function isSameBoundary(a: MultiPolygon, b: MultiPolygon | null | undefined): boolean {
  return JSON.stringify(a.coordinates) === JSON.stringify(b?.coordinates ?? null);
}

/** A new figure is not known the way the old one was. */
function basisOf(
  figure: 'population' | 'households',
  given: Partial<AreaImportRow>,
  stored: FullArea | undefined,
): string {
  const told = given[`${figure}Basis`];
  if (told !== undefined) return told;
  const isNew = figure in given && given[figure] !== stored?.[figure];
  return isNew ? 'unknown' : (stored?.[`${figure}Basis`] ?? 'unknown');
}
