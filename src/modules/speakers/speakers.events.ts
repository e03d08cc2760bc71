import { eventType } from '../../common/events/event-bus.js';
import type { CommandMessage, CommandType, LogRecord } from '../../contract/index.js';
import type { CommandState } from './domain/command-state.js';

export interface CommandProgress {
  commandId: string;
  clusterId: string;
  type: CommandType;
  /** The message as it went (or would have gone) to the cluster. */
  payload: CommandMessage;
  state: CommandState;
  /** By the cluster's clock when it is the cluster's word, else by the server's. */
  at: Date;
  code: string | null;
}
/** A command has come to another state; told in the transaction that stores it. */
export const COMMAND_PROGRESSED = eventType<CommandProgress>('speakers.command.progressed');

export interface CommandsSent {
  /** As it went to all of them. */
  payload: CommandMessage;
  /** Each once. */
  clusterIds: string[];
  /** By the server's clock. */
  at: Date;
}
/**
 * One message has gone out by which an area's commands are SENT, of those clusters of which no word had come; told in place of one
 * `COMMAND_PROGRESSED` for each, in the transaction that stores it.
 */
export const COMMANDS_SENT = eventType<CommandsSent>('speakers.commands.sent');

export interface PlaysRecorded {
  clusterId: string;
  /** In the order of the journal; only those not stored before. */
  records: LogRecord[];
  receivedAt: Date;
}
/** A cluster's play records were stored; told in the same transaction, once for each record. */
export const PLAYS_RECORDED = eventType<PlaysRecorded>('speakers.plays.recorded');

/** What the screens show of a cluster has changed (presence, birth, reported, alarms); told after it is stored. */
export const CLUSTER_HEARD = eventType<{ clusterId: string; what: 'state' | 'birth' | 'reported' | 'alarm' }>(
  'speakers.cluster.heard',
);

export interface DesiredApplied {
  clusterId: string;
  version: number;
  /** By the cluster's clock. */
  at: Date;
}
/**
 * A cluster says that it holds the newest document there is, or one above it: its plan is the present one. Told in the
 * transaction that stores its word, each time that it says so.
 */
export const DESIRED_APPLIED = eventType<DesiredApplied>('speakers.desired.applied');

export interface ClustersChange {
  /** Registered or changed, in whatever way. */
  clusterIds: string[];
  /** Those of them that were moved to another unit, put into service or taken out of it. */
  rightsOf: string[];
}
/** The register of clusters has changed: what is remembered of it elsewhere is out of date. */
export const CLUSTERS_CHANGED = eventType<ClustersChange>('speakers.clusters.changed');
