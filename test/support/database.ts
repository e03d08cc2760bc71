import { createHash, randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { migrations } from '../../migrations/index.js';
import {
  createDataSource,
  migrate,
  pgClientConfig,
  type DatabaseConnection,
} from '../../src/common/database/connection.js';
import { entities } from '../../src/database.js';
import { EmbeddedDatabase } from '../../src/embedded/database/embedded-database.js';

export interface TestDatabase {
  connection: DatabaseConnection;
  dataSource: DataSource;
  /** The embedded database, or undefined on a real server. */
  embedded?: EmbeddedDatabase;
  stop(): Promise<void>;
}

/**
 * A migrated database of its own for a test file: a copy of a template, embedded or on `TEST_DATABASE_URL`. The first
 * test file to need the template makes it; its name holds the migrations' hash, so that a change makes a new one.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  return server ? onServer(server) : onEmbedded();
}

const HASH = createHash('sha256')
  .update(migrations.map((migration) => `${migration.name}${migration.toString()}`).join('\n'))
  .digest('hex')
  .slice(0, 16);
const TEMPLATE_TAR = path.join(os.tmpdir(), `phu-song-test-template-${os.userInfo().uid}-${HASH}.tar.gz`);
const TEMPLATE_DATABASE = `phusong_template_${HASH}`;
const TEMPLATE_LOCK = 7_293_002;

function open(connection: DatabaseConnection): Promise<DataSource> {
  return createDataSource({
    connection,
    poolSize: 10,
    entities,
    migrations,
    onPoolError: () => undefined,
  }).initialize();
}

async function migrated(connection: DatabaseConnection): Promise<void> {
  const dataSource = await open(connection);
  try {
    await migrate(dataSource, connection);
  } finally {
    await dataSource.destroy();
  }
}

async function onEmbedded(): Promise<TestDatabase> {
  if (!fs.existsSync(TEMPLATE_TAR)) await makeTemplateTar();
  const embedded = new EmbeddedDatabase({ dataDir: 'memory', loadFrom: TEMPLATE_TAR, log: () => undefined });
  await embedded.start();
  const dataSource = await open(embedded.connection);
  return {
    connection: embedded.connection,
    dataSource,
    embedded,
    stop: async () => {
      await dataSource.destroy();
      await embedded.stop();
    },
  };
}

/** Two test files may make it at once: each in a file of its own, and the last rename wins. */
async function makeTemplateTar(): Promise<void> {
  const embedded = new EmbeddedDatabase({ dataDir: 'memory', log: () => undefined });
  await embedded.start();
  const mine = `${TEMPLATE_TAR}.${randomUUID()}`;
  try {
    await migrated(embedded.connection);
    await embedded.dumpTo(mine);
    fs.renameSync(mine, TEMPLATE_TAR);
  } finally {
    await embedded.stop();
  }
}

/** A migrated database on `TEST_DATABASE_URL` for a program of its own; undefined when the embedded one is under test. */
export async function createEmptyDatabase(): Promise<{ url: string; drop: () => Promise<void> } | undefined> {
  const server = process.env.TEST_DATABASE_URL;
  if (!server) return undefined;
  const name = await copyTemplate(server);
  return { url: databaseUrl(server, name), drop: () => dropDatabase(server, name) };
}

async function onServer(server: string): Promise<TestDatabase> {
  const name = await copyTemplate(server);
  const connection = { url: databaseUrl(server, name) };
  const dataSource = await open(connection);
  return {
    connection,
    dataSource,
    stop: async () => {
      await dataSource.destroy();
      await dropDatabase(server, name);
    },
  };
}

async function copyTemplate(server: string): Promise<string> {
  const name = `phusong_test_${randomUUID().replaceAll('-', '')}`;
  await withAdmin(server, async (client) => {
    await client.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
      TEMPLATE_DATABASE,
    ]);
    if (rowCount === 0) {
      const draft = `${TEMPLATE_DATABASE}_draft`;
      await client.query(`drop database if exists ${draft} with (force)`);
      await client.query(`create database ${draft}`);
      await migrated({ url: databaseUrl(server, draft) });
      await client.query(`alter database ${draft} rename to ${TEMPLATE_DATABASE}`);
    }
    await client.query(`create database ${name} template ${TEMPLATE_DATABASE}`);
  });
  return name;
}

function dropDatabase(server: string, name: string): Promise<void> {
  return withAdmin(server, (client) => client.query(`drop database if exists ${name} with (force)`));
}

function databaseUrl(server: string, name: string): string {
  const url = new URL(server);
  url.pathname = `/${name}`;
  return url.toString();
}

async function withAdmin(server: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client(pgClientConfig({ url: server }));
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
