import pg from 'pg';
import { type DatabaseConnection, pgClientConfig } from './common/database/connection.js';
import type { Logger } from './common/logging/logger.js';
import type { Config } from './config/config.js';
import { EmbeddedDatabase } from './embedded/database/embedded-database.js';
import { StartError } from './start-error.js';

export interface StartedDatabase {
  connection: DatabaseConnection;
  /** What this kind of database cannot promise, for the operator. */
  warnings: readonly string[];
  stop(): Promise<void>;
}

/** The database by `DATABASE_URL`, or the embedded one in the data folder. */
export async function startDatabase(config: Config, logger: Logger): Promise<StartedDatabase> {
  if (config.databaseUrl === undefined) {
    const embedded = new EmbeddedDatabase({
      dataDir: config.dataDir,
      log: (level, message, detail) => logger[level](detail ?? {}, message),
    });
    await embedded.start();
    return { connection: embedded.connection, warnings: embedded.warnings, stop: () => embedded.stop() };
  }
  await checkServer(config.databaseUrl);
  return { connection: { url: config.databaseUrl }, warnings: [], stop: async () => undefined };
}

async function checkServer(url: string): Promise<void> {
  const { host, pathname } = new URL(url);
  const where = `the database${pathname.replace('/', ' ')} at ${host}`;
  const client = new pg.Client({ ...pgClientConfig({ url }), connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; postgis: boolean }>(
      `select current_setting('server_version_num')::int as version,
              exists (select 1 from pg_available_extensions where name = 'postgis') as postgis`,
    );
    if ((rows[0]?.version ?? 0) < 150_000)
      throw new StartError(`DATABASE_URL: ${where} is older than PostgreSQL 15.`);
    if (!rows[0]?.postgis) throw new StartError(`DATABASE_URL: ${where} has no PostGIS to install.`);
  } catch (error) {
    if (error instanceof StartError) throw error;
    const reason =
      error instanceof AggregateError
        ? String((error.errors as Error[])[0]?.message)
        : (error as Error).message;
    throw new StartError(`DATABASE_URL: ${where} cannot be used (${reason}).`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
