/**
 * The most recently used answers of a slow question, each believed for `ttlMs` at most. Forgetting takes effect at
 * once, also for answers that are still being fetched: those are handed out to who asked for them and not kept.
 */
export class ExpiringCache<V> {
  private readonly entries = new Map<string, { value: V; untilMs: number }>();
  private generation = 0;

  constructor(
    private readonly maxEntries: number,
    private readonly ttlMs: number,
  ) {}

  get size(): number {
    return this.entries.size;
  }

  /** `undefined` from `load` is an answer too, and is never kept. */
  async get(key: string, load: () => Promise<V | undefined>): Promise<V | undefined> {
    const entry = this.entries.get(key);
    if (entry) {
      this.entries.delete(key);
      if (entry.untilMs > Date.now()) {
        this.entries.set(key, entry);
        return entry.value;
      }
    }
    const { generation } = this;
    // Counted from before the question was asked: the answer may be that old.
    const untilMs = Date.now() + this.ttlMs;
    const value = await load();
    if (value === undefined || generation !== this.generation) return value;
    this.entries.set(key, { value, untilMs });
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.maxEntries) break;
      this.entries.delete(oldest);
    }
    return value;
  }

  forget(key: string): void {
    this.generation += 1;
    this.entries.delete(key);
  }

  clear(): void {
    this.generation += 1;
    this.entries.clear();
  }
}
