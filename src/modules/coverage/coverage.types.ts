import type { AreaKind } from '../areas/index.js';
import type {
  ClassMapping,
  LandCover,
  ModelId,
  Place,
  RangeReport,
  RangeWarning,
  RunManifest,
  RunParameters,
  Technology,
  Threshold,
} from './domain/index.js';

export type RunState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** What a caller may ask of a run; all that is missing takes the default. */
export interface RunRequest {
  title?: string;
  /** Day (YYYY-MM-DD) whose administrative units are used; default: today in Vietnam. */
  boundaryDate?: string;
  /** Day whose network is used; default: today in Vietnam. */
  networkDate?: string;
  /** H3 resolution, 7–11; default 10. */
  resolution?: number;
  /** Default: outdoors and indoors. */
  environments?: Place[];
  /** Probabilities at the cell edge; default 0.5 and 0.9. */
  probabilities?: number[];
  /** Default: all that occur. */
  technologies?: Technology[];
  /** Codes of network operators; default: all that occur. */
  operators?: string[];
  /** σ of log-normal shadowing, dB. */
  shadowSigmaDb?: number;
  mobileHeightM?: number;
  /** Propagation model of a technology, for every land cover. */
  models?: { technology: Technology; model: ModelId }[];
  thresholds?: ThresholdRequest[];
  /** Id of a population source, or `none`; default: the newest that is active, if there is one. */
  populationSource?: string;
  /** Id of a land-cover source, or `none`; default: the newest that is active, if there is one. */
  landCoverSource?: string;
  /** The same for the source of water. */
  waterSource?: string;
}

/** Levels in dBm to judge a technology by, and who says so. */
export interface ThresholdRequest {
  technology: Technology;
  sufficientDbm: number;
  goodDbm: number;
  veryGoodDbm: number;
  source: string;
}

/** One view of a run: where the mobile is, and how surely. */
export interface Scenario {
  environment: Place;
  /** At the cell edge, 0–1. */
  probability: number;
}

/** All that a run was asked for, with the defaults of its day filled in. */
export interface AskedParameters {
  boundaryDate: string;
  networkDate: string;
  resolution: number;
  environments: Place[];
  probabilities: number[];
  /** Null: all that occur. */
  technologies: Technology[] | null;
  operators: string[] | null;
  /** What is common to all views. */
  reckoning: Omit<RunParameters, 'place' | 'probability'>;
  settings: SettingsUsed;
  /** By which the people of communes are spread; null: about hamlets. */
  populationSource: SourceUsed | null;
  /** By which cells have their land cover; null, or missing in runs of before there were any: by the density of people. */
  landCoverSource?: LandCoverSourceUsed | null;
  /** What is water beside what the land cover has of it; null, or missing: not known. */
  waterSource?: SourceUsed | null;
}

export interface SourceUsed {
  id: string;
  title: string;
  source: string;
}

export interface LandCoverSourceUsed extends SourceUsed {
  /** What the source's classes were taken for, and who says so. */
  mapping: ClassMapping;
  mappingSource: string;
}

/** Which version of the settings the defaults are from; 0 is as delivered. */
export interface SettingsUsed {
  version: number;
  /** Who says so, by path, for every value that was changed since delivery. What the request itself asks for goes before. */
  sources: Readonly<Record<string, string>>;
}

/** How a run came about, kept for ever. */
export interface StoredManifest extends Omit<RunManifest, 'parameters' | 'marginDb' | 'ranges' | 'warnings'> {
  parameters: Omit<RunParameters, 'place' | 'probability'>;
  settings: SettingsUsed;
  populationSource: SourceUsed | null;
  landCoverSource: LandCoverSourceUsed | null;
  waterSource: SourceUsed | null;
  /** The margin follows from probability and σ; `ranges` says what share of levels lies outside of a model's range. */
  scenarios: (Scenario & { marginDb: number; ranges: RangeReport[] })[];
  /** Day (YYYY-MM-DD) whose network was used. */
  networkDate: string;
  technologies: Technology[] | null;
  operators: string[] | null;
  /** Where units, sites and cells come from, as the register says; sorted. */
  sources: string[];
  /** Some of it is made up, and whatever shows the run must say so. */
  synthetic: boolean;
}

/** What had to be left out or taken with care, by kind. */
export interface CoverageWarning {
  code: string;
  field: string | null;
  messageEn: string;
  messageVi: string;
  count: number;
  /** The first hundred of what it is about: `site`, `site/cell`, area or operator. */
  subjects: string[];
}

export interface RunError {
  code: string;
  messageEn: string;
  messageVi: string;
}

/** A run as lists show it. */
export interface CoverageRunSummary {
  id: string;
  title: string;
  state: RunState;
  jobId: string;
  /** 0–1, and what is being done. */
  progress: number;
  progressNote: string | null;
  boundaryDate: string;
  resolution: number;
  environments: Place[];
  probabilities: number[];
  dataVersion: string | null;
  synthetic: boolean | null;
  /** Why it failed. */
  error: RunError | null;
  createdBy: string;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface CoverageRun extends CoverageRunSummary {
  parameters: AskedParameters;
  /** Null until it is done. */
  manifest: StoredManifest | null;
  warnings: CoverageWarning[];
}

/** What is covered of a unit in one view. Unknown people or households are null, and a percentage of nothing is null. */
export interface CoverageFigure {
  areaId: string;
  areaCode: string;
  areaKind: AreaKind;
  areaName: string;
  /** Null: by any technology, by any operator. */
  technology: Technology | null;
  operator: string | null;
  environment: Place;
  probability: number;
  areaKm2: number;
  areaCoveredKm2: number;
  areaPercent: number | null;
  population: number | null;
  populationCovered: number | null;
  populationPercent: number | null;
  households: number | null;
  householdsCovered: number | null;
  householdsPercent: number | null;
  /** Communes in the unit, and of how many the people or households are unknown (left out of the sums). */
  communes: number;
  communesWithoutPopulation: number;
  communesWithoutHouseholds: number;
}

/** One line of the table by district: the unit and what each technology covers of it, all operators together. */
export interface DistrictFigures {
  areaCode: string;
  areaKind: AreaKind;
  areaName: string;
  technologies: { technology: Technology; areaPercent: number | null; populationPercent: number | null }[];
}

/** Which layers of a run to look at; a null operator takes the best of all. */
export interface LayerView extends Scenario {
  technology: Technology;
  operator: string | null;
}

/** Why a place has the level it has, for one operator's network of one technology. */
export interface LevelExplanation {
  technology: Technology;
  operator: string;
  levelDbm: number | null;
  levelClass: string;
  metric: Threshold['metric'];
  thresholdDbm: number;
  /** Level above (or, negative, below) the threshold. */
  marginDb: number | null;
  servingCells: number;
  servingSites: number;
  /** Null where nothing is received. */
  best: {
    siteCode: string;
    cellCode: string;
    distanceM: number;
    /** From the site to the place, degrees from north. */
    bearingDeg: number;
    frequencyMhz: number;
    antennaHeightM: number;
    /** EIRP of what the mobile measures. */
    eirpDbm: number;
    pathLossDb: number;
    /** Loss into the vehicle or building. */
    entryLossDb: number;
    /** Taken off for the probability at the edge. */
    shadowMarginDb: number;
    /** What the antenna's pattern takes off: the rest. */
    antennaLossDb: number;
    model: string;
    /** Which parameters lie outside of the model's published range. */
    outsideRange: RangeWarning[];
  } | null;
}

export interface CellExplanation extends Scenario {
  cell: string;
  lon: number;
  lat: number;
  landCover: LandCover;
  /** Null: of water nothing is known. */
  waterPercent: number | null;
  population: number;
  households: number;
  networks: LevelExplanation[];
}
