import type { AreaGeometry } from '../../../geo/index.js';
import type { LevelClass, Place, Technology, Threshold } from '../domain/index.js';

/** Cells of the grid in one class of level, and what part of area and people they are. */
export interface MapClass {
  name: LevelClass;
  /** H3 indexes. */
  cells: string[];
  areaPercent: number;
  /** Null where nobody's number is known. */
  populationPercent: number | null;
}

/** All that a map of one layer shows. Plain data. */
export interface MapModel {
  runId: string;
  boundaryDate: string;
  /** Day of the network, YYYY-MM-DD. */
  networkDate: string;
  resolution: number;
  technology: Technology;
  /** Null: the best of all operators. */
  operator: string | null;
  environment: Place;
  probability: number;
  threshold: Threshold;
  models: string[];
  synthetic: boolean;
  /** Names of the provinces shown. */
  place: string;
  communes: AreaGeometry[];
  /** Empty where communes lie directly in the province. */
  districts: AreaGeometry[];
  provinces: AreaGeometry[];
  /** Names of units, and where to write them. */
  labels: { name: string; at: [lon: number, lat: number] }[];
  /** In the order of the legend, the best first. */
  classes: MapClass[];
  sites: [lon: number, lat: number][];
}
