import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { recordWords } from './delivery.store.js';

const AT_ONCE = 2_000;

/**
 * Brings to an end what time has ended: a delivery of which nothing was heard by the time it must be over is UNKNOWN, and a
 * broadcast of which nothing more is expected is done. A later word of the cluster still decides.
 */
@Injectable()
export class Settlement {
  constructor(private readonly uow: UnitOfWork) {}

  async settle(now: Date = new Date()): Promise<void> {
    while ((await this.closeOverdue(now)) === AT_ONCE);
    await this.uow.run(async ({ manager }) => {
      await manager.query(
        `update broadcasts set state = 'RUNNING' where state = 'PLANNED' and settled_at is null and start_at <= $1`,
        [now],
      );
      await manager.query(
        `update broadcasts b set settled_at = $1, state = case when state = 'STOPPED' then state else 'DONE' end
          where settled_at is null
            and not exists (select 1 from occurrences o join deliveries d on d.occurrence_id = o.id and not d.settled
                             where o.broadcast_id = b.id)`,
        [now],
      );
    });
  }

  private async closeOverdue(now: Date): Promise<number> {
    return this.uow.run(async ({ manager }) => {
      const overdue = await manager.query<{ playId: string }[]>(
        `select d.play_id as "playId" from occurrences o
           join deliveries d on d.occurrence_id = o.id and not d.settled
          where o.over_by < $1 order by d.play_id limit $2`,
        [now, AT_ONCE],
      );
      await recordWords(
        manager,
        overdue.map(({ playId }) => ({
          playId,
          clusterId: null,
          event: { kind: 'OVERDUE', atMs: now.getTime() },
        })),
      );
      return overdue.length;
    });
  }
}
