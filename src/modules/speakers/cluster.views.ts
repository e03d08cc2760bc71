import type { BirthMessage, DesiredMessage, ReportedMessage } from '../../contract/index.js';
import type { Cluster } from './cluster.store.js';
import type { CommandView } from './speakers.types.js';

/** A cluster in a list. `online` null: never heard. Ages are of the last word, by the server's clock. */
export interface ClusterListItem extends Cluster {
  areaCode: string;
  areaName: string;
  online: boolean | null;
  lastSeenAt: Date | null;
  /** Seconds since the last word; null: never heard. */
  ageS: number | null;
  openAlarms: number;
  desiredVersion: number;
  /** The version the cluster says it has applied; null: it has not said. */
  reportedVersion: number | null;
  updatedAt: Date;
}

export interface TwinView {
  online: boolean | null;
  session: string | null;
  /** By the cluster's clock. */
  stateAt: Date | null;
  lastSeenAt: Date | null;
  birth: BirthMessage | null;
  reported: ReportedMessage | null;
  desiredVersion: number;
  desired: DesiredMessage | null;
}

export interface AlarmView {
  code: string;
  severity: string;
  detail: string;
  raisedAt: Date;
  resolvedAt: Date | null;
}

export interface DeadLetterView {
  topic: string;
  code: string;
  reason: string;
  /** The first 4 KiB as text. */
  payload: string;
  payloadBytes: number;
  at: Date;
}

export interface ClusterDetail extends ClusterListItem {
  groupIds: string[];
  twin: TwinView;
  alarms: AlarmView[];
  deadLetters: { total: number; newest: DeadLetterView[] };
  commands: CommandView[];
}
