import type { ListenChange } from './sql-inspection.js';
import type { ReplyStep } from './backend-reply.js';
import type { TransactionStatus } from './messages.js';

/**
 * The channels of one connection. LISTEN and UNLISTEN take effect when their transaction commits, as in
 * PostgreSQL: they are noted when sent, confirmed by their command tag and applied at the commit.
 */
export class Listening {
  private readonly channels = new Set<string>();
  private sent: ListenChange[] = [];
  private confirmed: ListenChange[] = [];

  get names(): ReadonlySet<string> {
    return this.channels;
  }

  noteSent(changes: readonly ListenChange[]): void {
    this.sent.push(...changes);
  }

  /** Follows a reply. True when the backend itself stopped listening to something, maybe on others' behalf too. */
  follow(steps: readonly ReplyStep[], status: TransactionStatus | null): boolean {
    let unlistened = false;
    let failed = false;
    for (const step of steps) {
      if (step.kind === 'error') {
        failed = true;
      } else if (step.tag === 'LISTEN' || step.tag === 'UNLISTEN') {
        const kind = step.tag === 'LISTEN' ? 'listen' : 'unlisten';
        const index = this.sent.findIndex((change) => change.kind === kind);
        this.confirmed.push(...this.sent.splice(index, index < 0 ? 0 : 1));
      } else if (step.tag === 'COMMIT') {
        unlistened = this.apply() || unlistened;
      } else if (step.tag === 'ROLLBACK' && status === 'I') {
        this.confirmed = [];
      }
    }
    if (status === 'I') {
      if (failed) this.confirmed = [];
      unlistened = this.apply() || unlistened;
      this.sent = [];
    }
    return unlistened;
  }

  private apply(): boolean {
    let unlistened = false;
    for (const change of this.confirmed) {
      if (change.kind === 'listen') {
        this.channels.add(change.channel);
        continue;
      }
      unlistened = true;
      if (change.channel === null) this.channels.clear();
      else this.channels.delete(change.channel);
    }
    this.confirmed = [];
    return unlistened;
  }
}
