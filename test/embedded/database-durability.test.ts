import { fork } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import {
  EmbeddedDatabase,
  type EmbeddedDatabaseRestart,
} from '../../src/embedded/database/embedded-database.js';
import { pool, sqlState, temporaryFolder, until } from './database-harness.js';

const CONNECTIONS = 10;
const OPERATIONS = 3_000;
const ERRORS = 2_000;

/** A generator of numbers that is the same in every run (mulberry32). */
function numbers(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A database in a folder: many connections at once, errors, crashes, a second process, and opening it again. */
describe('embedded database: in a folder', () => {
  const folder = temporaryFolder();
  const restarts: EmbeddedDatabaseRestart[] = [];
  const dataDir = join(folder.path, 'data');
  const open = (maxCommandMs = 600_000): EmbeddedDatabase =>
    new EmbeddedDatabase({
      dataDir,
      maxCommandMs,
      log: () => undefined,
      onRestart: (restart) => restarts.push(restart),
    });
  let database = open();
  let db: pg.Pool;

  beforeAll(async () => {
    await database.start();
    db = pool(database.connection, CONNECTIONS);
    await db.query(
      'CREATE TABLE account (owner int, id int, amount int NOT NULL CHECK (amount >= 0), PRIMARY KEY (owner, id))',
    );
    await db.query('CREATE TABLE written (id int PRIMARY KEY)');
  });
  afterAll(async () => {
    await db?.end();
    await database.stop();
    folder.remove();
  });

  test('says that a power cut may lose the last writes', () => {
    expect(database.warnings.join()).toContain('power cut');
  });

  test(`${OPERATIONS} mixed operations over ${CONNECTIONS} connections never see each other’s rows`, async () => {
    const random = numbers(42);
    let done = 0;
    let heard = 0;
    let notified = 0;
    const worker = async (owner: number): Promise<void> => {
      const expected = new Map<number, number>();
      const listener = await db.connect();
      listener.on('notification', (n) => {
        heard++;
        if (n.channel !== `owner_${owner}` || n.payload !== String(owner))
          throw new Error(`${owner} heard ${n.channel}`);
      });
      await listener.query(`LISTEN owner_${owner}`);
      while (done < OPERATIONS) {
        done++;
        await operation(listener, owner, expected, random, () => notified++);
      }
      const rows = await listener.query<{ id: number; amount: number }>(
        { name: 'mine', text: 'SELECT id, amount FROM account WHERE owner = $1 ORDER BY id' },
        [owner],
      );
      expect(rows.rows).toEqual(
        [...expected].sort(([a], [b]) => a - b).map(([id, amount]) => ({ id, amount })),
      );
      await until('all notifications', () => heard >= notified || done < OPERATIONS);
      listener.release(true);
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, (_, owner) => worker(owner)));
    expect(heard).toBe(notified);
  });

  test(`${ERRORS} SQL errors leave it well`, async () => {
    const failing = [
      'SELECT 1/0',
      'SELECT * FROM nowhere',
      "SELECT 'x'::int",
      'SELEC',
      'INSERT INTO account VALUES (1)',
    ];
    for (let i = 0; i < ERRORS; i += 20) {
      const batch = Array.from({ length: 20 }, (_, k) =>
        sqlState(db.query(failing[(i + k) % failing.length] ?? '')),
      );
      expect((await Promise.all(batch)).every((code) => /^[0-9A-Z]{5}$/.test(code ?? ''))).toBe(true);
    }
    expect((await db.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
    expect(restarts).toEqual([]);
  });

  test('nesting of any depth is an ordinary error, not the end of the process', async () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(await sqlState(db.query('SELECT $1::jsonb', [deep]))).toBe('54001');
    expect(await sqlState(db.query(`SELECT ${'1+'.repeat(20_000)}1`))).toBe('54001');
    expect(restarts).toEqual([]);
  });

  test('a second process is refused with the number of the first', async () => {
    const second = open();
    await expect(second.start()).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining(`in use by process ${database.pid}`),
    });
    expect((await db.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('a folder that cannot be made is said to be not writable', async () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    const impossible = new EmbeddedDatabase({ dataDir: join(file, 'data'), log: () => undefined });
    await expect(impossible.start()).rejects.toMatchObject({ code: 'NOT_WRITABLE' });
  });

  test('after kill -9 under concurrent writes it recovers by itself and has all it acknowledged', async () => {
    const acknowledged = new Set<number>();
    let next = 0;
    let stop = false;
    const writer = async (): Promise<void> => {
      while (!stop) {
        const id = next++;
        const wrote = await db.query('INSERT INTO written VALUES ($1)', [id]).then(
          () => acknowledged.add(id) !== undefined,
          () => false,
        );
        if (!wrote) await new Promise((resolve) => setTimeout(resolve, 20));
      }
    };
    const writers = Array.from({ length: CONNECTIONS }, writer);
    await until('200 writes', () => acknowledged.size >= 200);
    const before = database.pid;
    process.kill(before ?? 0, 'SIGKILL');
    const atKill = acknowledged.size;
    await until('it runs again', () => restarts.length === 1 && database.pid !== before);
    await until('writes go on', () => acknowledged.size >= atKill + 100);
    stop = true;
    await Promise.all(writers);
    const { rows } = await db.query<{ id: number }>('SELECT id FROM written');
    const stored = new Set(rows.map((row) => row.id));
    expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
    expect(restarts[0]).toMatchObject({ dataLost: false });
  });

  test('a command that does not end is ended with the process, which starts again', async () => {
    await db.end();
    await database.stop();
    database = open(3_000);
    await database.start();
    db = pool(database.connection);
    const endless = db.query('SELECT count(*) FROM generate_series(1, 1000000000000)');
    await expect(endless).rejects.toThrow();
    await until('it runs again', () => restarts.length === 2);
    expect((await db.query('SELECT count(*)::int > 0 AS kept FROM written')).rows).toEqual([{ kept: true }]);
  });

  test('stopped and opened again, its data are there; a lock left by a dead process does not matter', async () => {
    const count = (await db.query('SELECT count(*)::int AS n FROM written')).rows;
    await db.end();
    const lockFile = join(dataDir, 'embedded.lock');
    const lock = readFileSync(lockFile, 'utf8');
    await database.stop();
    writeFileSync(lockFile, lock);
    database = open();
    await database.start();
    db = pool(database.connection);
    expect((await db.query('SELECT count(*)::int AS n FROM written')).rows).toEqual(count);
  });

  test('a process whose parent dies ends and frees the folder', async () => {
    await db.end();
    await database.stop();
    const starter = join(folder.path, 'starter.mjs');
    const module = new URL('../../dist/src/embedded/database/embedded-database.js', import.meta.url).href;
    writeFileSync(
      starter,
      `import { EmbeddedDatabase } from ${JSON.stringify(module)};
       const database = new EmbeddedDatabase({ dataDir: ${JSON.stringify(dataDir)}, log: () => undefined });
       await database.start();
       process.send(database.pid);`,
    );
    const parent = fork(starter, { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    const orphan = await new Promise<number>((resolve) =>
      parent.once('message', (pid) => resolve(Number(pid))),
    );
    parent.kill('SIGKILL');
    await until('the orphan ended', () => !runs(orphan));
    database = open();
    await database.start();
    db = pool(database.connection);
    expect((await db.query('SELECT count(*)::int > 0 AS kept FROM written')).rows).toEqual([{ kept: true }]);
  });
});

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** One random operation of an owner, and its effect on what the owner expects to find. */
async function operation(
  client: pg.PoolClient,
  owner: number,
  expected: Map<number, number>,
  random: () => number,
  notified: () => void,
): Promise<void> {
  const id = Math.floor(random() * 20);
  const amount = Math.floor(random() * 1_000);
  const upsert = `INSERT INTO account VALUES ($1, $2, $3) ON CONFLICT (owner, id) DO UPDATE SET amount = excluded.amount`;
  switch (Math.floor(random() * 6)) {
    case 0: {
      const { rows } = await client.query<{ owner: number; amount: number }>(
        'SELECT $1::int AS owner, (SELECT amount FROM account WHERE owner = $1 AND id = $2) AS amount',
        [owner, id],
      );
      expect(rows).toEqual([{ owner, amount: expected.get(id) ?? null }]);
      return;
    }
    case 1:
      await client.query({ name: 'upsert', text: upsert }, [owner, id, amount]);
      expected.set(id, amount);
      return;
    case 2:
      await client.query('BEGIN');
      await client.query(upsert, [owner, id, amount]);
      await client.query('DELETE FROM account WHERE owner = $1 AND id = $2', [owner, id + 1]);
      await client.query('COMMIT');
      expected.set(id, amount).delete(id + 1);
      return;
    case 3:
      await client.query('BEGIN');
      await client.query(upsert, [owner, id, amount]);
      await client.query('ROLLBACK');
      return;
    case 4:
      await client.query('BEGIN');
      await client.query(upsert, [owner, id, amount]);
      expect(await sqlState(client.query(upsert, [owner, id, -1]))).toBe('23514');
      expect((await client.query('COMMIT')).command).toBe('ROLLBACK');
      return;
    default:
      notified();
      await client.query('SELECT pg_notify($1, $2)', [`owner_${owner}`, String(owner)]);
  }
}
