import type { EmbeddedLog } from '../embedded-error.js';

const EVERY_MS = 10_000;
const MAX_KEPT = 1_000;

/** Logs refusals, at most one line per client and kind in 10 s, so that a broken device does not fill the log. */
export class RefusalLog {
  private readonly seen = new Map<string, { at: number; more: number }>();

  constructor(private readonly log: EmbeddedLog) {}

  refused(what: string, clientId: string, detail: Readonly<Record<string, unknown>>): void {
    const key = `${what} ${clientId}`;
    const last = this.seen.get(key);
    if (last && Date.now() - last.at < EVERY_MS) {
      last.more++;
      return;
    }
    this.seen.delete(key);
    this.seen.set(key, { at: Date.now(), more: 0 });
    const oldest = this.seen.keys().next();
    if (this.seen.size > MAX_KEPT && !oldest.done) this.seen.delete(oldest.value);
    this.log('warn', `embedded broker: ${what}`, { clientId, ...detail, repeatedBefore: last?.more ?? 0 });
  }
}
