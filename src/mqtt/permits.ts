/** At most so many at a time; the others wait their turn, the urgent ones before the rest. */
export class Permits {
  private readonly waiting: (() => void)[] = [];
  private readonly urgent: (() => void)[] = [];

  constructor(private free: number) {}

  async take(urgent = false): Promise<void> {
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    await new Promise<void>((resolve) => (urgent ? this.urgent : this.waiting).push(resolve));
  }

  give(): void {
    const next = this.urgent.shift() ?? this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
