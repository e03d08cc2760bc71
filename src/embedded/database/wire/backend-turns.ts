import { performance } from 'node:perf_hooks';

/** Another connection held an open transaction for too long; SQLSTATE 55P03 (lock_not_available). */
export class LockWaitTimeout extends Error {}

/** The waiting connection went away. */
export class WaitAbandoned extends Error {}

interface Waiter {
  readonly who: object;
  readonly since: number;
  readonly busyBefore: number;
  readonly grant: () => void;
  readonly refuse: (error: Error) => void;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Whose turn it is on the one backend. A connection keeps its turn from the first message of a cycle until the
 * backend reports idle, so transactions never mix; the others wait in order of arrival.
 *
 * The wait is bounded by the time in which the holder thinks (idle in its transaction). Time in which the backend
 * works does not count: that work ends by itself, and no timer can fire while it runs.
 */
export class BackendTurns {
  private holder: object | null = null;
  private waiters: Waiter[] = [];
  private busyMs = 0;

  constructor(private readonly patienceMs: number) {}

  get free(): boolean {
    return this.holder === null;
  }

  isHeldBy(who: object): boolean {
    return this.holder === who;
  }

  /** Resolves when `who` has its turn (at once if it has it already). */
  acquire(who: object): Promise<void> {
    if (this.holder === who) return Promise.resolve();
    if (this.holder === null) {
      this.holder = who;
      return Promise.resolve();
    }
    return new Promise<void>((grant, refuse) => {
      const since = performance.now();
      const waiter: Waiter = { who, since, busyBefore: this.busyMs, grant, refuse, timer: undefined };
      this.waiters.push(waiter);
      this.watch(waiter, this.patienceMs);
    });
  }

  release(who: object): void {
    if (this.holder !== who) return;
    const next = this.waiters.shift();
    clearTimeout(next?.timer);
    this.holder = next?.who ?? null;
    next?.grant();
  }

  /** Drops `who` from the queue: its connection is gone. */
  abandon(who: object): void {
    const waiter = this.waiters.find((w) => w.who === who);
    if (waiter) this.reject(waiter, new WaitAbandoned('the connection was closed while it waited'));
  }

  /** Runs work on the backend and remembers how long it took. */
  async work<T>(run: () => Promise<T>): Promise<T> {
    const start = performance.now();
    try {
      return await run();
    } finally {
      this.busyMs += performance.now() - start;
    }
  }

  private watch(waiter: Waiter, afterMs: number): void {
    waiter.timer = setTimeout(() => {
      const waited = performance.now() - waiter.since - (this.busyMs - waiter.busyBefore);
      if (waited < this.patienceMs) return this.watch(waiter, this.patienceMs - waited + 1);
      const seconds = Math.round(this.patienceMs / 100) / 10;
      this.reject(
        waiter,
        new LockWaitTimeout(
          `embedded database busy: another connection held a transaction open for ${seconds} s`,
        ),
      );
    }, afterMs);
    waiter.timer.unref();
  }

  private reject(waiter: Waiter, error: Error): void {
    clearTimeout(waiter.timer);
    this.waiters = this.waiters.filter((w) => w !== waiter);
    waiter.refuse(error);
  }
}
