import type { MultiPolygon } from '../../geo/index.js';
import type { AttributeValues } from '../attributes/index.js';
import type { AreaKind } from './domain/area-rules.js';

/** What is needed to name a unit. */
export interface AreaRef {
  id: string;
  code: string;
  kind: AreaKind;
  /** Type and name, as in "Xã Vị Tân". */
  name: string;
}

/** A unit in force in the half-open period [validFrom, validTo) of days (YYYY-MM-DD, Vietnam). */
export interface Area {
  id: string;
  code: string;
  kind: AreaKind;
  /** Tỉnh, Thành phố, Quận, Huyện, Thị xã, Phường, Xã, Thị trấn, Đặc khu. */
  type: string;
  name: string;
  fullName: string;
  parentId: string | null;
  parentCode: string | null;
  validFrom: string;
  validTo: string | null;
  /** Of the boundary, on the ellipsoid; null without a boundary. */
  areaKm2: number | null;
  /** People; null = unknown. */
  population: number | null;
  populationBasis: string;
  households: number | null;
  householdsBasis: string;
  source: string | null;
  attributes: AttributeValues;
  version: number;
  /** Only where it was asked for. */
  boundary?: MultiPolygon | null;
}

/** One unit of a bulk import; natural key: code and validFrom. Parents may come in any order, also in the same import. */
export interface AreaImportRow {
  code: string;
  kind: AreaKind;
  type: string;
  name: string;
  /** Default: type and name. */
  fullName?: string;
  parentCode: string | null;
  validFrom: string;
  validTo: string | null;
  population?: number | null;
  populationBasis?: string;
  households?: number | null;
  householdsBasis?: string;
  /** GeoJSON Polygon or MultiPolygon, WGS84. */
  boundary?: unknown;
  source?: string | null;
  /** Custom attributes: those left out stay as they are stored, null takes one away. */
  attributes?: Readonly<Record<string, unknown>>;
}

/** A commune as coverage and others need it: boundary, people, and the codes above it. */
export interface CommuneSnapshot {
  id: string;
  code: string;
  name: string;
  type: string;
  /** Null where the commune lies directly in its province. */
  districtId: string | null;
  districtCode: string | null;
  districtName: string | null;
  provinceId: string;
  provinceCode: string;
  provinceName: string;
  population: number | null;
  households: number | null;
  areaKm2: number;
  boundary: MultiPolygon;
}

/** What an import did. All rows or none: a row that is wrong refuses the whole with every problem listed. */
export interface ImportResult {
  created: number;
  updated: number;
  unchanged: number;
}
