import type { ReportedMessage } from '../src/contract/index.js';
import type { ClusterClock, Timer } from './clock.js';

/** Changes within this time are told in one message. */
const GATHER_MS = 250;

/** Says `reported` when something has changed, not more often than is useful. */
export class Reporter {
  readonly #clock: ClusterClock;
  readonly #publish: (message: ReportedMessage) => void;
  readonly #compose: () => ReportedMessage | undefined;
  #timer: Timer | undefined;

  /** `compose` gives undefined when there is no connection: each connection begins with a report of its own. */
  constructor(
    clock: ClusterClock,
    compose: () => ReportedMessage | undefined,
    publish: (message: ReportedMessage) => void,
  ) {
    this.#clock = clock;
    this.#compose = compose;
    this.#publish = publish;
  }

  soon(): void {
    this.#timer ??= this.#clock.after(GATHER_MS, () => this.now());
  }

  now(): void {
    this.close();
    const message = this.#compose();
    if (message !== undefined) this.#publish(message);
  }

  close(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
