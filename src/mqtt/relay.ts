import type { DatabaseListener } from '../common/database/listener.js';
import {
  leaseOutbox,
  OUTBOX_CHANNEL,
  OUTBOX_PUBLISHED,
  releaseOutbox,
  settleOutbox,
  type OutboxRow,
} from '../common/database/outbox.js';
import type { UnitOfWork } from '../common/database/unit-of-work.js';
import type { Logger } from '../common/logging/logger.js';
import { ContractError, encode, parseTopic, type Encoded } from '../contract/index.js';
import type { MqttConnection } from './connection.js';
import { neverSent, published } from './metrics.js';

const BATCH = 500;
/** Longer than a publish may take, so that a lease ends only with its worker. */
const LEASE_S = 30;
const POLL_MS = 1_000;
const RETRY_S = 1;

type Outcome =
  | { row: OutboxRow; outcome: 'published' }
  | { row: OutboxRow; outcome: 'expired' }
  | { row: OutboxRow; outcome: 'failed'; error: string };

interface Lane {
  urgentOnly: boolean;
  woken: boolean;
  wakeUp?: () => void;
  running?: Promise<void>;
}

/**
 * Publishes what committed transactions have written. At least once: what a worker had in hand when it died is sent again
 * when its lease ends. While the broker is away everything waits where it is safe.
 */
export class OutboxRelay {
  private stopped = true;
  private unlisten: (() => void) | undefined;
  /** One takes everything, the urgent first; the other urgent messages only, so that none waits for a batch to end. */
  private readonly lanes: Lane[] = [false, true].map((urgentOnly) => ({ urgentOnly, woken: false }));

  constructor(
    private readonly uow: UnitOfWork,
    private readonly listener: DatabaseListener,
    private readonly connection: MqttConnection,
    private readonly logger: Logger,
    private readonly leaseS: number = LEASE_S,
  ) {}

  start(): void {
    this.stopped = false;
    this.unlisten = this.listener.on(OUTBOX_CHANNEL, () => this.wake());
    this.connection.onUp(() => this.wake());
    for (const lane of this.lanes) lane.running = this.run(lane);
  }

  /** Finishes what is in hand. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.unlisten?.();
    this.wake();
    await Promise.all(this.lanes.map(({ running }) => running ?? Promise.resolve()));
  }

  private wake(): void {
    for (const lane of this.lanes) {
      lane.woken = true;
      lane.wakeUp?.();
    }
  }

  private async run(lane: Lane): Promise<void> {
    while (!this.stopped) {
      let sent = 0;
      try {
        if (this.connection.isUp) sent = await this.round(lane);
      } catch (error) {
        this.logger.warn({ err: error }, 'the outbox could not be read or marked; trying again');
        lane.woken = false;
      }
      if (sent === 0) await this.pause(lane);
    }
  }

  private async pause(lane: Lane): Promise<void> {
    if (!lane.woken)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, POLL_MS);
        lane.wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    lane.wakeUp = undefined;
    lane.woken = false;
  }

  /** One batch. Returns how many messages were dealt with for good. */
  private async round({ urgentOnly }: Lane): Promise<number> {
    const rows = await leaseOutbox(this.uow.reader, BATCH, this.leaseS, urgentOnly);
    if (rows.length === 0) return 0;
    const outcomes = await Promise.all(rows.map((row) => this.send(row)));
    const at = new Date();
    const done = outcomes.filter((o) => o.outcome !== 'failed');
    await this.uow.run(async (tx) => {
      for (const outcome of ['published', 'expired'] as const) {
        const ids = done.filter((o) => o.outcome === outcome).map((o) => o.row.id);
        await settleOutbox(tx.manager, ids, outcome);
      }
      const failed = outcomes.filter((o) => o.outcome === 'failed');
      const ids = failed.map((o) => o.row.id);
      await releaseOutbox(tx.manager, ids, RETRY_S, failed[0]?.error ?? '');
      for (const { row, outcome } of done)
        if (row.ref !== null) tx.emit(OUTBOX_PUBLISHED, { ref: row.ref, outcome, at });
    });
    return done.length;
  }

  private async send(row: OutboxRow): Promise<Outcome> {
    const leftS = row.notAfter === null ? undefined : (row.notAfter.getTime() - Date.now()) / 1000;
    if (leftS !== undefined && leftS <= 0) {
      neverSent.inc({ why: 'expired' });
      return { row, outcome: 'expired' };
    }
    const message = this.encoded(row);
    if (!message) {
      neverSent.inc({ why: 'broken' });
      return { row, outcome: 'expired' };
    }
    try {
      const correlationId = row.correlationId ?? undefined;
      await this.connection.publish({ ...message, expiryS: leftS, correlationId, urgent: row.urgent });
      published.inc({ kind: parseTopic(row.topic)?.kind });
      this.logger.debug({ correlationId, topic: row.topic, outbox: row.id }, 'said to the broker');
      return { row, outcome: 'published' };
    } catch (error) {
      return { row, outcome: 'failed', error: (error as Error).message };
    }
  }

  /** Nothing leaves that breaks the contract; whoever wrote it was told when they wrote it, so this is a fault of ours. */
  private encoded(row: OutboxRow): Encoded | undefined {
    const topic = parseTopic(row.topic);
    try {
      if (!topic) throw new ContractError(`not a topic: ${row.topic}`);
      return encode(topic, row.payload as never);
    } catch (error) {
      this.logger.error(
        { err: error, topic: row.topic, outbox: row.id },
        'a message breaks the contract; not sent',
      );
      return undefined;
    }
  }
}
