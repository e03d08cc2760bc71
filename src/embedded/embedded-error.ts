/**
 * Why an embedded part did not start:
 * - `LOCKED`: another process works on the same data folder
 * - `NOT_WRITABLE`: the data folder cannot be made or written
 * - `PORT_TAKEN`: another program listens on the broker's port
 * - `FAILED`: anything else; the sentence says what
 */
export type EmbeddedErrorCode = 'LOCKED' | 'NOT_WRITABLE' | 'PORT_TAKEN' | 'FAILED';

/** An embedded part could not start or work. The message is one English sentence for the operator's log. */
export class EmbeddedError extends Error {
  constructor(
    readonly code: EmbeddedErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'EmbeddedError';
  }
}

export type EmbeddedLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Where the embedded parts write their log lines; `detail` holds plain values only. */
export type EmbeddedLog = (
  level: EmbeddedLogLevel,
  message: string,
  detail?: Readonly<Record<string, unknown>>,
) => void;

/** The system's error code (`ENOENT`, …) of anything thrown, if it has one. */
export function systemErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The message of anything thrown. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
