import type { AreaGeometry } from '../../../geo/index.js';
import type { Ground } from './ground/ground.js';
import type { Technology } from './technology.js';

/** A place where people live close together: longitude, latitude, and how much of the area's settled people live there. */
export type SettlementCentre = readonly [lon: number, lat: number, weight: number];

/** A place and how many people and households live there; households nought where they were not counted. */
export type PeoplePoint = readonly [lon: number, lat: number, people: number, households: number];

/** An area that the grid is cut by; in practice a commune. */
export interface GridArea {
  code: string;
  polygon: AreaGeometry;
  /** People; null when unknown. */
  population: number | null;
  /** Households; null when unknown. */
  households: number | null;
  /** May be empty: then people are spread evenly. */
  centres: readonly SettlementCentre[];
  /** Where its people live, from a source; they stand for the centres. What the points add up to is brought to the area's own figures. */
  people?: readonly PeoplePoint[];
  /** How far the people of a point live about it, west to east and south to north: the size of a pixel. Left out: at the point itself. */
  peopleSpreadDeg?: readonly [lon: number, lat: number];
}

/** A commune with the unit it belongs to. */
export interface SnapshotArea extends GridArea {
  /** Code of a `SnapshotParent`, or null. */
  parentCode: string | null;
}

/** A unit above the communes (district, province). */
export interface SnapshotParent {
  code: string;
  kind: string;
  parentCode: string | null;
}

/** Fields of a cell that may be unknown and then take the technology's default. */
export const ASSUMABLE_FIELDS = [
  'frequencyMhz',
  'bandwidthMhz',
  'azimuthDeg',
  'horizontalBeamwidthDeg',
  'verticalBeamwidthDeg',
  'tiltDeg',
  'antennaHeightM',
  'txPowerDbm',
  'gainDbi',
  'feederLossDb',
] as const;
export type AssumableField = (typeof ASSUMABLE_FIELDS)[number];

/** One sector of one carrier. A null is unknown. */
export interface SnapshotCell {
  /** Unique within its site. */
  code: string;
  operatorCode: string;
  technology: Technology;
  /** Centre of the downlink. */
  frequencyMhz: number | null;
  bandwidthMhz: number | null;
  /** Degrees from north, clockwise; null for an omnidirectional antenna. */
  azimuthDeg: number | null;
  /** Horizontal half-power beamwidth; 360 or more is omnidirectional. */
  horizontalBeamwidthDeg: number | null;
  verticalBeamwidthDeg: number | null;
  /** Mechanical and electrical tilt together, degrees below the horizon. */
  tiltDeg: number | null;
  /** Above ground. Null takes the site's structure height, if that is known. */
  antennaHeightM: number | null;
  /** Power of the whole carrier. */
  txPowerDbm: number | null;
  gainDbi: number | null;
  feederLossDb: number | null;
  /**
   * EIRP of what the mobile measures: one resource element (4G, 5G), the common pilot (3G), the carrier (2G). When given it stands
   * for power, bandwidth, gain and feeder loss.
   */
  referenceEirpDbm: number | null;
  /** Fields that hold a value which the register itself says is assumed. Names outside `ASSUMABLE_FIELDS` are counted too. */
  assumedFields?: readonly string[];
}

/** A mast with what hangs on it. */
export interface SnapshotSite {
  /** Unique; also decides between equal levels: the lower code (by code unit) wins. */
  code: string;
  lon: number;
  lat: number;
  structureHeightM: number | null;
  cells: readonly SnapshotCell[];
}

/** All that a run is reckoned from. Plain data: it can be stored as JSON and sent to a worker. */
export interface CoverageSnapshot {
  /** Says which state of the register this is, for the manifest. */
  dataVersion: string;
  /** ISO date on which the boundaries were in force, for the manifest. */
  boundaryDate: string;
  areas: readonly SnapshotArea[];
  parents: readonly SnapshotParent[];
  sites: readonly SnapshotSite[];
  /** Land cover and water from sources; left out: neither is known. */
  ground?: Ground;
}
