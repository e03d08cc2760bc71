import type {
  Amounts,
  CoverageGrid,
  RunParameters,
  RunWarning,
  SnapshotSite,
  Technology,
} from '../domain/index.js';
import type { AreaSums, NetworkView, RankedSite, Weight } from '../domain/planning/index.js';
import type { PreparedTransmitters } from '../domain/transmitters.js';
import type { WorkerFailure } from '../worker/worker-task.js';

/** What a network is opened from: all that a run has stored of one of its views. */
export interface NetworkSource {
  grid: CoverageGrid;
  parameters: RunParameters;
  prepared: PreparedTransmitters;
}

/** A question about an open network; none changes it for the next. */
export type Question =
  | { kind: 'what-if'; view: NetworkView; put: SnapshotSite[]; remove: string[] }
  | { kind: 'outage'; view: NetworkView; sites: string[]; operator: string | null }
  | { kind: 'criticality'; view: NetworkView; weight: Weight; limit: number }
  | {
      kind: 'siting';
      view: NetworkView & { technology: Technology };
      weight: Weight;
      k: number;
      /** Its place does not matter. */
      template: SnapshotSite;
      /** Longitudes and latitudes; null: all over the grid. */
      candidates: { lon: Float64Array; lat: Float64Array } | null;
      /** How long a better bound may be looked for. */
      proveMs: number;
    };

/** Coverage before and after. */
export interface Change {
  before: AreaSums;
  after: AreaSums;
  gained: Uint32Array;
  lost: Uint32Array;
  gainedAmounts: Amounts;
  lostAmounts: Amounts;
  warnings: RunWarning[];
  cellsSkipped: number;
}

export interface SitingAnswer extends Change {
  /** Gains as reckoned while choosing; in people, households or m². */
  picks: { candidate: number; lon: number; lat: number; gain: number }[];
  candidates: number;
  total: number;
  upperBound: number;
  coverable: number;
  /** What is not covered at all so far. */
  uncovered: number;
  optimal: boolean;
  rounds: number;
}

/** By kind of question. `unknown`: codes of sites that the network has not; then nothing was reckoned. */
export interface Answers {
  'what-if': { unknown: string[]; change: Change | null };
  outage: { unknown: string[]; change: Change | null };
  criticality: { sites: (RankedSite & { lon: number; lat: number })[]; critical: number; all: number };
  siting: SitingAnswer;
}
export type QuestionOf<K extends Question['kind']> = Extract<Question, { kind: K }>;

export interface DeskEngine {
  id: string;
  version: string;
}

export type ToDesk =
  | { kind: 'open'; key: string; source: NetworkSource }
  | { kind: 'close'; key: string }
  | { kind: 'ask'; id: number; key: string; question: Question };

export type FromDesk =
  | { kind: 'answer'; id: number; answer: Answers[Question['kind']]; engine: DeskEngine }
  | { kind: 'failure'; id: number; failure: WorkerFailure };
