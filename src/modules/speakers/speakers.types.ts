import type { BroadcastClass, CommandMessage, CommandType, QuietHours } from '../../contract/index.js';
import type { CommandState } from './domain/command-state.js';

/** The clock by which quiet hours and plans are meant. */
export const TIME_ZONE = 'Asia/Ho_Chi_Minh';
export const DEFAULT_VOLUME_PERCENT = 70;
export const DEFAULT_VOLUME_CAP_PERCENT = 100;
/** Decree 49/2024's usual rule; each cluster may have its own. */
export const DEFAULT_QUIET_HOURS: readonly QuietHours[] = [{ from: '21:00', to: '05:00' }];

export interface Horn {
  powerW: number;
  azimuthDeg: number;
  /** Level at 1 m on the axis from 1 W, dB; left out: unknown. */
  sensitivityDb?: number;
  /** Nominal dispersion: between the directions with 6 dB less than on the axis; left out: unknown. */
  dispersionDeg?: number;
}

/** How a cluster reaches the network; null when nobody has said. */
export const UPLINKS = ['fibre', '4G'] as const;
export type Uplink = (typeof UPLINKS)[number];

/** A cluster as an import gives it; what is left out takes the default at first, and stays as it is later. */
export interface ClusterImport {
  /** The cluster's code, which is its name on the broker too. */
  id: string;
  name: string;
  lon: number;
  lat: number;
  areaId: string;
  horns: Horn[];
  hornHeightM?: number | null;
  uplink?: Uplink | null;
  uplinkOperator?: string | null;
  /** Code of the mobile site that it is known to depend on. */
  uplinkSiteCode?: string | null;
  volumePercent?: number;
  volumeCapPercent?: number;
  quietHours?: QuietHours[];
  active?: boolean;
  source: string;
  /** Custom attributes: those left out stay as they are stored, null takes one away. */
  attributes?: Readonly<Record<string, unknown>>;
}

export interface GroupImport {
  id: string;
  name: string;
  clusterIds: string[];
  source: string;
}

export const PLAIN_KINDS = ['fm', 'wired'] as const;
export type PlainKind = (typeof PLAIN_KINDS)[number];

export interface PlainLoudspeakersImport {
  areaId: string;
  kind: PlainKind;
  count: number;
  source: string;
}

/** What was asked for: all clusters, or the union of what is named. */
export interface ClusterTarget {
  all?: boolean;
  clusterIds?: string[];
  groupIds?: string[];
  /** A unit stands for every cluster in it and below it. */
  areaIds?: string[];
}

/** An active cluster that a target has resolved to. `online` null: never heard. */
export interface ClusterRef {
  id: string;
  areaId: string;
  volumePercent: number;
  volumeCapPercent: number;
  quietHours: QuietHours[];
  online: boolean | null;
}

type WithoutEnvelope<T> = T extends unknown
  ? Omit<T, 'id' | 'issuedAt' | 'notAfter' | 'priority' | 'correlationId'>
  : never;

/** An order to one cluster. `log-ack` is the play log's own affair and no command that has a life. */
export type CommandRequest = {
  /** A UUID of the caller's; a new one without. */
  id?: string;
  clusterId: string;
  notAfter: Date;
  /** NORMAL unless said. */
  priority?: BroadcastClass;
} & WithoutEnvelope<Exclude<CommandMessage, { type: 'log-ack' }>>;

/** One order to the clusters of an area: a play without an id, for each has its own, or a stop. */
export type AreaOrder = {
  id: string;
  areaCode: string;
  /** Of whom an answer is expected. */
  clusterIds: readonly string[];
  notAfter: Date;
  priority: BroadcastClass;
} & WithoutEnvelope<Extract<CommandMessage, { type: 'play' | 'stop' }>>;

/** A command with what is known of it. Times of the cluster are by the cluster's own clock. */
export interface CommandView {
  id: string;
  clusterId: string;
  type: CommandType;
  payload: CommandMessage;
  state: CommandState;
  createdAt: Date;
  notAfter: Date;
  sentAt: Date | null;
  acceptedAt: Date | null;
  startedAt: Date | null;
  endedAt: Date | null;
  /** Why, in one word: a code of the protocol, or NEVER_SENT. */
  code: string | null;
  reason: string | null;
  /** What a self-test found. */
  result: { name: string; ok: boolean; detail: string }[] | null;
  correlationId: string | null;
}

/** The code of a command that was too late to be sent at all. */
export const NEVER_SENT = 'NEVER_SENT';
