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

export interface EmittedEvent {
  type: EventType<unknown>;
  payload: unknown;
}

/** Emits a further event from a listener, as part of the same unit of work. */
export type Emit = <T>(type: EventType<T>, payload: T) => void;
type InTransaction = (payloads: never[], manager: EntityManager, emit: Emit) => Promise<void>;
type AfterCommit = (payloads: never[]) => void | Promise<void>;

/**
 * Events between modules of one process. `inTransaction` listeners run before the commit and fail it if they fail
 * (what must be exactly as durable as the change); `afterCommit` ones see only what really happened.
 * Both get the events of one unit of work together, in the order they were emitted.
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
    const list = this.afterCommitListeners.get(type.name) ?? [];
    this.afterCommitListeners.set(type.name, [...list, listener]);
  }

  /** What listeners emit is delivered in turn, and added to `events` for the time after the commit. */
  async deliverInTransaction(events: EmittedEvent[], manager: EntityManager): Promise<void> {
    const emit: Emit = (type, payload) => void events.push({ type, payload });
    for (let delivered = 0; delivered < events.length;) {
      const next = events.slice(delivered);
      delivered = events.length;
      for (const [name, payloads] of grouped(next))
        for (const listener of this.inTransactionListeners.get(name) ?? [])
          await listener(payloads, manager, emit);
    }
  }

  deliverAfterCommit(events: EmittedEvent[]): void {
    for (const [name, payloads] of grouped(events))
      for (const listener of this.afterCommitListeners.get(name) ?? [])
        void Promise.resolve()
          .then(() => listener(payloads))
          .catch((error: unknown) => this.onListenerError(error, name));
  }
}

function grouped(events: EmittedEvent[]): Map<string, never[]> {
  const groups = new Map<string, unknown[]>();
  for (const { type, payload } of events) {
    const group = groups.get(type.name);
    if (group) group.push(payload);
    else groups.set(type.name, [payload]);
  }
  return groups as Map<string, never[]>;
}
