/**
 * How long the backend has been at its current command, in memory shared by two threads: PGlite knows no
 * statement_timeout, and while a command runs nothing else runs in its thread.
 */
export class CommandWatch {
  private readonly since: BigInt64Array;

  constructor(readonly memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT)) {
    this.since = new BigInt64Array(memory);
  }

  /** Milliseconds since the start of the command that runs, 0 when none does. */
  get runningMs(): number {
    const since = Number(Atomics.load(this.since, 0));
    return since === 0 ? 0 : Date.now() - since;
  }

  started(): void {
    Atomics.store(this.since, 0, BigInt(Date.now()));
  }

  ended(): void {
    Atomics.store(this.since, 0, 0n);
  }
}
