import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How loud audio files are, and what those made here are made of. */
export class Renditions1764000001020 implements MigrationInterface {
  name = 'Renditions1764000001020';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      alter table media_assets
        add column loudness_lufs double precision,
        add column true_peak_dbtp double precision`);
    await q.query(`
      create table media_renditions (
        recipe_sha256 text primary key check (recipe_sha256 ~ '^[0-9a-f]{64}$'),
        sha256 text not null references media_assets,
        recipe jsonb not null,
        created_at timestamptz not null
      )`);
    await q.query(`create index media_renditions_asset on media_renditions (sha256, created_at)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table media_renditions`);
    await q.query(`alter table media_assets drop column loudness_lufs, drop column true_peak_dbtp`);
  }
}
