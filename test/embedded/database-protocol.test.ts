import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { EmbeddedDatabase } from '../../src/embedded/database/embedded-database.js';
import { SYNC, int32, message, query } from '../../src/embedded/database/wire/messages.js';
import {
  RawClient,
  bind,
  execute,
  flush,
  parse,
  pool,
  sqlState,
  temporaryFolder,
  until,
} from './database-harness.js';

/** What one backend must get right for many connections, on a database in memory. */
describe('embedded database: protocol', () => {
  const database = new EmbeddedDatabase({
    dataDir: 'memory',
    lockWaitMs: 300,
    idleInTransactionMs: 600_000,
    log: () => undefined,
  });
  let db: pg.Pool;

  beforeAll(async () => {
    await database.start();
    db = pool(database.connection);
    await db.query('CREATE TABLE item (id int PRIMARY KEY, name text)');
  });
  afterAll(async () => {
    await db?.end();
    await database.stop();
  });

  const isFree = (): Promise<boolean> =>
    db.query('SELECT 1').then(
      () => true,
      () => false,
    );

  test('PostGIS and the other extensions are there', async () => {
    const { rows } = await db.query<{ extname: string }>('SELECT extname FROM pg_extension ORDER BY 1');
    const names = rows.map((row) => row.extname);
    expect(names).toEqual(
      expect.arrayContaining(['btree_gist', 'pg_trgm', 'pgcrypto', 'postgis', 'unaccent']),
    );
    const distance = await db.query<{ m: number }>(
      'SELECT round(ST_Distance(ST_MakePoint(105.4, 9.7)::geography, ST_MakePoint(105.5, 9.7)::geography)) AS m',
    );
    expect(distance.rows[0]?.m).toBeCloseTo(10_975, -2);
  });

  test('COPY FROM STDIN is refused with 0A000 and harms nothing', async () => {
    expect(await sqlState(db.query('COPY item FROM STDIN'))).toBe('0A000');
    expect(await sqlState(db.query({ name: 'copy', text: 'copy item (id) from stdin' }))).toBe('0A000');
    const client = await db.connect();
    await client.query('BEGIN');
    expect(await sqlState(client.query('/* x */ COPY item FROM STDIN CSV'))).toBe('0A000');
    expect(await sqlState(client.query('SELECT 1'))).toBe('25P02');
    await client.query('ROLLBACK');
    client.release();
    expect((await db.query("SELECT 'copy item from stdin' AS t")).rows).toEqual([
      { t: 'copy item from stdin' },
    ]);
  });

  test('prepared statements of the same name are each connection’s own', async () => {
    const [a, b] = [await db.connect(), await db.connect()];
    for (let round = 0; round < 3; round++) {
      expect((await a.query({ name: 'same', text: "SELECT 'a' AS of" })).rows).toEqual([{ of: 'a' }]);
      expect((await b.query({ name: 'same', text: "SELECT 'b' AS of" })).rows).toEqual([{ of: 'b' }]);
    }
    a.release();
    b.release();
  });

  test('settings of one connection do not reach another', async () => {
    const [a, b] = [await db.connect(), await db.connect()];
    await a.query("SET timezone = 'Asia/Tokyo'");
    expect((await b.query('SHOW timezone')).rows).toEqual([{ TimeZone: 'UTC' }]);
    a.release();
    b.release();
  });

  test('notifications reach those who listen, at the commit, and nobody else', async () => {
    const [a, b, c] = [await db.connect(), await db.connect(), await db.connect()];
    const heard: string[] = [];
    const names = new Map([
      [a, 'a'],
      [b, 'b'],
      [c, 'c'],
    ]);
    for (const [client, name] of names)
      client.on('notification', (n) => heard.push(`${name}:${n.channel}:${n.payload}`));
    await a.query('LISTEN news');
    await b.query('LISTEN "news"; LISTEN "Other; channel"');
    await c.query("SELECT 'listen news'");
    await db.query("BEGIN; NOTIFY news, 'lost'; ROLLBACK");
    await b.query('BEGIN; UNLISTEN news; ROLLBACK');
    await db.query("SELECT pg_notify('news', '1')");
    await until('both heard 1', () => heard.length === 2);
    await b.query('UNLISTEN news');
    await db.query("NOTIFY news, '2'");
    await db.query(`NOTIFY "Other; channel", '3'`);
    await until('the rest', () => heard.length === 4);
    expect(heard.sort()).toEqual(['a:news:1', 'a:news:2', 'b:Other; channel:3', 'b:news:1']);
    for (const client of names.keys()) client.release(true);
  });

  test('who waits too long for an open transaction gets 55P03 and can go on', async () => {
    const holder = await db.connect();
    await holder.query("BEGIN; INSERT INTO item VALUES (1, 'held')");
    expect(await sqlState(db.query('SELECT 1'))).toBe('55P03');
    const raw = await RawClient.open(database.connection);
    raw.take();
    raw.send(parse('', 'SELECT 1'), flush());
    await until('the refusal', () => raw.peek().length > 0);
    raw.send(bind(''), execute(), SYNC);
    expect((await raw.answers()).map((a) => a.type + a.detail)).toEqual(['E55P03', 'ZI']);
    await holder.query('ROLLBACK');
    holder.release();
    raw.send(parse('', 'SELECT 2'), bind(''), execute(), SYNC);
    expect((await raw.answers()).map((a) => a.type)).toEqual(['1', '2', 'D', 'C', 'Z']);
    raw.socket.destroy();
    expect((await db.query('SELECT * FROM item')).rows).toEqual([]);
  });

  test('a long command of the holder is no reason to refuse those who wait', async () => {
    const long = db.query('SELECT count(*) FROM generate_series(1, 3000000)');
    const waiting = await Promise.all(
      [1, 2, 3].map((n) => db.query<{ n: number }>('SELECT $1::int AS n', [n])),
    );
    expect(waiting.map((r) => r.rows[0])).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    await long;
  });

  test('a client that vanishes in a transaction is rolled back', async () => {
    const raw = await RawClient.open(database.connection);
    raw.send(query("BEGIN; INSERT INTO item VALUES (2, 'ghost')"));
    await raw.answers(2);
    raw.socket.destroy();
    await until('free again', isFree);
    expect((await db.query('SELECT * FROM item')).rows).toEqual([]);
  });

  test('a client that vanishes in the middle of a pipeline is rolled back', async () => {
    const raw = await RawClient.open(database.connection);
    raw.send(parse('', "INSERT INTO item VALUES (3, 'half')"), bind(''), execute(), flush());
    await until('inserted', () => raw.peek().some((a) => a.detail === 'INSERT 0 1'));
    raw.socket.destroy();
    await until('free again', isFree);
    expect((await db.query('SELECT * FROM item')).rows).toEqual([]);
  });

  test('a transaction that does nothing for too long is ended with 25P03', async () => {
    const impatient = new EmbeddedDatabase({
      dataDir: 'memory',
      idleInTransactionMs: 100,
      log: () => undefined,
    });
    await impatient.start();
    try {
      const raw = await RawClient.open(impatient.connection);
      raw.send(query('BEGIN'));
      await until('ended', () => raw.ended);
      expect(raw.take().at(-1)).toEqual({ type: 'E', detail: '25P03' });
      const next = await RawClient.open(impatient.connection);
      next.send(query('SELECT 1'));
      expect((await next.answers(2)).map((a) => a.type + a.detail).slice(-3)).toEqual([
        'D1',
        'CSELECT 1',
        'ZI',
      ]);
      next.socket.destroy();
    } finally {
      await impatient.stop();
    }
  });

  test('after an error the rest of the cycle is skipped, and the next cycle works', async () => {
    const raw = await RawClient.open(database.connection);
    raw.take();
    raw.send(
      ...[parse('', "INSERT INTO item VALUES (4, 'undone')"), bind(''), execute()],
      ...[parse('', 'SELECT 1/0'), bind(''), execute(), parse('', 'SELECT 7'), bind(''), execute(), SYNC],
      ...[parse('', 'SELECT 8'), bind(''), execute(), SYNC],
    );
    const answers = await raw.answers(2);
    expect(answers.map((a) => a.type).join('')).toBe('12C1EZ12DCZ');
    expect(answers.filter((a) => a.detail !== '').map((a) => a.detail)).toEqual([
      ...['INSERT 0 1', '22012', 'I'],
      ...['8', 'SELECT 1', 'I'],
    ]);
    raw.socket.destroy();
    expect((await db.query('SELECT * FROM item')).rows).toEqual([]);
  });

  test('an unnamed statement of an earlier turn is an error, never another connection’s statement', async () => {
    const raw = await RawClient.open(database.connection);
    raw.send(parse('', 'SELECT 1'), SYNC);
    await raw.answers(2);
    await db.query('SELECT $1::text', ['other']);
    raw.send(bind(''), execute(), SYNC);
    expect((await raw.answers()).map((a) => a.detail)).toEqual(['26000', 'I']);
    raw.socket.destroy();
  });

  test('a cancel request is closed without harm; odd bytes and another database are refused', async () => {
    const cancel = RawClient.dial(database.connection);
    cancel.send(int32(16), int32(80877102), int32(1), int32(2));
    await until('closed', () => cancel.ended);
    expect(cancel.take()).toEqual([]);

    const odd = await RawClient.open(database.connection);
    odd.take();
    odd.send(message('!', 'what'));
    await until('closed', () => odd.ended);
    expect(odd.take()).toEqual([{ type: 'E', detail: '08P01' }]);

    const other = await RawClient.open(database.connection, 'elsewhere');
    expect(other.take()).toEqual([{ type: 'E', detail: '3D000' }]);
    expect((await db.query('SELECT 1 AS n')).rows).toEqual([{ n: 1 }]);
  });

  test('large values go both ways', async () => {
    const text = 'Phủ Sóng '.repeat(200_000);
    const { rows } = await db.query<{ t: string }>('SELECT $1::text AS t', [text]);
    expect(rows[0]?.t === text).toBe(true);
  });

  test('a dump begins a new database; VACUUM runs', async () => {
    await db.query("INSERT INTO item VALUES (10, 'kept')");
    await database.vacuum();
    const folder = temporaryFolder();
    const dump = join(folder.path, 'template.tar.gz');
    await database.dumpTo(dump);
    expect(readdirSync(folder.path)).toEqual(['template.tar.gz']);
    const copy = new EmbeddedDatabase({ dataDir: 'memory', loadFrom: dump, log: () => undefined });
    try {
      await copy.start();
      const other = pool(copy.connection);
      expect((await other.query('SELECT name FROM item')).rows).toEqual([{ name: 'kept' }]);
      await other.end();
    } finally {
      await copy.stop();
      folder.remove();
    }
  });
});
