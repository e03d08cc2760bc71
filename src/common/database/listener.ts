import pg from 'pg';
import type { Logger } from '../logging/logger.js';
import { type DatabaseConnection, pgClientConfig } from './connection.js';

/**
 * One connection that listens to NOTIFY channels and comes back by itself. Waking up is all it is for: a lost
 * notification delays work until the next poll and never loses it. After each (re)connect every listener is woken.
 */
export class DatabaseListener {
  private readonly handlers = new Map<string, Set<() => void>>();
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = true;

  constructor(
    private readonly connection: DatabaseConnection,
    private readonly logger: Logger,
  ) {}

  on(channel: string, handler: () => void): () => void {
    const set = this.handlers.get(channel) ?? new Set();
    set.add(handler);
    if (!this.handlers.has(channel)) {
      this.handlers.set(channel, set);
      void this.client?.query(`listen ${channel}`).catch(() => undefined);
    }
    return () => set.delete(handler);
  }

  async start(): Promise<void> {
    this.stopped = false;
    await this.connect();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    const client = this.client;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }

  private async connect(): Promise<void> {
    if (this.stopped) return;
    const client = new pg.Client(pgClientConfig(this.connection));
    client.on('notification', ({ channel }) => this.wake(channel));
    const lost = (error?: unknown) => {
      if (this.client !== client && this.client !== undefined) return;
      this.client = undefined;
      if (this.stopped || this.retry) return;
      this.logger.warn({ err: error }, 'the listening database connection was lost; trying again');
      this.retry = setTimeout(() => {
        this.retry = undefined;
        void this.connect();
      }, 500);
    };
    client.on('error', lost);
    client.on('end', () => lost());
    try {
      await client.connect();
      for (const channel of this.handlers.keys()) await client.query(`listen ${channel}`);
      if (this.stopped) return void (await client.end());
      this.client = client;
      for (const channel of this.handlers.keys()) this.wake(channel);
    } catch (error) {
      lost(error);
    }
  }

  private wake(channel: string): void {
    for (const handler of this.handlers.get(channel) ?? []) handler();
  }
}
