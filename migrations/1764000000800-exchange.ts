import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Imports of files: what was asked, what was found in them, what they would change, and how to take it back. */
export class Exchange1764000000800 implements MigrationInterface {
  name = 'Exchange1764000000800';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table imports (
        id uuid primary key default gen_random_uuid(),
        resource text not null,
        source_name text not null,
        file_name text not null,
        file_bytes bigint not null,
        sheet_name text,
        mode text not null check (mode in ('dry-run', 'apply')),
        on_errors text not null check (on_errors in ('refuse', 'valid-rows')),
        mapping jsonb not null,
        state text not null check (state in
          ('queued', 'checking', 'applying', 'checked', 'refused', 'applied', 'failed', 'cancelled', 'undone')),
        actor jsonb not null,
        job_id uuid,
        headings jsonb not null default '[]',
        counts jsonb not null default '{}',
        error jsonb,
        created_at timestamptz not null default now(),
        finished_at timestamptz
      )`);
    await q.query(`create index imports_newest on imports (created_at desc, id desc)`);
    await q.query(`
      create table import_findings (
        import_id uuid not null references imports (id) on delete cascade,
        nr int not null,
        severity text not null check (severity in ('error', 'warning', 'info')),
        "group" text not null check ("group" in ('conformance', 'quality', 'information')),
        code text not null,
        row int,
        "column" text,
        value text,
        message text not null,
        message_vi text not null,
        primary key (import_id, nr)
      )`);
    await q.query(`
      create table import_bad_rows (
        import_id uuid not null references imports (id) on delete cascade,
        row int not null,
        raw jsonb not null,
        primary key (import_id, row)
      )`);
    await q.query(`
      create table import_changes (
        import_id uuid not null references imports (id) on delete cascade,
        nr int not null,
        row int not null,
        key text not null,
        action text not null check (action in ('create', 'update')),
        fields jsonb not null,
        record jsonb not null,
        version int,
        primary key (import_id, nr)
      )`);
    await q.query(`create index import_changes_key on import_changes (import_id, key collate "C")`);
    await q.query(`create index import_findings_row on import_findings (import_id, row)`);
    await q.query(`
      create table import_undo (
        import_id uuid not null references imports (id) on delete cascade,
        nr int not null,
        key text not null,
        before jsonb,
        version_after int not null,
        primary key (import_id, nr)
      )`);
    await q.query(`
      create table import_mappings (
        source_name text not null,
        resource text not null,
        mapping jsonb not null,
        updated_at timestamptz not null default now(),
        primary key (source_name, resource)
      )`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of [
      'import_mappings',
      'import_undo',
      'import_changes',
      'import_bad_rows',
      'import_findings',
      'imports',
    ])
      await q.query(`drop table ${table}`);
  }
}
