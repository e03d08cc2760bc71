import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The life cycle of a site with its history; what the lists of sites are searched and sorted by. */
export class SitesLifecycle1764000000820 implements MigrationInterface {
  name = 'SitesLifecycle1764000000820';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`alter table sites drop constraint sites_lifecycle_check`);
    await q.query(`alter table sites add column lifecycle_reason text`);
    await q.query(`update sites set lifecycle = 'under_construction' where lifecycle = 'building'`);
    await q.query(`update sites set lifecycle_reason = 'other' where lifecycle = 'blocked'`);
    await q.query(`
      alter table sites
        add constraint sites_lifecycle_check check (lifecycle in
          ('planned', 'approved', 'blocked', 'under_construction', 'active', 'inactive', 'decommissioned')),
        add constraint sites_lifecycle_reason_check check (
          lifecycle_reason is null
          or (lifecycle = 'blocked' and lifecycle_reason in ('emf-fear', 'land-lease', 'three-phase-power', 'other'))),
        add constraint sites_blocked_reason check (lifecycle <> 'blocked' or lifecycle_reason is not null)`);
    await q.query(`
      create table site_transitions (
        id bigint generated always as identity primary key,
        site_id uuid not null references sites (id) on delete cascade,
        from_state text,
        to_state text not null,
        reason text,
        note text,
        on_day date not null,
        at timestamptz not null default now(),
        actor_kind text not null,
        actor_id text not null,
        actor_name text not null
      )`);
    await q.query(`create index site_transitions_site on site_transitions (site_id, id)`);
    await q.query(`
      insert into site_transitions (site_id, to_state, reason, note, on_day, at, actor_kind, actor_id, actor_name)
      select id, lifecycle, lifecycle_reason, lifecycle_note, (created_at at time zone 'Asia/Ho_Chi_Minh')::date,
             created_at, 'system', 'system', 'migration' from sites`);
    // unaccent() by itself is not immutable, because its dictionary could be exchanged; here it is named, and is not.
    await q.query(`
      create function fold_text(given text) returns text language sql immutable strict parallel safe
      return lower(unaccent('unaccent'::regdictionary, normalize(given)))`);
    await q.query(`
      alter table sites add column search_text text not null
        generated always as (fold_text(code || ' ' || name || ' ' || coalesce(address, ''))) stored`);
    await q.query(`create index sites_search on sites using gin (search_text gin_trgm_ops)`);
    await q.query(`create index sites_by_name on sites (fold_text(name), code)`);
    await q.query(`create index sites_by_update on sites (updated_at, code)`);
    await q.query(`create index sites_lifecycle on sites (lifecycle)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop index sites_by_name, sites_by_update, sites_lifecycle`);
    await q.query(`alter table sites drop column search_text`);
    await q.query(`drop function fold_text(text)`);
    await q.query(`drop table site_transitions`);
    await q.query(`
      alter table sites drop constraint sites_lifecycle_check, drop constraint sites_blocked_reason,
        drop constraint sites_lifecycle_reason_check`);
    await q.query(`alter table sites drop column lifecycle_reason`);
    await q.query(`update sites set lifecycle = 'building' where lifecycle = 'under_construction'`);
    await q.query(`update sites set lifecycle = 'decommissioned' where lifecycle = 'inactive'`);
    await q.query(`
      alter table sites add constraint sites_lifecycle_check
        check (lifecycle in ('planned', 'approved', 'blocked', 'building', 'active', 'decommissioned'))`);
  }
}
