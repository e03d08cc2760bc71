import { migrations } from '../../migrations/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.stop());

/** Entities describe stored columns; constraints, indexes, defaults and generated columns are the migrations' alone. */
const OF_THE_MIGRATIONS =
  /DROP CONSTRAINT|ADD CONSTRAINT|DROP INDEX|CREATE (UNIQUE )?INDEX|(SET|DROP) DEFAULT|COMMENT ON|CREATE SEQUENCE|DROP IDENTITY/i;

test('the entities’ tables, columns and types are those that the migrations make', async () => {
  // TypeORM looks into a table of its own as soon as any column is generated, and makes it only for entities that say so.
  await database.dataSource.query(
    'create table typeorm_metadata (type text, database text, schema text, "table" text, name text, value text)',
  );
  const { upQueries } = await database.dataSource.driver.createSchemaBuilder().log();
  const generated = await database.dataSource.query<{ name: string }[]>(
    `select column_name as name from information_schema.columns where is_generated = 'ALWAYS' and table_schema = 'public'`,
  );
  const drift = upQueries
    .map(({ query }) => query)
    .filter((query) => !OF_THE_MIGRATIONS.test(query) && !query.includes('typeorm_metadata'))
    .filter((query) => !generated.some(({ name }) => query.includes(`DROP COLUMN "${name}"`)));
  await database.dataSource.query('drop table typeorm_metadata');
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
