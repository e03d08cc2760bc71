import type { AnnouncementTarget } from '../broadcasts/index.js';
import type { EmergencyKind, Hazard } from './domain/hazards.js';

/** As for announcements, or an area that is drawn (GeoJSON Polygon or MultiPolygon, WGS 84). */
export interface EmergencyTarget extends AnnouncementTarget {
  polygon?: object;
}

/** What is asked for. A hazard with a level, or words of one's own, or both. */
export interface Preparation {
  hazard?: Hazard;
  level?: number;
  title?: string;
  target: EmergencyTarget;
  /** Without: the template of the hazard and level. */
  sha256?: string;
  repeat?: number;
  gapS?: number;
  volumePercent?: number | null;
  /** How late a cluster that comes back may still begin, seconds. */
  validS?: number;
  drill?: boolean;
  reason: string;
}

export interface EmergencySummary {
  clusters: number;
  /** As known when it was prepared; `unheard` have never been heard. */
  online: number;
  offline: number;
  unheard: number;
  units: { code: string; name: string; clusters: number }[];
  /** Of the units that the clusters lie in; null when it is not known of any. */
  people: number | null;
}

/** PREPARED: waits for its confirmation. EXPIRED: nobody confirmed it in time. The others are those of its broadcast. */
export const EMERGENCY_STATES = ['PREPARED', 'EXPIRED', 'RUNNING', 'DONE', 'STOPPED'] as const;
export type EmergencyState = (typeof EMERGENCY_STATES)[number];

export interface EmergencyView {
  id: string;
  kind: EmergencyKind;
  hazard: Hazard | null;
  level: number | null;
  colour: string | null;
  title: string;
  drill: boolean;
  sha256: string;
  target: EmergencyTarget;
  summary: EmergencySummary;
  repeat: number;
  gapS: number;
  volumePercent: number | null;
  validS: number;
  reason: string;
  /** The emergency that an all-clear ends. */
  aboutId: string | null;
  state: EmergencyState;
  preparedAt: Date;
  preparedBy: string;
  expiresAt: Date;
  confirmedAt: Date | null;
  confirmedBy: string | null;
  broadcastId: string | null;
}

export interface SilentCluster {
  clusterId: string;
  name: string;
  /** NEVER_HEARD, OFFLINE, CLOCK, ALARM, or NO_ANSWER when nothing is known that would explain it. */
  reason: string;
  /** Codes of the alarms that stand. */
  alarms: string[];
  /** When it was last heard; null: never. */
  lastSeenAt: Date | null;
}

/** By the clusters' own word. */
export interface LiveCounts {
  total: number;
  /** Said ACCEPTED, or more. */
  reached: number;
  started: number;
  finished: number;
  /** Refused, failed, missed, interrupted, cancelled or too late. */
  failed: number;
  /** Nothing more is expected of anybody. */
  settled: boolean;
  /** The first 500 of whom no word has come. */
  silent: SilentCluster[];
}
