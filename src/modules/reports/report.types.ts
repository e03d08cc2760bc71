import type { DeliveryState } from '../broadcasts/index.js';
import type { ReportPeriod } from './domain/period.js';
import type { Tally } from './domain/tally.js';

/** What a report can be broken down by, in the order that is asked for. */
export const GROUPINGS = ['month', 'district', 'unit', 'programme', 'cluster', 'class'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Which plays a report is of. */
export interface ReportScope {
  period: ReportPeriod;
  /** Id or code of a unit: the plays in it and in all below it. */
  unit?: string;
  programmeId?: string;
  clusterId?: string;
  class?: 'NORMAL' | 'PRIORITY' | 'EMERGENCY';
  /**
   * The day (YYYY-MM-DD) whose units the plays are counted in, by where their clusters stand. Without: each play in the
   * unit that its cluster belonged to on the day of the play.
   */
  unitsOn?: string;
}

/** What the plays of a line have in common; what it is not broken down by is not there. */
export interface LineKeys {
  /** YYYY-MM in Việt Nam. */
  month?: string;
  /** Null: its units have none above them but the province. */
  districtCode?: string | null;
  districtName?: string | null;
  /** Null: no unit of that day holds the place of the cluster. */
  unitCode?: string | null;
  unitName?: string | null;
  /** Null: announced by hand, or an emergency. */
  programmeId?: string | null;
  programmeTitle?: string | null;
  clusterId?: string;
  clusterName?: string;
  class?: string;
}

export type ReportLine = LineKeys & Tally;

/** An occurrence of a programme that never became a broadcast, so that no cluster has a play of it. */
export interface NeverBroadcast {
  programmeId: string;
  programmeTitle: string;
  unitCode: string;
  unitName: string;
  startsAt: Date;
  /** REFUSED by a rule; WITHDRAWN by a person; MISSED: the server did not run at its time. */
  state: 'REFUSED' | 'WITHDRAWN' | 'MISSED';
  code: string | null;
  reasonEn: string | null;
  reasonVi: string | null;
}

export interface PlayReport {
  generatedAt: Date;
  period: ReportPeriod;
  /** The unit that was asked for. */
  unit: { id: string; code: string; name: string } | null;
  unitsOn: string | null;
  groupBy: Grouping[];
  lines: ReportLine[];
  total: Tally;
  neverBroadcast: NeverBroadcast[];
}

/** One play at one cluster, and all that is known of it. */
export interface PlayProof {
  playId: string;
  startsAt: Date;
  broadcastId: string;
  title: string;
  class: string;
  programmeId: string | null;
  programmeTitle: string | null;
  clusterId: string;
  clusterName: string;
  districtName: string | null;
  unitCode: string | null;
  unitName: string | null;
  state: DeliveryState;
  settled: boolean;
  code: string | null;
  plannedAt: Date;
  sentAt: Date | null;
  acceptedAt: Date | null;
  startedAt: Date | null;
  finishedAt: Date | null;
  endedAt: Date | null;
  /** Null: not known. */
  mediaReady: boolean | null;
  clockSynced: boolean | null;
  /** The cluster's clock minus the true time. */
  clockOffsetMs: number | null;
  /** `startedAt` without the offset; null where either is not known. */
  startedAtTrue: Date | null;
  sha256Ordered: string;
  sha256Played: string | null;
  volumePercent: number | null;
  /** Null: nobody had to approve it; `createdBy` answers for it. */
  approvedBy: string | null;
  approvedAt: Date | null;
  createdBy: string;
  /** Of this play. */
  lastWordAt: Date | null;
  /** Of anything, by the server's clock. */
  clusterHeardAt: Date | null;
}
