import type { FeatureCollection, Polygon } from '../../../geo/index.js';
import type { AreaKind } from '../../areas/index.js';
import type { CoverageWarning, Scenario } from '../coverage.types.js';
import type { Technology } from '../domain/index.js';
import type { DeskEngine } from './desk.types.js';

/** Which view of a run a question is about. Null: any technology, any operator. */
export interface PlanningView extends Scenario {
  technology: Technology | null;
  operator: string | null;
}

/** Where an answer comes from. */
export interface Provenance {
  run: {
    id: string;
    title: string;
    boundaryDate: string;
    networkDate: string;
    dataVersion: string;
    resolution: number;
    synthetic: boolean;
    engine: DeskEngine;
  };
  view: PlanningView;
  /** What answered; its version is the run's own as a rule. */
  engine: DeskEngine;
  /** About the run's network, then about the question. */
  warnings: CoverageWarning[];
  tookMs: number;
  /** How cells of the grid are counted. */
  counting: { code: string; messageEn: string; messageVi: string };
}

/** One kind of amount before and after. */
export interface Before {
  total: number;
  before: number;
  after: number;
  difference: number;
  percentBefore: number | null;
  percentAfter: number | null;
}

export interface UnitChange {
  areaCode: string;
  areaKind: AreaKind;
  areaName: string;
  areaKm2: Before;
  /** Null: unknown. */
  population: Before | null;
  households: Before | null;
}

/** Cells of the grid that come to be served, or are served no more. */
export interface ChangedCells {
  count: number;
  areaKm2: number;
  population: number;
  households: number;
  /** H3 indexes: the first ones. */
  ids: string[];
  truncated: boolean;
}

export interface ChangeAnswer extends Provenance {
  /** All communes of the run together. */
  total: Omit<UnitChange, 'areaCode' | 'areaKind' | 'areaName'>;
  /** Units in which anything changes: province, districts, communes; the most changed first. */
  units: UnitChange[];
  gained: ChangedCells;
  lost: ChangedCells;
  /** When asked for: the same cells as hexagons. */
  geojson: FeatureCollection<Polygon, { change: 'gained' | 'lost' }> | null;
}

export interface OutageChangeAnswer extends ChangeAnswer {
  /** What fails. */
  sites: string[];
  operatorDown: string | null;
  /** What else falls silent, as other parts of the system say; by their name. */
  consequences: Record<string, object>;
}

export interface CriticalSite {
  rank: number;
  siteCode: string;
  lon: number;
  lat: number;
  areaKm2: number;
  population: number;
  households: number;
  cells: number;
}

export interface CriticalityAnswer extends Provenance {
  by: string;
  sites: CriticalSite[];
  /** Sites whose outage costs anything, and all of the run's. */
  critical: number;
  all: number;
}

export interface SitingPick {
  order: number;
  /** Place in the list of candidates. */
  candidate: number;
  lon: number;
  lat: number;
  /** What it adds to those before it. */
  gain: number;
}

export interface SitingResult extends ChangeAnswer {
  by: string;
  /** Of gains and bounds: people, households or km². */
  unit: string;
  candidates: number;
  picks: SitingPick[];
  gain: number;
  /** No choice of as many candidates brings more. */
  upperBound: number;
  /** How far the bound is above the gain; 0: proven optimal. */
  gapPercent: number | null;
  optimal: boolean;
  /** What is not covered so far, and what all candidates together would bring. */
  uncovered: number;
  coverable: number;
}
