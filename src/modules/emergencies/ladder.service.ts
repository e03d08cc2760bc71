import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { CommandService } from '../speakers/index.js';
import { rungAfterMs } from './domain/ladder.js';

interface Due {
  id: string;
  rung: number;
  confirmedAt: Date;
  commandIds: string[];
}

/**
 * Addresses the silent one by one, again and again until it is too late (rule 10). What is due stands in the database, and is
 * locked while it is done: a worker that dies leaves it to the next.
 */
@Injectable()
export class EmergencyLadder {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly commands: CommandService,
  ) {}

  /** Takes every rung that is due. Returns how many clusters were addressed again. */
  async climb(now: Date = new Date()): Promise<number> {
    let addressed = 0;
    for (;;) {
      const reached = await this.next(now);
      if (reached === undefined) return addressed;
      addressed += reached;
    }
  }

  private async next(now: Date): Promise<number | undefined> {
    return this.uow.run(async (tx) => {
      const [due] = await tx.manager.query<Due[]>(
        `select id, rung, confirmed_at as "confirmedAt", command_ids as "commandIds" from emergencies
          where rung_due_at <= $1 order by rung_due_at, id limit 1 for update skip locked`,
        [now],
      );
      if (!due) return undefined;
      const silent = await this.commands.repeatUnheard(tx, due.commandIds);
      // Late by more than a rung, as after a standstill: the ones that were missed are not made up for.
      let rung = due.rung + 1;
      const atMs = (nr: number) => due.confirmedAt.getTime() + rungAfterMs(nr);
      while (atMs(rung) <= now.getTime()) rung += 1;
      await tx.manager.query(`update emergencies set rung = $2, rung_due_at = $3 where id = $1`, [
        due.id,
        rung,
        silent.length === 0 ? null : new Date(atMs(rung)),
      ]);
      return silent.length;
    });
  }
}
