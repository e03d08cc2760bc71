import type { MigrationInterface, QueryRunner } from 'typeorm';

const HOLDERS = ['sites', 'cells'];

/** Attributes that an administrator gives to the things of the register, and their values. */
export class Attributes1764000000930 implements MigrationInterface {
  name = 'Attributes1764000000930';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table attribute_definitions (
        id uuid primary key default gen_random_uuid(),
        resource text not null,
        name text not null check (name ~ '^[a-z][A-Za-z0-9_]{0,39}$'),
        title_en text not null,
        title_vi text not null,
        description text,
        type text not null check (type in ('text', 'number', 'integer', 'boolean', 'date', 'choice', 'choices')),
        unit text,
        required boolean not null,
        min double precision,
        max double precision,
        pattern text,
        max_length int,
        choices text[] not null,
        open_data boolean not null,
        retired_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    // Programs of maps take no notice of the letter case of a field's name.
    await q.query(
      `create unique index attribute_definitions_name on attribute_definitions (resource, lower(name))`,
    );
    for (const table of HOLDERS) {
      await q.query(`alter table ${table} add column attributes jsonb not null default '{}'`);
      await q.query(`create index ${table}_attributes on ${table} using gin (attributes jsonb_path_ops)`);
    }
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of HOLDERS) await q.query(`alter table ${table} drop column attributes`);
    await q.query(`drop table attribute_definitions`);
  }
}
