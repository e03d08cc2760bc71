import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import {
  createDataSource,
  migrate,
  pgClientConfig,
  type DatabaseConnection,
} from '../../src/common/database/connection.js';
import { entities } from '../../src/database.js';
import { EmbeddedDatabase } from '../../src/embedded/database/embedded-database.js';
import { migrations } from '../../migrations/index.js';
import { templateName, templateTar } from './template.js';

export interface TestDatabase {
  connection: DatabaseConnection;
  dataSource: DataSource;
  /** The embedded database, or undefined on a real server. */
  embedded?: EmbeddedDatabase;
  stop(): Promise<void>;
}

/** A migrated database of its own for a test file: a copy of the template, embedded or on `TEST_DATABASE_URL`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = process.env.TEST_DATABASE_URL;
  return server ? onServer(server) : onEmbedded();
}

async function open(connection: DatabaseConnection): Promise<DataSource> {
  return createDataSource({
    connection,
    poolSize: 10,
    entities,
    migrations,
    onPoolError: () => undefined,
  }).initialize();
}

async function onEmbedded(): Promise<TestDatabase> {
  const embedded = new EmbeddedDatabase({ dataDir: 'memory', loadFrom: templateTar(), log: () => undefined });
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

async function onServer(server: string): Promise<TestDatabase> {
  const name = `phusong_test_${randomUUID().replaceAll('-', '')}`;
  await withAdmin(server, (client) => client.query(`create database ${name} template ${templateName()}`));
  const connection = { url: databaseUrl(server, name) };
  const dataSource = await open(connection);
  return {
    connection,
    dataSource,
    stop: async () => {
      await dataSource.destroy();
      await withAdmin(server, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

/** Makes the template once per test run (jest's global set-up). */
export async function makeTemplate(): Promise<void> {
  const server = process.env.TEST_DATABASE_URL;
  if (server) {
    await withAdmin(server, async (client) => {
      await client.query(`drop database if exists ${templateName()} with (force)`);
      await client.query(`create database ${templateName()}`);
    });
    await migrateOnce({ url: databaseUrl(server, templateName()) });
    return;
  }
  const embedded = new EmbeddedDatabase({ dataDir: 'memory', log: () => undefined });
  await embedded.start();
  try {
    await migrateOnce(embedded.connection);
    await embedded.dumpTo(templateTar());
  } finally {
    await embedded.stop();
  }
}

export async function dropTemplate(): Promise<void> {
  const server = process.env.TEST_DATABASE_URL;
  if (server)
    await withAdmin(server, (client) =>
      client.query(`drop database if exists ${templateName()} with (force)`),
    );
  else fs.rmSync(templateTar(), { force: true });
}

async function migrateOnce(connection: DatabaseConnection): Promise<void> {
  const dataSource = await open(connection);
  try {
    await migrate(dataSource, connection);
  } finally {
    await dataSource.destroy();
  }
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
