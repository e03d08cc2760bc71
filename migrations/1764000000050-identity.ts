import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, their sessions, API keys, the credentials of clusters, and the key that signs access tokens. */
export class Identity1764000000050 implements MigrationInterface {
  name = 'Identity1764000000050';

  async up(q: QueryRunner): Promise<void> {
    // A jurisdiction is the id of an area without a foreign key: areas come after identity in the order of modules,
    // and their tables may be replaced on their own. An id that is no area any more covers nothing: it fails closed.
    await q.query(`
      create table users (
        id uuid primary key default gen_random_uuid(),
        username text not null check (username ~ '^[A-Za-z0-9][A-Za-z0-9._@-]{2,63}$'),
        display_name text not null check (length(display_name) between 1 and 200),
        password_hash text not null check (password_hash like '$argon2id$%'),
        roles text[] not null check (
          cardinality(roles) > 0
          and roles <@ array['administrator', 'planner', 'broadcaster', 'approver', 'viewer']),
        jurisdiction_area_id uuid,
        active boolean not null default true,
        token_version int not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await q.query(`create unique index users_username on users (lower(username))`);
    // One row per token ever handed out in a family; a used row stays until it expires, so that its reuse is noticed.
    await q.query(`
      create table refresh_tokens (
        token_sha256 bytea primary key check (length(token_sha256) = 32),
        family uuid not null,
        user_id uuid not null references users (id),
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        used_at timestamptz,
        revoked_at timestamptz
      )`);
    await q.query(`create index refresh_tokens_family on refresh_tokens (family)`);
    await q.query(`create index refresh_tokens_user on refresh_tokens (user_id)`);
    await q.query(`create index refresh_tokens_expiry on refresh_tokens (expires_at)`);
    await q.query(`
      create table api_keys (
        id uuid primary key default gen_random_uuid(),
        nr bigint generated always as identity unique,
        name text not null check (length(name) between 1 and 200),
        prefix text not null unique check (prefix ~ '^[0-9a-f]{12}$'),
        key_sha256 bytea not null check (length(key_sha256) = 32),
        roles text[] not null check (
          cardinality(roles) > 0
          and roles <@ array['administrator', 'planner', 'broadcaster', 'approver', 'viewer', 'api-client']),
        permissions text[],
        jurisdiction_area_id uuid,
        created_at timestamptz not null default now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz
      )`);
    await q.query(`
      create table device_credentials (
        device_id text primary key check (device_id ~ '^[a-z0-9-]{3,40}$'),
        verifier text not null check (verifier ~ '^[$]7[$][0-9]+[$][A-Za-z0-9+/=]+[$][A-Za-z0-9+/=]+$'),
        created_at timestamptz not null default now(),
        revoked_at timestamptz
      )`);
    await q.query(`
      create table signing_keys (
        purpose text primary key check (purpose in ('access-token')),
        kid text not null unique,
        secret bytea not null check (length(secret) >= 32),
        created_at timestamptz not null default now()
      )`);
    // The columns and their order are those of rate-limiter-flexible's PostgreSQL store.
    await q.query(`
      create table sign_in_attempts (
        key varchar(255) primary key,
        points integer not null default 0,
        expire bigint
      )`);
    await q.query(`create index sign_in_attempts_expiry on sign_in_attempts (expire)`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of [
      'sign_in_attempts',
      'signing_keys',
      'device_credentials',
      'api_keys',
      'refresh_tokens',
      'users',
    ])
      await q.query(`drop table ${table}`);
  }
}
