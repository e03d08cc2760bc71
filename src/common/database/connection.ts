import pg from 'pg';
import {
  DataSource,
  DefaultNamingStrategy,
  type EntityTarget,
  type MigrationInterface,
  type NamingStrategyInterface,
} from 'typeorm';

/** Where a PostgreSQL server is reached; `host` may be a folder with its socket. */
export type DatabaseConnection =
  { url: string } | { host: string; port: number; user: string; password: string; database: string };

/**
 * Compiling a plan takes PostgreSQL half a second; it pays for reports that run for minutes, and its estimate of
 * spatial look-ups is so high that it would compile nearly every one of them.
 */
const SESSION = '-c jit=off';

export function pgClientConfig(connection: DatabaseConnection): pg.ClientConfig {
  const common = {
    application_name: 'phu-song',
    options: SESSION,
    keepAlive: true,
    connectionTimeoutMillis: 20_000,
  };
  return 'url' in connection ? { connectionString: connection.url, ...common } : { ...connection, ...common };
}

/** `heightM` in the code is `height_m` in the database. */
class SnakeCaseNaming extends DefaultNamingStrategy implements NamingStrategyInterface {
  override columnName(propertyName: string, customName: string | undefined, prefixes: string[]): string {
    return [...prefixes, customName ?? propertyName].map(snake).join('_');
  }
}
function snake(name: string): string {
  return name.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
}

export interface DataSourceParts {
  connection: DatabaseConnection;
  poolSize: number;
  entities: EntityTarget<object>[];
  migrations: (new () => MigrationInterface)[];
  onPoolError: (error: unknown) => void;
}

export function createDataSource(parts: DataSourceParts): DataSource {
  const { connection } = parts;
  return new DataSource({
    type: 'postgres',
    ...('url' in connection
      ? { url: connection.url }
      : {
          host: connection.host,
          port: connection.port,
          username: connection.user,
          password: connection.password,
          database: connection.database,
        }),
    entities: parts.entities as never[],
    migrations: parts.migrations as never[],
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeCaseNaming(),
    synchronize: false,
    installExtensions: false,
    poolErrorHandler: parts.onPoolError,
    applicationName: 'phu-song',
    extra: {
      max: parts.poolSize,
      options: SESSION,
      connectionTimeoutMillis: 20_000,
      idleTimeoutMillis: 30_000,
      keepAlive: true,
    },
  });
}

/**
 * Brings the schema up to date. Replicas that start together wait for each other on an advisory lock; one more
 * connection than the migrations' own holds it.
 */
export async function migrate(dataSource: DataSource, connection: DatabaseConnection): Promise<string[]> {
  const lock = new pg.Client(pgClientConfig(connection));
  lock.on('error', () => undefined);
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return (await dataSource.runMigrations()).map((migration) => migration.name);
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.end().catch(() => undefined);
  }
}
const MIGRATION_LOCK = 7_293_001;
