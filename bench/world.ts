import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { migrations } from '../migrations/index.js';
import { createApp } from '../src/bootstrap.js';
import {
  createDataSource,
  type DatabaseConnection,
  migrate,
  pgClientConfig,
} from '../src/common/database/connection.js';
import { DatabaseListener } from '../src/common/database/listener.js';
import { UnitOfWork } from '../src/common/database/unit-of-work.js';
import { createLogger } from '../src/common/logging/logger.js';
import { loadConfig } from '../src/config/config.js';
import { entities } from '../src/database.js';
import { areaRows } from '../src/demo/load/rows.js';
import { generateDemo } from '../src/demo/province/index.js';
import { EmbeddedDatabase } from '../src/embedded/database/embedded-database.js';
import { AreasWriter } from '../src/modules/areas/index.js';
import { UsersService } from '../src/modules/identity/index.js';
import { OperatorsService } from '../src/modules/sites/index.js';
import { leaves } from './leftovers.js';

export interface World {
  app: NestFastifyApplication;
  dataSource: DataSource;
  /** Which database is measured. */
  database: string;
  /** Of a server; the embedded database has none. */
  databaseUrl: string | undefined;
  /** The administrator's. */
  password: string;
  operators: string[];
  /** For files; removed with the rest. */
  folder: string;
  /** Asks over HTTP, without a socket. Throws for what is no success. */
  http: (method: 'GET' | 'POST', url: string, body?: object) => Promise<void>;
  stop(): Promise<void>;
}

const PASSWORD = 'administrator of the bench';

/** The application on a database of its own with the units and operators of the demo province, and no sites. */
export async function openWorld(): Promise<World> {
  const database = await openDatabase(process.env.BENCH_DATABASE_URL);
  const { connection } = database;
  const dataSource = await createDataSource({
    connection,
    poolSize: 10,
    entities,
    migrations,
    onPoolError: () => undefined,
  }).initialize();
  await migrate(dataSource, connection);
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-bench-'));
  const removeFolder = leaves(() => fs.rmSync(dataDir, { recursive: true, force: true }));
  const logger = createLogger({ level: 'silent' });
  const config = { ...loadConfig({ DATA_DIR: dataDir, DEMO: 'off' }), port: 0, mqttPort: 0 };
  const listener = new DatabaseListener(connection, logger);
  await listener.start();
  const app = await createApp({ config, logger, dataSource, listener });
  await app.get(UsersService).ensureFirstAdministrator(PASSWORD);
  const demo = generateDemo(1);
  await app.get(UnitOfWork).run(async (tx) => {
    await app.get(AreasWriter).importAreas(areaRows(demo), tx);
    await app.get(OperatorsService).importOperators(demo.operators, tx);
  });
  const ask = (method: 'GET' | 'POST', url: string, body?: object, token?: string) =>
    app.inject({
      method,
      url: `/api/v1/${url}`,
      ...(body ? { payload: body } : {}),
      headers: token ? { authorization: `Bearer ${token}` } : {},
    });
  const signIn = await ask('POST', 'auth/login', { username: 'admin', password: PASSWORD });
  const { accessToken } = signIn.json<{ accessToken: string }>();
  return {
    app,
    dataSource,
    database: database.name,
    databaseUrl: 'url' in connection ? connection.url : undefined,
    password: PASSWORD,
    operators: demo.operators.map(({ code }) => code),
    http: async (method, url, body) => {
      const answer = await ask(method, url, body, accessToken);
      if (answer.statusCode >= 300) throw new Error(`${url} answered ${answer.statusCode}: ${answer.body}`);
    },
    folder: dataDir,
    stop: async () => {
      await app.close();
      await listener.stop();
      if (dataSource.isInitialized) await dataSource.destroy();
      await database.stop();
      await removeFolder();
    },
  };
}

async function openDatabase(
  server: string | undefined,
): Promise<{ name: string; connection: DatabaseConnection; stop: () => Promise<void> }> {
  if (server === undefined) {
    const embedded = new EmbeddedDatabase({ dataDir: 'memory', log: () => undefined });
    await embedded.start();
    return {
      name: 'the embedded database, in memory',
      connection: embedded.connection,
      stop: leaves(() => embedded.stop()),
    };
  }
  const name = `phusong_bench_${randomUUID().replaceAll('-', '')}`;
  const admin = async (sql: string): Promise<string> => {
    const client = new pg.Client(pgClientConfig({ url: server }));
    await client.connect();
    try {
      await client.query(sql);
      const { rows } = await client.query<{ is: string }>(
        `select 'PostgreSQL ' || current_setting('server_version') || ', fsync ' || current_setting('fsync') as is`,
      );
      return rows[0]?.is ?? '';
    } finally {
      await client.end();
    }
  };
  const is = await admin(`create database ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return {
    name: is,
    connection: { url: url.toString() },
    stop: leaves(async () => void (await admin(`drop database if exists ${name} with (force)`))),
  };
}
