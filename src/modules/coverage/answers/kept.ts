/** Keeps the last answers that were asked for by key; of what never changes. One that fails is forgotten. */
export class Kept<T> {
  private readonly held = new Map<string, Promise<T>>();

  constructor(private readonly most: number) {}

  async get(key: string, make: () => Promise<T>): Promise<T> {
    const value = this.held.get(key) ?? make();
    this.held.delete(key);
    this.held.set(key, value);
    const oldest = this.held.keys().next().value;
    if (this.held.size > this.most && oldest !== undefined) this.held.delete(oldest);
    try {
      return await value;
    } catch (error) {
      if (this.held.get(key) === value) this.held.delete(key);
      throw error;
    }
  }
}
