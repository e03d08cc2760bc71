import { type Ring } from './plane.js';

/** Every object of the demo carries this, and whatever shows it must show the label. */
export const SYNTHETIC = 'synthetic demo';

export interface Synthetic {
  source: typeof SYNTHETIC;
}

/** GeoJSON (RFC 7946) in WGS84 degrees, 6 decimals; outer rings counter-clockwise, holes clockwise, rings closed. */
export interface DemoMultiPolygon {
  type: 'MultiPolygon';
  coordinates: Ring[][];
}

/** An administrative unit in force in the half-open interval [validFrom, validTo) of dates (ISO, local). */
export interface DemoArea extends Synthetic {
  /** Unique together with `validFrom`: the units of 2025 reuse codes of communes. */
  code: string;
  kind: 'province' | 'district' | 'commune';
  /** Tỉnh, Thành phố, Thị xã, Huyện, Phường, Xã or Thị trấn. */
  type: string;
  name: string;
  /** Type and name, as in "Xã Vị Tân". */
  fullName: string;
  /** Code of the parent in force in the same time; null for a province. */
  parentCode: string | null;
  validFrom: string;
  validTo: string | null;
  /** People; null = unknown. Basis: 'census-2019', 'estimated', 'sum of communes' or 'unknown'. */
  population: number | null;
  populationBasis: string;
  /** Households, always an estimate: people / 3.6, or the sum of the communes' estimates. */
  households: number | null;
  householdsBasis: string;
  /** Known area in km² (communes, province), or the sum of it. */
  areaKm2: number | null;
  boundary: DemoMultiPolygon | null;
}

/** A hamlet; the signal is made up, as all that nobody measured. Null: nobody reported it. */
export interface DemoHamlet extends Synthetic {
  code: string;
  name: string;
  kind: 'ap' | 'khu_vuc';
  lat: number;
  lon: number;
  communeCode: string;
  households: number;
  population: number;
  signal: 'served' | 'weak' | 'none' | null;
  signalReportedOn: string | null;
  signalSource: string | null;
}

export interface DemoOperator extends Synthetic {
  code: string;
  name: string;
  brand: string;
}

export type DemoTechnology = '2G' | '3G' | '4G' | '5G';

/** One sector of one carrier. A null is unknown: defaults apply, and the field is named in `assumedFields`. */
export interface DemoCell extends Synthetic {
  code: string;
  operatorCode: string;
  technology: DemoTechnology;
  /** 3GPP band: B1, B3, B8, n41, n78. */
  band: string;
  /** Centre of the downlink carrier. */
  frequencyMhz: number;
  bandwidthMhz: number;
  azimuthDeg: number;
  horizontalBeamwidthDeg: number;
  verticalBeamwidthDeg: number | null;
  mechanicalTiltDeg: number | null;
  electricalTiltDeg: number | null;
  /** Above ground (a roof's height included). */
  antennaHeightM: number;
  /** At the antenna port, whole carrier. */
  txPowerDbm: number | null;
  gainDbi: number | null;
  feederLossDb: number | null;
  physicalCellId: number | null;
  onAirSince: string;
  assumedFields: string[];
}

export interface DemoSite extends Synthetic {
  /** Natural key, as in HGI-VTL-0001. */
  code: string;
  name: string;
  lat: number;
  lon: number;
  /** Commune before 2025-07-01 that holds the place. */
  communeCode: string;
  address: string;
  structure: 'ground_tower' | 'rooftop' | 'monopole' | 'mast' | 'pole';
  /** A1 = not bulky; bulky: A2a on a building, A2b on the ground, A2c other. */
  mastClass: 'A1' | 'A2a' | 'A2b' | 'A2c';
  /** The structure's own height, without the building below it. */
  structureHeightM: number;
  /** Physical infrastructure provider (operator code). */
  ownerCode: string;
  /** Networks on the mast, the owner's first (operator codes). */
  tenantCodes: string[];
  power: 'grid_single_phase' | 'grid_three_phase';
  hasGenerator: boolean;
  backupHours: number | null;
  backhaul: 'fibre' | 'microwave';
  backhaulCapacityMbps: number;
  /** Sites with the same group lose their backhaul, or their power, together. */
  backhaulGroup: string;
  powerGroup: string;
  lifecycle: 'active';
  certificateNumber: string | null;
  certificateExpiresOn: string | null;
  confidence: 'confirmed' | 'inferred' | 'estimated';
  lastVerifiedOn: string | null;
  assumedFields: string[];
  cells: DemoCell[];
}

/**
 * Fibre of one operator in one commune at the end of a quarter (as in 2025-Q2). `connected` of different operators adds up; `passed`
 * overlaps: a commune's households passed by any are at least the greatest operator's, at most the sum or all households.
 */
export interface DemoFibre extends Synthetic {
  communeCode: string;
  operatorCode: string;
  quarter: string;
  households: number;
  passed: number;
  connected: number;
}

export interface DemoHorn {
  powerW: number;
  azimuthDeg: number;
}

export interface DemoCluster extends Synthetic {
  /** Also the name on the broker: [a-z0-9-], as in hgi-31318-01. */
  code: string;
  name: string;
  lat: number;
  lon: number;
  communeCode: string;
  hornHeightM: number;
  horns: DemoHorn[];
  uplink: 'fibre' | '4G';
  uplinkOperatorCode: string;
}

/** Loudspeakers that no network reaches: inventory only. */
export interface DemoPlainSpeakers extends Synthetic {
  communeCode: string;
  kind: 'wired' | 'fm';
  count: number;
}

export interface DemoSpeakerGroup extends Synthetic {
  code: string;
  name: string;
  kind: 'district' | 'theme';
  clusterCodes: string[];
}

export interface DemoProvince extends Synthetic {
  seed: number;
  provinceCode: string;
  name: string;
  areas: DemoArea[];
  hamlets: DemoHamlet[];
  operators: DemoOperator[];
  sites: DemoSite[];
  fibre: DemoFibre[];
  clusters: DemoCluster[];
  plainSpeakers: DemoPlainSpeakers[];
  groups: DemoSpeakerGroup[];
}
