import type { LogRecord, PublicKey, ReportedMessage } from '../src/contract/index.js';
import type { BackoffOptions } from './backoff.js';
import type { ClusterClock } from './clock.js';
import type { Limiter } from './limiter.js';
import type { Sink } from './player/sink.js';

export type AgentLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Record<string, unknown>,
) => void;

export type Health = ReportedMessage['health'];

/** All that one cluster needs to be told. */
export interface AgentOptions {
  /** Base URL of the server, for media, e.g. http://127.0.0.1:3000. */
  serverUrl: string;
  /** mqtt:// or mqtts:// URL of the broker. */
  mqttUrl: string;
  clusterId: string;
  secret: string;
  /** Folder of this cluster's own; survives restarts. */
  stateFolder: string;
  clock: ClusterClock;
  sink: Sink;
  /** Bounds downloads and file reads; one of each for all agents of a process. */
  fetches: Limiter;
  reads: Limiter;
  log: AgentLog;
  mqttVersion?: 4 | 5;
  keepaliveS?: number;
  backoff?: BackoffOptions;
  /** Keys given with the device, whose emergencies it believes; default: those of the first document that names any. */
  keys?: readonly PublicKey[];
  /** Every write reaches the disk before it counts (a power cut loses nothing). Default true. */
  fsync?: boolean;
  /** Room for media, bytes; default 2 GB. */
  cacheBytes?: number;
  /** What the hardware measures; default: nothing is known. */
  health?: () => Health;
  firmware?: string;
  hardware?: string;
  /** Unconfirmed records are sent again after so long, ms, and twice as long each time; default 60 s. */
  resendMs?: number;
  /** Told of every play record as it is written, for statistics. */
  observe?: (record: LogRecord) => void;
}

export const UNKNOWN_HEALTH: Health = {
  temperatureC: null,
  mains: null,
  batteryPercent: null,
  signalDbm: null,
};
