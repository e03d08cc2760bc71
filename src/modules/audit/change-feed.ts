import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { DatabaseListener } from '../../common/database/listener.js';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, encodeCursor } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { DATABASE_LISTENER } from '../../common/tokens.js';
import type { ChangesDto } from './change-feed.dto.js';
import { CHANGE_COLUMNS, type ChangeRow, readChange } from './written-changes.js';

const CHANNEL = 'audit_feed';
/** Positions given in one go. */
const BATCH = 20_000;
/** A notification may be lost: who waits looks again after this long. */
const LOOK_AGAIN_MS = 2_000;
/** More than these are answered at once, empty. */
const MAX_WAITING = 200;

export interface ChangesQuery {
  /** A cursor of an earlier answer; undefined: from the first change. */
  since?: string;
  /** Only changes of these kinds of things; null: of all. */
  resources: string[] | null;
  limit: number;
  /** How long to wait for a change when there is none. */
  waitS: number;
}

/**
 * All changes, in an order that never grows in the middle: reading on from a cursor misses none, however long the
 * transaction that made it took. Entries wait in `audit_feed_pending` until a reader, one at a time, gives those that are
 * committed their positions; whoever commits later gets a later one. (Comparing transaction ids would do it too, but would
 * stand still while any transaction is open, and go wrong after a restore into another server.)
 */
@Injectable()
export class ChangeFeed implements OnModuleDestroy {
  private readonly waiting = new Set<() => void>();
  private readonly unlisten: () => void;
  private closed = false;

  constructor(
    private readonly uow: UnitOfWork,
    @Inject(DATABASE_LISTENER) listener: DatabaseListener,
  ) {
    this.unlisten = listener.on(CHANNEL, () => this.wake());
  }

  onModuleDestroy(): void {
    this.closed = true;
    this.unlisten();
    this.wake();
  }

  /** What was changed after `since`, waiting for it if asked to. `gone` ends the waiting. */
  async read(query: ChangesQuery, gone: AbortSignal): Promise<ChangesDto> {
    const after = positionOf(query.since);
    const deadline = Date.now() + query.waitS * 1_000;
    for (;;) {
      const woken = this.next(Math.min(LOOK_AGAIN_MS, deadline - Date.now()), gone);
      try {
        const answer = await this.page(after, query);
        const leftMs = deadline - Date.now();
        if (answer.items.length > 0 || leftMs <= 0 || this.closed || gone.aborted || !woken.waits)
          return answer;
        await woken.promise;
      } finally {
        woken.end();
      }
    }
  }

  private async page(after: string, { resources, limit }: ChangesQuery): Promise<ChangesDto> {
    await this.givePositions();
    const rows = await this.uow.reader.query<(ChangeRow & { position: string })[]>(
      `select f.position, e.*
         from (select position, entry_id from audit_feed
                where position > $1::bigint and ($2::text[] is null or resource = any($2))
                order by position limit $3) f
         join lateral (select ${CHANGE_COLUMNS} from audit_entries where id = f.entry_id) e on true
        order by f.position`,
      [after, resources, limit + 1],
    );
    const items = rows.slice(0, limit);
    return {
      items: items.map(({ position: _position, ...row }) => readChange(row)),
      cursor: cursorOf(items.at(-1)?.position ?? after),
      more: rows.length > limit,
    };
  }

  /** Committed entries get their positions; the lock keeps the order of positions that of commits. */
  async givePositions(): Promise<void> {
    for (;;) {
      const [pending] = await this.uow.reader.query<unknown[]>(`select 1 from audit_feed_pending limit 1`);
      if (!pending) return;
      const given = await this.uow.run(async ({ manager }) => {
        await manager.query(`select one from audit_feed_lock for update`);
        // A statement of its own: it sees what was committed while it waited for the lock.
        const rows = await manager.query<{ position: string }[]>(
          `with taken as (
             delete from audit_feed_pending
              where entry_id in (select entry_id from audit_feed_pending order by entry_id limit $1)
              returning entry_id, resource
           )
           insert into audit_feed (entry_id, resource)
           select entry_id, resource from taken order by entry_id returning position`,
          [BATCH],
        );
        return rows.length;
      });
      if (given < BATCH) return;
    }
  }

  /** Begins to wait before the look, so that nothing comes unnoticed between the two. */
  private next(ms: number, gone: AbortSignal): { promise: Promise<void>; end: () => void; waits: boolean } {
    const waits = ms > 0 && !this.closed && this.waiting.size < MAX_WAITING;
    if (!waits) return { promise: Promise.resolve(), end: () => undefined, waits };
    let end: () => void = () => undefined;
    const promise = new Promise<void>((resolve) => {
      const timer = setTimeout(() => end(), ms);
      end = () => {
        clearTimeout(timer);
        this.waiting.delete(end);
        gone.removeEventListener('abort', end);
        resolve();
      };
      gone.addEventListener('abort', end);
      this.waiting.add(end);
    });
    return { promise, end, waits };
  }

  private wake(): void {
    for (const end of this.waiting) end();
  }
}

function cursorOf(position: string): string {
  return encodeCursor(`change ${position}`);
}

function positionOf(cursor: string | undefined): string {
  if (cursor === undefined) return '0';
  let key: string | undefined;
  try {
    key = decodeCursor(cursor);
  } catch {
    key = undefined;
  }
  const position = /^change (\d{1,18})$/.exec(key ?? '')?.[1];
  if (position !== undefined) return position;
  throw Problem.invalidField('since', 'CURSOR', {
    en: 'since must be the cursor of an earlier answer',
    vi: 'since phải là cursor của câu trả lời trước',
  });
}
