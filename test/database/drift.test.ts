import { migrations } from '../../migrations/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

/** Entities describe columns; constraints, indexes and defaults are the migrations' alone. */
const OF_THE_MIGRATIONS =
  /DROP CONSTRAINT|ADD CONSTRAINT|DROP INDEX|CREATE (UNIQUE )?INDEX|(SET|DROP) DEFAULT|COMMENT ON|CREATE SEQUENCE|DROP IDENTITY/i;

test('the entities’ tables, columns and types are those that the migrations make', async () => {
  const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
  const drift = upQueries.map(({ query }) => query).filter((query) => !OF_THE_MIGRATIONS.test(query));
  expect(drift).toEqual([]);
});

test('every migration can be taken back and made again', async () => {
  for (let i = 0; i < migrations.length; i += 1) await database.dataSource.undoLastMigration();
  const left = await database.dataSource.query<{ name: string }[]>(
    `select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  expect(
    left.map(({ name }) => name).filter((name) => !['spatial_ref_sys', 'migrations'].includes(name)),
  ).toEqual([]);
  expect(await database.dataSource.runMigrations()).toHaveLength(migrations.length);
});
