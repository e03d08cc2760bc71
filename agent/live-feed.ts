import { createHash } from 'node:crypto';
import type { ReasonCode } from '../src/contract/index.js';
import type { ClusterClock } from './clock.js';
import type { LiveSource } from './player/sink.js';

/** A live stream that will not be heard any further; `code` goes into the play record. */
export class StreamError extends Error {
  override readonly name = 'StreamError';
  readonly code: ReasonCode;

  constructor(code: ReasonCode, message: string) {
    super(message);
    this.code = code;
  }
}

export interface LiveFeedOptions {
  url: string;
  authorization: string;
  clock: ClusterClock;
}

/** A connection that brings nothing for so long is given up. */
const IDLE_MS = 15_000;
/** A stream of which nothing comes for so long is lost. */
const LOST_MS = 30_000;
const RETRY_MS = 1_000;

/** A live stream from the server: taken up again where it is now when it breaks off, and over when the server ends it. */
export class LiveFeed implements LiveSource {
  readonly #options: LiveFeedOptions;
  readonly #hash = createHash('sha256');
  #begun = false;

  constructor(options: LiveFeedOptions) {
    this.#options = options;
  }

  /** Of all bytes that were taken so far. */
  sha256(): string {
    return this.#hash.copy().digest('hex');
  }

  /** The bytes as they come. Ends with the stream or with the signal; throws a StreamError. */
  async *chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const { clock } = this.#options;
    let heardMs = clock.now();
    while (!signal.aborted) {
      const connection = new Connection(this.#options, signal);
      try {
        for await (const chunk of connection.chunks()) {
          this.#begun = true;
          heardMs = clock.now();
          this.#hash.update(chunk);
          yield chunk;
        }
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof StreamOver && this.#begun) return;
        if (error instanceof StreamOver) throw new StreamError('STREAM_OVER', 'the stream is over');
        if (clock.now() - heardMs >= LOST_MS) throw new StreamError('STREAM_LOST', String(error));
      } finally {
        connection.close();
      }
      await pause(clock, signal);
    }
  }
}

/** The server has no such stream, or not any more. */
class StreamOver extends Error {}
const OVER: ReadonlySet<number> = new Set([401, 403, 404, 410]);

class Connection {
  readonly #options: LiveFeedOptions;
  readonly #abort = new AbortController();
  readonly #signal: AbortSignal;
  readonly #stop = (): void => this.#abort.abort();

  constructor(options: LiveFeedOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    signal.addEventListener('abort', this.#stop, { once: true });
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    const { authorization, clock, url } = this.#options;
    let idle = clock.after(IDLE_MS, this.#stop);
    try {
      const response = await fetch(url, { headers: { authorization }, signal: this.#abort.signal });
      if (OVER.has(response.status)) throw new StreamOver();
      if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
      for await (const chunk of response.body) {
        idle.cancel();
        yield chunk as Uint8Array;
        idle = clock.after(IDLE_MS, this.#stop);
      }
    } finally {
      idle.cancel();
    }
  }

  close(): void {
    this.#signal.removeEventListener('abort', this.#stop);
    this.#abort.abort();
  }
}

/** Resolves after a while, or when the signal says so. */
function pause(clock: ClusterClock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(RETRY_MS, done);
    signal.addEventListener('abort', done, { once: true });
  });
}
