import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus } from '../../src/common/events/event-bus.js';
import type { Config } from '../../src/config/config.js';
import { Snapshot } from '../../src/modules/exchange/export/snapshot.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const databaseUrl = process.env.TEST_DATABASE_URL;
let database: TestDatabase;
let snapshot: Snapshot;
beforeAll(async () => {
  database = await createTestDatabase();
  const events = new EventBus((error) => {
    throw error;
  });
  snapshot = new Snapshot(new UnitOfWork(database.dataSource, events), { databaseUrl } as Config);
});
afterAll(() => database?.stop());

async function* counts(manager: EntityManager): AsyncGenerator<number> {
  for (;;) {
    const [row] = await manager.query<{ n: number }[]>('select count(*)::int as n from operators');
    yield row?.n ?? 0;
  }
}
const add = (code: string) =>
  database.dataSource.query(`insert into operators (code, name) values ($1, $1)`, [code]);

it('is of one moment on a server, and of each batch in the embedded database; nothing stays open', async () => {
  for (let i = 0; i < 30; i += 1) {
    const rows = snapshot.read(counts);
    const { value: before } = await rows.next();
    await add(`operator-${i}`);
    expect((await rows.next()).value).toBe(databaseUrl === undefined ? Number(before) + 1 : before);
    await rows.return(undefined);
  }
});

it('gives the connection back when a read fails, and writes nothing', async () => {
  async function* failing(manager: EntityManager): AsyncGenerator<never> {
    await manager.query(databaseUrl === undefined ? 'select 1 / 0' : `delete from operators`);
  }
  for (let i = 0; i < 30; i += 1)
    await expect(snapshot.read(failing).next()).rejects.toThrow(/division by zero|read-only/);
  const [left] = await database.dataSource.query<{ n: number }[]>('select count(*)::int as n from operators');
  expect(left).toEqual({ n: 30 });
});
