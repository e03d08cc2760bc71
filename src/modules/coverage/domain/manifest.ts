import type { RunParameters } from './parameters.js';
import type { ModelId } from './propagation/registry.js';
import type { RangeReport } from './range-check.js';
import type { RunWarning } from './run-warning.js';
import type { LandCover, Technology } from './technology.js';

/** A model that a run used, and for what. */
export interface ManifestModel {
  id: ModelId;
  version: string;
  source: string;
  usedFor: { technology: Technology; landCover: LandCover }[];
}

/** Of how many communes it is known where people live. */
export interface PeopleSpread {
  communes: number;
  /** Their people live where a population source has them; the communes' own figures stay. */
  communesFromSource: number;
  /** Part of their people live about settlement centres (hamlets), the others evenly over the commune. */
  communesWithCentres: number;
  centres: number;
  /** All of their people are taken to live evenly over the commune. */
  communesSpreadEvenly: number;
}

/** What is known of the ground, and how it was found. */
export interface GroundFound {
  landCover: {
    /** `people-density`: by the people per km² of each cell, as `parameters.landCover` says. */
    from: 'people-density' | 'source';
    /** The others lie where the source has nothing, and follow the people per km². */
    cellsFromSource: number;
    cells: number;
  };
  /** `excluded`: nobody is spread over water, and no area counts it. `unknown`: every area is taken for land. */
  water: { state: 'unknown' } | { state: 'excluded'; areaM2: number; cellsWithWater: number };
}

/**
 * Everything that says how a run came about; kept with the run for ever. JSON. It holds no clock time: who stores the run adds when and
 * by whom.
 */
export interface RunManifest {
  /** Changes when the form of the manifest changes. */
  manifestVersion: 1;
  engine: { id: string; version: string };
  /** As given in the snapshot. */
  dataVersion: string;
  boundaryDate: string;
  models: ManifestModel[];
  /** All parameters with thresholds, defaults and cut-offs; each with its source. */
  parameters: RunParameters;
  /** Margin z·σ in dB that follows from probability and σ. */
  marginDb: number;
  /** Areas without water, where that is known (`ground.water`). */
  grid: { key: string; resolution: number; cells: number; areas: number; areaM2: number };
  ground: GroundFound;
  /** How people were spread over their communes; the rule itself is `parameters.settlement`. */
  people: PeopleSpread;
  transmitters: {
    sites: number;
    cellsGiven: number;
    cellsUsed: number;
    cellsSkipped: number;
    cellsWithAssumedValues: number;
    /** How many used cells have an assumed value, by field. */
    assumed: Record<string, number>;
  };
  /** Share of the levels that were reckoned outside of a model's range. */
  ranges: RangeReport[];
  warnings: RunWarning[];
}
