import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every change with who, when, before and after. Rows are added and never changed. */
export class Audit1764000000060 implements MigrationInterface {
  name = 'Audit1764000000060';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table audit_entries (
        id bigint generated always as identity primary key,
        at timestamptz not null default now(),
        actor_kind text not null check (actor_kind in ('user', 'api-key', 'device', 'system')),
        actor_id text not null,
        actor_name text not null,
        correlation_id text,
        resource text not null,
        resource_id text not null,
        action text not null check (action in ('create', 'update', 'delete')),
        before jsonb,
        after jsonb,
        reason text
      )`);
    await q.query(`create index audit_entries_time on audit_entries (at desc, id desc)`);
    await q.query(
      `create index audit_entries_resource on audit_entries (resource, resource_id, at desc, id desc)`,
    );
    await q.query(`create index audit_entries_actor on audit_entries (actor_id, at desc, id desc)`);
    await q.query(`
      create index audit_entries_correlation on audit_entries (correlation_id, at desc, id desc)
        where correlation_id is not null`);
    // The program's own account cannot rewrite the trail by mistake or through a hole in a query. Whoever owns the
    // database can still drop the trigger: against them only copies elsewhere help.
    await q.query(`
      create function refuse_audit_change() returns trigger language plpgsql as $$
      begin
        raise exception 'audit_entries is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
      end $$`);
    await q.query(`
      create trigger audit_entries_append_only before update or delete or truncate on audit_entries
        for each statement execute function refuse_audit_change()`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table audit_entries`);
    await q.query(`drop function refuse_audit_change()`);
  }
}
