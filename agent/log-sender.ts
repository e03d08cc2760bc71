import type { LogRecord } from '../src/contract/index.js';
import type { ClusterClock, Timer } from './clock.js';
import type { Journal } from './store/journal.js';

export interface LogSenderOptions {
  journal: Journal;
  clock: ClusterClock;
  /** True once the broker has the record. */
  send(record: LogRecord): Promise<boolean>;
  resendMs: number;
}

/** Records that may be on their way without the server's word. */
const WINDOW = 50;
const RESEND_MAX_FACTOR = 16;

/**
 * Brings the journal to the server (rule 9): in order, at most a window ahead of the watermark, once per connection, and
 * again when the watermark stands still. Nothing is sent while the server is known to be away.
 */
export class LogSender {
  readonly #options: LogSenderOptions;
  #online = false;
  #serverAway = false;
  #sentSeq = 0;
  /** Counts restarts, so that a round which was under way at one gives way to it. */
  #round = 0;
  #sending = false;
  #resend: Timer | undefined;
  #resendMs: number;

  constructor(options: LogSenderOptions) {
    this.#options = options;
    this.#resendMs = options.resendMs;
  }

  /** A connection is there: everything unconfirmed is sent again. */
  online(): void {
    this.#online = true;
    this.restart();
  }

  offline(): void {
    this.#online = false;
    this.#resend?.cancel();
  }

  serverIs(online: boolean): void {
    const back = online && this.#serverAway;
    this.#serverAway = !online;
    if (back) this.restart();
  }

  /** From the watermark on, once more. */
  restart(): void {
    this.#resendMs = this.#options.resendMs;
    this.#sentSeq = 0;
    this.#round += 1;
    this.wake();
  }

  /** The watermark has moved. */
  confirmed(): void {
    this.#resendMs = this.#options.resendMs;
    this.wake();
  }

  /** There is something new to send. */
  wake(): void {
    if (this.#online && !this.#serverAway && !this.#sending) void this.#pump();
  }

  async #pump(): Promise<void> {
    this.#sending = true;
    const round = this.#round;
    while (this.#online && !this.#serverAway && round === this.#round) {
      const { ackedSeq } = this.#options.journal.position();
      const from = Math.max(this.#sentSeq, ackedSeq);
      const batch = this.#options.journal.pending(from, WINDOW - (from - ackedSeq));
      const last = batch.at(-1);
      if (last === undefined) break;
      this.#sentSeq = last.seq;
      const sent = await Promise.all(batch.map((record) => this.#options.send(record)));
      if (sent.includes(false)) break;
    }
    this.#sending = false;
    if (round === this.#round) this.#arm();
    else this.wake();
  }

  #arm(): void {
    this.#resend?.cancel();
    const { ackedSeq, lastSeq } = this.#options.journal.position();
    if (!this.#online || ackedSeq === lastSeq) return;
    this.#resend = this.#options.clock.after(this.#resendMs, () => {
      this.#resendMs = Math.min(this.#resendMs * 2, this.#options.resendMs * RESEND_MAX_FACTOR);
      this.#sentSeq = 0;
      this.wake();
    });
  }
}
