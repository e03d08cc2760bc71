import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApp } from '../../src/bootstrap.js';
import { DatabaseListener } from '../../src/common/database/listener.js';
import { JobRunner } from '../../src/common/jobs/job-runner.js';
import { createLogger } from '../../src/common/logging/logger.js';
import { type Config, loadConfig } from '../../src/config/config.js';
import { UsersService } from '../../src/modules/identity/index.js';
import { createTestDatabase, type TestDatabase } from './database.js';

export const ADMIN_PASSWORD = 'administrator of the tests';

export interface TestApp {
  app: NestFastifyApplication;
  /** `http://127.0.0.1:port`. */
  url: string;
  database: TestDatabase;
  config: Config;
  /** A bearer token of the first administrator. */
  adminToken: string;
  stop(): Promise<void>;
}

/** The same application as the program's, listening on a free port, with its jobs running but no broker. */
export async function createTestApp(overrides: Partial<Config> = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-app-'));
  const config: Config = {
    ...loadConfig({ DATA_DIR: dataDir, DEMO: 'off', LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent' }),
    port: 0,
    mqttPort: 0,
    ...overrides,
  };
  const logger = createLogger({ level: config.logLevel });
  const listener = new DatabaseListener(database.connection, logger);
  const app = await createApp({ config, logger, dataSource: database.dataSource, listener });
  await app.get(UsersService).ensureFirstAdministrator(ADMIN_PASSWORD);
  await listener.start();
  await app.get(JobRunner).start();
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
  return {
    app,
    url,
    database,
    config,
    adminToken: await signIn(url, 'admin', ADMIN_PASSWORD),
    stop: async () => {
      await app.get(JobRunner).stop();
      await app.close();
      await listener.stop();
      await database.stop();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export async function signIn(url: string, username: string, password: string): Promise<string> {
  const answer = await fetch(`${url}/api/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password }),
  });
  if (!answer.ok) throw new Error(`sign-in answered ${answer.status}: ${await answer.text()}`);
  return ((await answer.json()) as { accessToken: string }).accessToken;
}
