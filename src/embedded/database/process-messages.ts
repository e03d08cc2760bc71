import type { EmbeddedErrorCode, EmbeddedLogLevel } from '../embedded-error.js';

/** What the database process is started with (JSON in its first argument). */
export interface ProcessOptions {
  /** Null: in memory. */
  readonly dataDir: string | null;
  /** A dump to begin a new database from, instead of the empty template. */
  readonly loadFrom: string | null;
  readonly cacheDir: string | null;
  readonly socketPath: string;
  readonly lockWaitMs: number;
  readonly idleInTransactionMs: number;
  readonly maxCommandMs: number;
}

/** From the main thread of the process to the database's thread. */
export interface ThreadData {
  readonly options: ProcessOptions;
  readonly watch: SharedArrayBuffer;
}

/** From the parent to the database process. */
export type ProcessRequest =
  | { readonly kind: 'stop' }
  | { readonly kind: 'dump'; readonly id: number; readonly path: string }
  | { readonly kind: 'vacuum'; readonly id: number };

/** From the database process to its parent. */
export type ProcessReport =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly code: EmbeddedErrorCode; readonly message: string }
  | { readonly kind: 'done'; readonly id: number; readonly error: string | null }
  | {
      readonly kind: 'log';
      readonly level: EmbeddedLogLevel;
      readonly message: string;
      readonly detail?: Readonly<Record<string, unknown>>;
    };
