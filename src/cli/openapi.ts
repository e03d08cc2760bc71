/**
 * `npm run openapi`: writes docs/openapi.json and docs/asyncapi.json from the code. The tests fail when they differ from
 * what the running application serves.
 */
import fs from 'node:fs';
import { buildOpenApi } from '../api-docs/openapi.js';
import { createApp } from '../bootstrap.js';
import { createDataSource } from '../common/database/connection.js';
import { DatabaseListener } from '../common/database/listener.js';
import { createLogger } from '../common/logging/logger.js';
import { loadConfig } from '../config/config.js';

import { entities } from '../database.js';
import { asyncApiDocument } from '../mqtt/index.js';

const [openApiFile = 'docs/openapi.json', asyncApiFile = 'docs/asyncapi.json'] = process.argv.slice(2);

// The application is assembled and never started, so nothing is connected to.
const connection = { url: 'postgresql://nobody@127.0.0.1:1/none' };
const logger = createLogger({ level: 'silent' });
const dataSource = createDataSource({
  connection,
  poolSize: 2,
  entities,
  migrations: [],
  onPoolError: () => undefined,
});
const app = await createApp({
  config: loadConfig({}),
  logger,
  dataSource,
  listener: new DatabaseListener(connection, logger),
});
fs.writeFileSync(openApiFile, `${JSON.stringify(buildOpenApi(app), null, 2)}\n`);
fs.writeFileSync(asyncApiFile, `${JSON.stringify(asyncApiDocument(), null, 2)}\n`);
await app.close();
