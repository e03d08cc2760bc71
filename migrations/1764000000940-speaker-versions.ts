import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Numbers the states of clusters and of plain loudspeakers, so that a change can say which one it is based on. */
export class SpeakerVersions1764000000940 implements MigrationInterface {
  name = 'SpeakerVersions1764000000940';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table clusters add column version int not null default 1`);
    await q.query(`alter table plain_loudspeakers add column version int not null default 1`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`alter table plain_loudspeakers drop column version`);
    await q.query(`alter table clusters drop column version`);
  }
}
