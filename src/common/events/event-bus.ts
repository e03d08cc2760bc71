import type { EntityManager } from 'typeorm';

/** A named kind of event with its payload's type. */
export interface EventType<T> {
  readonly name: string;
  /** Never set: carries the payload's type. */
  readonly payload?: T;
}

export function eventType<T>(name: string): EventType<T> {
  return Object.freeze({ name });
}

/** A change of a resource, as the audit trail and live views want it. */
export interface ResourceChange {
  resource: string;
  id: string;
  action: 'create' | 'update' | 'delete';
  before: object | null;
  after: object | null;
  reason?: string;
}
export const RESOURCE_CHANGED = eventType<ResourceChange>('resource.changed');

/** Emits a further event from a listener, as part of the same unit of work. */
export type Emit = <T>(type: EventType<T>, payload: T) => void;
type InTransaction = (payloads: never[], manager: EntityManager, emit: Emit) => Promise<void>;

interface AfterCommit {
  keep: (payload: never) => unknown;
  listener: (kept: never[]) => void | Promise<void>;
}

/**
 * Events between modules of one process. `inTransaction` listeners run before the commit and fail it if they fail
 * (what must be exactly as durable as the change); `afterCommit` ones see only what really happened.
 * Both get the events of one unit of work together, in the order they were emitted; work of many rows hands them to the
 * `inTransaction` listeners in several lots, so that they need not be held until its end.
 */
export class EventBus {
  private readonly inTransactionListeners = new Map<string, InTransaction[]>();
  private readonly afterCommitListeners = new Map<string, AfterCommit[]>();

  constructor(private readonly onListenerError: (error: unknown, event: string) => void) {}

  inTransaction<T>(
    type: EventType<T>,
    listener: (payloads: T[], manager: EntityManager, emit: Emit) => Promise<void>,
  ): void {
    const list = this.inTransactionListeners.get(type.name) ?? [];
    this.inTransactionListeners.set(type.name, [...list, listener]);
  }

  afterCommit<T>(type: EventType<T>, listener: (payloads: T[]) => void | Promise<void>): void {
    this.afterCommitOf(type, (payload) => payload, listener);
  }

  /** As `afterCommit`, of a part of each payload: an import of 100,000 rows is not held in memory for its listeners. */
  afterCommitOf<T, K>(
    type: EventType<T>,
    keep: (payload: T) => K,
    listener: (kept: K[]) => void | Promise<void>,
  ): void {
    const list = this.afterCommitListeners.get(type.name) ?? [];
    this.afterCommitListeners.set(type.name, [...list, { keep, listener }]);
  }

  /** The events of one unit of work. */
  begin(manager: EntityManager): UnitEvents {
    return new UnitEvents(
      manager,
      (name) => this.inTransactionListeners.get(name) ?? [],
      (name) => this.afterCommitListeners.get(name) ?? [],
      this.onListenerError,
    );
  }
}

/** Events of one unit of work: emitted, delivered within the transaction, and told of once it has committed. */
class UnitEvents {
  private pending: { type: EventType<unknown>; payload: unknown }[] = [];
  private readonly kept = new Map<AfterCommit, { event: string; payloads: unknown[] }>();

  constructor(
    private readonly manager: EntityManager,
    private readonly inTransaction: (name: string) => InTransaction[],
    private readonly afterCommit: (name: string) => AfterCommit[],
    private readonly onListenerError: (error: unknown, event: string) => void,
  ) {}

  readonly emit: Emit = (type, payload) => {
    this.pending.push({ type, payload });
    for (const after of this.afterCommit(type.name)) {
      const kept = this.kept.get(after) ?? { event: type.name, payloads: [] };
      kept.payloads.push(after.keep(payload as never));
      this.kept.set(after, kept);
    }
  };

  /** Hands what was emitted to the listeners in the transaction; what they emit is delivered in turn. */
  async deliver(): Promise<void> {
    while (this.pending.length > 0) {
      const events = this.pending;
      this.pending = [];
      for (const [name, payloads] of grouped(events))
        for (const listener of this.inTransaction(name)) await listener(payloads, this.manager, this.emit);
    }
  }

  committed(): void {
    for (const [{ listener }, { event, payloads }] of this.kept)
      void Promise.resolve()
        .then(() => listener(payloads as never[]))
        .catch((error: unknown) => this.onListenerError(error, event));
  }
}

function grouped(events: { type: EventType<unknown>; payload: unknown }[]): Map<string, never[]> {
  const groups = new Map<string, unknown[]>();
  for (const { type, payload } of events) {
    const group = groups.get(type.name);
    if (group) group.push(payload);
    else groups.set(type.name, [payload]);
  }
  return groups as Map<string, never[]>;
}
