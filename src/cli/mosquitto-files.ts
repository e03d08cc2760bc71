/**
 * `node dist/src/cli/mosquitto-files.js --out dir`: writes the password and ACL files of a Mosquitto from the database
 * (DATABASE_URL), with the server's own account (MQTT_USERNAME, MQTT_PASSWORD).
 */
import { parseArgs } from 'node:util';
import { createApp } from '../bootstrap.js';
import { createDataSource } from '../common/database/connection.js';
import { DatabaseListener } from '../common/database/listener.js';
import { createLogger } from '../common/logging/logger.js';
import { ConfigError, loadConfig } from '../config/config.js';
import { entities } from '../database.js';
import { MosquittoFiles } from '../mqtt/index.js';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string' } } });
  const config = loadConfig(process.env);
  const { databaseUrl, mqttUsername: username, mqttPassword: password } = config;
  if (values.out === undefined) throw new Error('usage: mosquitto-files --out dir');
  if (databaseUrl === undefined)
    throw new Error('DATABASE_URL: needed, the embedded database belongs to its server');
  if (password === undefined)
    throw new Error('MQTT_PASSWORD: needed, the password of the server on that broker');

  const connection = { url: databaseUrl };
  const logger = createLogger({ level: 'silent' });
  const dataSource = createDataSource({
    connection,
    poolSize: 2,
    entities,
    migrations: [],
    onPoolError: () => undefined,
  });
  await dataSource.initialize();
  try {
    const listener = new DatabaseListener(connection, logger);
    const app = await createApp({ config, logger, dataSource, listener });
    const written = await app.get(MosquittoFiles).write(values.out, { username, password });
    console.log(written ? `written to ${values.out}` : `${values.out} is up to date`);
    await app.close();
  } finally {
    await dataSource.destroy();
  }
}

main().catch((error: unknown) => {
  const lines =
    error instanceof ConfigError ? error.problems : [error instanceof Error ? error.message : String(error)];
  for (const line of lines) console.error(line);
  process.exit(1);
});
