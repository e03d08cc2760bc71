import type { DataSource, EntityManager } from 'typeorm';
import type { EventBus, EventType } from '../events/event-bus.js';
import { appendToOutbox, type OutboxMessage } from './outbox.js';

/** What one transaction offers: the manager to read and write with, events, and messages to send when it commits. */
export interface Tx {
  readonly manager: EntityManager;
  emit<T>(type: EventType<T>, payload: T): void;
  /** Hands what was emitted so far to the listeners in the transaction at once: for work of many rows, batch by batch. */
  deliver(): Promise<void>;
  /** Sent by the relay after the commit, at least once; never sent if the transaction rolls back. */
  send(messages: OutboxMessage[]): Promise<void>;
}

/** Deadlock and serialization failures are worth another try; nothing has happened then. */
const RETRIED = new Set(['40001', '40P01']);
const TRIES = 3;

/** Runs work in one transaction: rows, audit, events and outgoing messages commit together or not at all. */
export class UnitOfWork {
  constructor(
    private readonly dataSource: DataSource,
    private readonly events: EventBus,
  ) {}

  async run<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(work);
      } catch (error) {
        const code = (error as { driverError?: { code?: string } }).driverError?.code ?? '';
        if (!RETRIED.has(code) || attempt >= TRIES) throw error;
      }
    }
  }

  private async once<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    const [result, events] = await this.dataSource.transaction(async (manager) => {
      const unit = this.events.begin(manager);
      const value = await work({
        manager,
        emit: unit.emit,
        deliver: () => unit.deliver(),
        send: (messages) => appendToOutbox(manager, messages),
      });
      await unit.deliver();
      return [value, unit] as const;
    });
    events.committed();
    return result;
  }

  /** For reads that need no transaction of their own. */
  get reader(): EntityManager {
    return this.dataSource.manager;
  }
}
