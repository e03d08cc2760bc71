import {
  Inject,
  Injectable,
  type MessageEvent,
  type OnModuleDestroy,
  type OnModuleInit,
} from '@nestjs/common';
import { Observable, type Subscriber } from 'rxjs';
import { EventBus } from '../../common/events/event-bus.js';
import type { Logger } from '../../common/logging/logger.js';
import { LOGGER } from '../../common/tokens.js';
import { COMMANDS_SENT, COMMAND_PROGRESSED, PLAYS_RECORDED } from '../speakers/index.js';
import { EmergencyReader } from './emergency.reader.js';
import type { LiveCounts } from './emergency.types.js';

/** At most four a second. */
const NEWS_MS = 250;
/** Words that another process has heard are seen this late. */
const LOOK_MS = 2_000;
const HEARTBEAT_MS = 15_000;

/**
 * What becomes of emergencies while one looks on: first a `snapshot`, then a `delta` with what has changed, a `heartbeat` now
 * and then, and `end` when nothing more is expected. All who look at one emergency share the questions to the database.
 */
@Injectable()
export class LiveEmergencies implements OnModuleInit, OnModuleDestroy {
  private readonly rooms = new Map<string, Room>();

  constructor(
    private readonly events: EventBus,
    private readonly reader: EmergencyReader,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onModuleInit(): void {
    const news = () => {
      for (const room of this.rooms.values()) room.news = true;
    };
    this.events.afterCommitOf(COMMANDS_SENT, () => true, news);
    this.events.afterCommitOf(COMMAND_PROGRESSED, () => true, news);
    this.events.afterCommitOf(PLAYS_RECORDED, () => true, news);
  }

  onModuleDestroy(): void {
    for (const room of this.rooms.values()) room.close();
  }

  /** How many emergencies are being looked at. */
  get watched(): number {
    return this.rooms.size;
  }

  watch(id: string): Observable<MessageEvent> {
    return new Observable((listener) => {
      const room =
        this.rooms.get(id) ??
        new Room(
          () => this.reader.live(id),
          () => this.rooms.delete(id),
          (error) => this.logger.warn({ err: error, emergency: id }, 'live counts could not be read'),
        );
      this.rooms.set(id, room);
      return room.enter(listener);
    });
  }
}

class Room {
  news = false;
  private readonly listeners = new Set<Subscriber<MessageEvent>>();
  private last: LiveCounts | undefined;
  private lookedMs = 0;
  private saidMs = Date.now();
  private looking = false;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly counts: () => Promise<LiveCounts | undefined>,
    private readonly emptied: () => void,
    private readonly failed: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => void this.tick(), NEWS_MS);
    void this.tick();
  }

  enter(listener: Subscriber<MessageEvent>): () => void {
    this.listeners.add(listener);
    if (this.last) listener.next({ type: 'snapshot', data: this.last });
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.close();
    };
  }

  close(): void {
    clearInterval(this.timer);
    this.emptied();
    for (const listener of [...this.listeners]) listener.complete();
  }

  private async tick(): Promise<void> {
    const now = Date.now();
    if (now - this.saidMs >= HEARTBEAT_MS) this.say({ type: 'heartbeat', data: { at: new Date(now) } });
    if (this.looking || !(this.news || now - this.lookedMs >= LOOK_MS)) return;
    this.looking = true;
    this.news = false;
    this.lookedMs = now;
    try {
      const counts = await this.counts();
      if (counts) this.tell(counts);
    } catch (error) {
      this.failed(error);
      // The database is away: what is shown stays, and grows old visibly by the heartbeats.
    } finally {
      this.looking = false;
    }
  }

  private tell(counts: LiveCounts): void {
    const { last } = this;
    this.last = counts;
    if (!last) this.say({ type: 'snapshot', data: counts });
    else {
      const delta = Object.fromEntries(
        Object.entries(counts).filter(
          ([name, value]) => JSON.stringify(value) !== JSON.stringify(last[name as keyof LiveCounts]),
        ),
      );
      if (Object.keys(delta).length > 0) this.say({ type: 'delta', data: delta });
    }
    if (!counts.settled) return;
    this.say({ type: 'end', data: counts });
    this.close();
  }

  private say(event: MessageEvent): void {
    this.saidMs = Date.now();
    for (const listener of [...this.listeners]) listener.next(event);
  }
}
