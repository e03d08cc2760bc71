import type { AlarmMessage } from '../src/contract/index.js';
import { isoTime, type ClusterClock } from './clock.js';
import type { AgentStore } from './store/agent-store.js';

export interface AlarmBoardOptions {
  store: AgentStore;
  clock: ClusterClock;
  /** Null resolves. True once the broker has it. */
  publish(code: string, alarm: AlarmMessage | null): Promise<boolean>;
  /** Another alarm stands, or one no longer does. */
  changed(): void;
}

/** Alarms, retained at the broker until they are resolved, then emptied; across restarts and lost connections. */
export class AlarmBoard {
  readonly #options: AlarmBoardOptions;
  /** Resolved, but the broker may still hold them. */
  readonly #toClear = new Set<string>();

  constructor(options: AlarmBoardOptions) {
    this.#options = options;
  }

  /** Raises an alarm, or resolves it when `detail` is undefined. Saying the same again does nothing. */
  set(code: string, severity: AlarmMessage['severity'], detail: string | undefined): void {
    const { store, clock } = this.#options;
    const standing = this.#toClear.has(code) ? undefined : store.settings.alarms[code];
    if (standing?.detail === detail && standing?.severity === (detail && severity)) return;
    if (detail === undefined) {
      this.#toClear.add(code);
      this.#options.changed();
      void this.#clear(code);
      return;
    }
    this.#toClear.delete(code);
    const at = isoTime(clock.now());
    const alarm: AlarmMessage = { since: standing?.since ?? at, at, severity, detail: detail.slice(0, 300) };
    store.saveSettings({ alarms: { ...store.settings.alarms, [code]: alarm } });
    this.#options.changed();
    void this.#options.publish(code, alarm);
  }

  /** Codes of the alarms that stand: for whoever was away when one was resolved. */
  standing(): string[] {
    return Object.keys(this.#options.store.settings.alarms)
      .filter((code) => !this.#toClear.has(code))
      .sort();
  }

  /** A connection is there: the broker is told all that stands and all that does not any more. */
  online(): void {
    for (const [code, alarm] of Object.entries(this.#options.store.settings.alarms)) {
      if (this.#toClear.has(code)) void this.#clear(code);
      else void this.#options.publish(code, alarm);
    }
  }

  async #clear(code: string): Promise<void> {
    const { store } = this.#options;
    if (!(await this.#options.publish(code, null)) || !this.#toClear.delete(code)) return;
    const { [code]: _resolved, ...alarms } = store.settings.alarms;
    store.saveSettings({ alarms });
  }
}
