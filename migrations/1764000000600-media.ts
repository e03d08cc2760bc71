import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Audio files, by the hash of their content. */
export class Media1764000000600 implements MigrationInterface {
  name = 'Media1764000000600';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table media_assets (
        sha256 text primary key check (sha256 ~ '^[0-9a-f]{64}$'),
        title text not null check (title <> ''),
        bytes int not null check (bytes > 0),
        duration_s double precision not null check (duration_s > 0 and duration_s <= 86400),
        codec text not null check (codec in ('wav', 'mp3', 'aac', 'opus', 'flac')),
        content_type text not null,
        sample_rate_hz int not null check (sample_rate_hz > 0),
        channels smallint not null check (channels between 1 and 8),
        source text not null,
        created_at timestamptz not null,
        created_by text not null
      )`);
    await q.query(`create index media_assets_newest on media_assets (created_at desc, sha256 desc)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table media_assets`);
  }
}
