import { Injectable } from '@nestjs/common';

/** What fails. */
export interface FailedNetwork {
  /** Codes of sites, each a mast with all that hangs on it. */
  sites: readonly string[];
  operator: string | null;
}
export type Consequence = (failed: FailedNetwork) => Promise<object>;

/** What else an outage brings with it; modules that stand above this one tell it here. */
@Injectable()
export class OutageConsequences {
  private readonly known = new Map<string, Consequence>();

  /** @param name under which answers have it */
  bind(name: string, consequence: Consequence): void {
    this.known.set(name, consequence);
  }

  async of(failed: FailedNetwork): Promise<Record<string, object>> {
    const found: Record<string, object> = {};
    for (const [name, consequence] of this.known) found[name] = await consequence(failed);
    return found;
  }
}
