import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The time of an entry becomes that of its writing; a feed of all entries in the order in which they became visible. */
export class History1764000000810 implements MigrationInterface {
  name = 'History1764000000810';

  async up(q: QueryRunner): Promise<void> {
    // now() is the begin of the transaction: of two that change one row, the one that had to wait may have begun first.
    await q.query(`alter table audit_entries alter column at set default statement_timestamp()`);
    // Ids are given before the commit, so reading "after id n" can miss whoever commits late. An entry waits here until
    // one reader at a time, holding a lock, gives it a position: positions are committed in their order.
    await q.query(`create table audit_feed_pending (entry_id bigint primary key, resource text not null)`);
    await q.query(`
      create table audit_feed (
        position bigint generated always as identity primary key,
        entry_id bigint not null unique,
        resource text not null
      )`);
    await q.query(`create index audit_feed_resource on audit_feed (resource, position)`);
    await q.query(`create table audit_feed_lock (one boolean primary key default true check (one))`);
    await q.query(`insert into audit_feed_lock default values`);
    await q.query(`
      insert into audit_feed (entry_id, resource) select id, resource from audit_entries order by id`);
    await q.query(`
      create function announce_audit_entries() returns trigger language plpgsql as $$
      begin
        insert into audit_feed_pending (entry_id, resource) select id, resource from added;
        perform pg_notify('audit_feed', '');
        return null;
      end $$`);
    await q.query(`
      create trigger audit_entries_announced after insert on audit_entries
        referencing new table as added for each statement execute function announce_audit_entries()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop trigger audit_entries_announced on audit_entries`);
    await q.query(`drop function announce_audit_entries()`);
    for (const table of ['audit_feed_lock', 'audit_feed', 'audit_feed_pending'])
      await q.query(`drop table ${table}`);
    await q.query(`alter table audit_entries alter column at set default now()`);
  }
}
