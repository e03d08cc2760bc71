import type { ReachFigure, ReachParameters, ReachWarning, SilentSpot } from './domain/index.js';

export type ReachRunState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled';

/** `full`: at the horns' power; `usual`: at each cluster's usual volume, taken to be linear in amplitude. */
export const VOLUMES = ['full', 'usual'] as const;
export type Volume = (typeof VOLUMES)[number];

/** Noise and ground of a land cover, and who says so. */
export interface SurroundingsRequest {
  landCover: string;
  dayDba: number;
  nightDba: number;
  groundFactor?: number;
  source: string;
}

/** What may be changed of the reckoning, for one run or as its default. */
export interface ReachChanges {
  earHeightM?: number;
  temperatureC?: number;
  relativeHumidityPercent?: number;
  /** How far speech must stand out of the background, dB. */
  marginDb?: number;
  /** How far the mean of speech lies below a tone at the horn's power, dB. */
  speechBelowToneDb?: number;
  /** Of horns of which the register does not know it. */
  sensitivityDb?: number;
  dispersionDeg?: number;
  hornHeightM?: number;
  /** What horns radiate behind themselves, dB below the axis. */
  behindHornDb?: number;
  /** Of FM and wired loudspeakers. */
  plainPowerW?: number;
  surroundings?: SurroundingsRequest[];
  /** Only ground with so many people is a silent spot. */
  settledFromPerKm2?: number;
  maxRangeM?: number;
}

/** What a caller may ask of a run; all that is missing takes the settings' value. */
export interface ReachRunRequest extends ReachChanges {
  title?: string;
  /** Day (YYYY-MM-DD) whose administrative units are used; default: today in Vietnam. */
  boundaryDate?: string;
  /** H3 resolution, 8–11; default 10. */
  resolution?: number;
  atVolume?: Volume;
}

/** What runs take where they are not told otherwise. */
export interface ReachDefaults {
  reckoning: ReachParameters;
  settledFromPerKm2: number;
}

/** All that a run was asked for, with the defaults filled in. */
export interface AskedReach extends ReachDefaults {
  boundaryDate: string;
  resolution: number;
  atVolume: Volume;
  /** Of the settings that stood behind the request; 0: as delivered. */
  settingsVersion: number;
}

/** How a run came about, kept for ever. */
export interface ReachManifest {
  /** Changes when the form of the manifest changes. */
  manifestVersion: 1;
  engine: { id: string; version: string };
  /** Which state of the register it was reckoned from: clusters, horns and units. */
  dataVersion: string;
  boundaryDate: string;
  atVolume: Volume;
  settingsVersion: number;
  parameters: ReachParameters;
  settledFromPerKm2: number;
  grid: { key: string; resolution: number; cells: number; areas: number; areaM2: number; subPoints: number };
  clusters: { given: number; used: number; horns: number; withAssumedValues: number };
  /** FM and wired loudspeakers, whose places nobody knows: they are in the estimates alone. */
  plainLoudspeakers: number;
  /** How exact it is, in words. */
  accuracy: string;
  /** Where clusters and units come from, as the register says; sorted. */
  sources: string[];
  /** Some of it is made up, and whatever shows the run must say so. */
  synthetic: boolean;
}

export interface ReachError {
  code: string;
  messageEn: string;
  messageVi: string;
}

/** A run as lists show it. */
export interface ReachRunSummary {
  id: string;
  title: string;
  state: ReachRunState;
  jobId: string;
  /** 0–1, and what is being done. */
  progress: number;
  progressNote: string | null;
  boundaryDate: string;
  resolution: number;
  synthetic: boolean | null;
  /** Why it failed. */
  error: ReachError | null;
  createdBy: string;
  createdAt: Date;
  finishedAt: Date | null;
}

export interface ReachRun extends ReachRunSummary {
  parameters: AskedReach;
  /** Null until it is done. */
  manifest: ReachManifest | null;
  warnings: ReachWarning[];
}

/** A figure as a run keeps it: the unit as it was called then. */
export type StoredFigure = ReachFigure & { areaId: string; areaName: string };

/** A silent spot as a run keeps it. */
export type StoredSpot = SilentSpot & { areaId: string; areaName: string };
