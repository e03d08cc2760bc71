export interface LaneQueueOptions<T> {
  /** Room for messages that wait or are being handled; more than that have to wait outside. */
  capacity: number;
  /** At most so many messages together. */
  batch: number;
  /** At most so many batches at a time. */
  parallel: number;
  /** Deals with messages of one group from many lanes, in the order of each lane. A rejection: try again later. */
  handle: (group: string, items: T[]) => Promise<void>;
  onRetry: (group: string, error: unknown, delayMs: number) => void;
  onLength: (length: number) => void;
}

interface Entry<T> {
  group: string;
  value: T;
}
interface Lane<T> {
  name: string;
  entries: Entry<T>[];
  busy: boolean;
  failures: number;
  notBeforeMs: number;
}

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 10_000;

/**
 * A bounded queue of lanes (one for each cluster). Within a lane the order is kept; lanes go on side by side. Messages of
 * the same group that stand at the head of their lanes are handled together, so that a thousand acks that come at once
 * are one transaction. A lane whose messages fail waits by itself and holds up no other.
 */
export class LaneQueue<T> {
  private readonly lanes = new Map<string, Lane<T>>();
  private readonly outside: (() => void)[] = [];
  private readonly idleWaiters: (() => void)[] = [];
  private length = 0;
  private running = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: LaneQueueOptions<T>) {}

  /** Resolves when there was room. */
  async push(lane: string, group: string, value: T): Promise<void> {
    while (this.length >= this.options.capacity && !this.stopped)
      await new Promise<void>((resolve) => this.outside.push(resolve));
    const existing = this.lanes.get(lane);
    if (existing) existing.entries.push({ group, value });
    else
      this.lanes.set(lane, {
        name: lane,
        entries: [{ group, value }],
        busy: false,
        failures: 0,
        notBeforeMs: 0,
      });
    this.changed(1);
    // What arrives in one turn of the loop is handled together.
    setImmediate(() => this.pump());
  }

  /** Resolves when nothing waits and nothing is being handled. */
  async idle(): Promise<void> {
    if (this.length > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve));
  }

  /** Gives what is waiting so much time, then forgets it. */
  async stop(withinMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const deadline = new Promise<void>((resolve) => (timer = setTimeout(resolve, withinMs)));
    await Promise.race([this.idle(), deadline]);
    clearTimeout(timer);
    this.stopped = true;
    clearTimeout(this.timer);
    for (const enter of this.outside.splice(0)) enter();
  }

  private changed(by: number): void {
    this.length += by;
    this.options.onLength(this.length);
    if (this.length === 0) for (const resolve of this.idleWaiters.splice(0)) resolve();
    for (const enter of this.outside.splice(0, Math.max(0, this.options.capacity - this.length))) enter();
  }

  private pump(): void {
    while (!this.stopped && this.running < this.options.parallel) {
      const batch = this.nextBatch();
      if (!batch) return;
      this.running += 1;
      void this.work(batch.group, batch.lanes).finally(() => {
        this.running -= 1;
        this.pump();
      });
    }
  }

  private nextBatch(): { group: string; lanes: Map<Lane<T>, Entry<T>[]> } | undefined {
    const now = Date.now();
    let group: string | undefined;
    let size = 0;
    let soonestMs = Infinity;
    const lanes = new Map<Lane<T>, Entry<T>[]>();
    for (const lane of this.lanes.values()) {
      const head = lane.entries[0];
      if (lane.busy || !head) continue;
      if (lane.notBeforeMs > now) {
        soonestMs = Math.min(soonestMs, lane.notBeforeMs);
        continue;
      }
      group ??= head.group;
      if (head.group !== group) continue;
      const end = lane.entries.findIndex((entry) => entry.group !== group);
      const run = lane.entries.slice(0, Math.min(end < 0 ? Infinity : end, this.options.batch - size));
      lanes.set(lane, run);
      size += run.length;
      if (size >= this.options.batch) break;
    }
    if (group !== undefined) return { group, lanes };
    clearTimeout(this.timer);
    if (soonestMs < Infinity) this.timer = setTimeout(() => this.pump(), soonestMs - now);
    return undefined;
  }

  private async work(group: string, lanes: Map<Lane<T>, Entry<T>[]>): Promise<void> {
    for (const lane of lanes.keys()) lane.busy = true;
    let error: unknown;
    try {
      await this.options.handle(
        group,
        [...lanes.values()].flatMap((run) => run.map(({ value }) => value)),
      );
    } catch (thrown) {
      error = thrown ?? new Error('rejected');
    }
    let done = 0;
    for (const [lane, run] of lanes) {
      lane.busy = false;
      // To the end of the line: a cluster that talks without end must not keep the others waiting.
      this.lanes.delete(lane.name);
      if (error === undefined) {
        lane.entries.splice(0, run.length);
        lane.failures = 0;
        done += run.length;
      } else {
        lane.failures += 1;
        lane.notBeforeMs = Date.now() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (lane.failures - 1));
      }
      if (lane.entries.length > 0) this.lanes.set(lane.name, lane);
    }
    if (error !== undefined) {
      const [lane] = lanes.keys();
      this.options.onRetry(group, error, lane ? lane.notBeforeMs - Date.now() : 0);
    }
    if (done > 0) this.changed(-done);
  }
}
