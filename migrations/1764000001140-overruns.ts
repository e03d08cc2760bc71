import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a broadcast does where another of its class and rank begins before it is over; what there is goes on to its end. */
export class Overruns1764000001140 implements MigrationInterface {
  name = 'Overruns1764000001140';

  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `alter table broadcasts add column on_overrun text not null default 'FINISH'
         check (on_overrun in ('CUT', 'FINISH', 'SHIFT'))`,
    );
    await q.query(
      `update broadcasts b set on_overrun = p.on_overrun
         from programme_occurrences o join programmes p on p.id = o.programme_id where o.broadcast_id = b.id`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table broadcasts drop column on_overrun`);
  }
}
