import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Aedes } from 'aedes';
import type { CommandMessage } from '../../src/contract/index.js';
import { makeChime } from '../../src/modules/media/index.js';
import { ADMIN_PASSWORD, signIn } from '../support/app.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import { until } from '../support/until.js';

const PROGRAM = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const PROGRAMMES = 12;
const CLUSTERS = ['loa-1', 'loa-2', 'loa-3'];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'workers-'));

/** A whole server of several, on a database and a broker that all of them share. */
interface Worker {
  url: string;
  token: string;
  child: ChildProcess;
}

let database: TestDatabase;
let closeBroker: () => Promise<void>;
let mqttUrl: string;
/** What the broker was given for the clusters, by topic. */
const said: { topic: string; command: CommandMessage }[] = [];
let workers: Worker[];

beforeAll(async () => {
  database = await createTestDatabase();
  const broker = await Aedes.createBroker();
  broker.on('publish', ({ topic, payload }) => {
    if (topic.endsWith('/command'))
      said.push({ topic, command: JSON.parse(String(payload)) as CommandMessage });
  });
  const tcp = createServer((socket) => broker.handle(socket));
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  mqttUrl = `mqtt://127.0.0.1:${(tcp.address() as AddressInfo).port}`;
  closeBroker = async () => {
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    await new Promise<void>((resolve) => tcp.close(() => resolve()));
  };
  workers = [await launch(), await launch()];
}, 180_000);
afterAll(async () => {
  for (const worker of workers ?? []) await end(worker, 'SIGTERM');
  await closeBroker?.();
  await database?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function launch(): Promise<Worker> {
  const port = await freePort();
  const { connection } = database;
  const databaseUrl =
    'url' in connection
      ? connection.url
      : `postgresql://${connection.user}:${connection.password}@localhost/${connection.database}?host=${encodeURIComponent(connection.host)}&port=${connection.port}`;
  const log = fs.openSync(path.join(folder, `${port}.log`), 'a');
  const child = spawn(process.execPath, ['--enable-source-maps', PROGRAM], {
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      TMPDIR: process.env.TMPDIR,
      HOST: '127.0.0.1',
      PORT: String(port),
      DATA_DIR: path.join(folder, String(port)),
      MEDIA_DIR: path.join(folder, 'media'),
      LOG_FILE: path.join(folder, `${port}.json`),
      DATABASE_URL: databaseUrl,
      MQTT_URL: mqttUrl,
      // The broker of this test speaks MQTT 3.1.1: every worker hears every answer.
      MQTT_SHARED: 'off',
      ADMIN_PASSWORD,
      DEMO: 'off',
    },
    stdio: ['ignore', log, log],
  });
  fs.closeSync(log);
  const url = `http://127.0.0.1:${port}`;
  await until(
    async () => {
      if (child.exitCode !== null)
        throw new Error(`the worker ended: ${fs.readFileSync(path.join(folder, `${port}.log`), 'utf8')}`);
      return (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok ?? false;
    },
    { what: 'the worker is ready' },
  );
  return { url, child, token: await signIn(url, 'admin', ADMIN_PASSWORD) };
}

async function end({ child }: Worker, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill(signal);
  await ended;
}

async function api<T>({ url, token }: Worker, method: string, route: string, body?: object): Promise<T> {
  const form = body instanceof FormData;
  const answer = await fetch(`${url}/api/v1/${route}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined || form ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: form ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${route} answered ${answer.status}: ${text}`);
  return JSON.parse(text) as T;
}
const query = <T>(sql: string, parameters: unknown[] = []) => database.dataSource.query<T[]>(sql, parameters);

describe('two workers, one of which is killed', () => {
  let sha256: string;
  let areaId: string;

  beforeAll(async () => {
    const [worker] = workers as [Worker];
    const unit = { validFrom: '2020-01-01', validTo: null };
    await api(worker, 'POST', 'areas', {
      ...unit,
      code: '93',
      kind: 'province',
      type: 'Tỉnh',
      name: 'Thử',
      parentCode: null,
    });
    const commune = { ...unit, code: '31318', kind: 'commune', type: 'Xã', name: 'Thử', parentCode: '93' };
    ({ id: areaId } = await api<{ id: string }>(worker, 'POST', 'areas', commune));
    for (const id of CLUSTERS)
      await api(worker, 'POST', 'clusters', {
        id,
        name: id,
        lon: 105.45,
        lat: 9.75,
        areaId,
        horns: [{ powerW: 30, azimuthDeg: 0 }],
        quietHours: [],
      });
    const form = new FormData();
    form.set('title', 'chuông');
    form.set('file', new Blob([new Uint8Array(makeChime())]), 'chime.wav');
    ({ sha256 } = await api<{ sha256: string }>(worker, 'POST', 'media', form));
  }, 120_000);

  it('make every occurrence into one broadcast, none twice and none left out', async () => {
    const [survivor, victim] = workers as [Worker, Worker];
    const signedIn = async (username: string, roles: string[]): Promise<Worker> => {
      const password = 'mưa dầm tháng bảy';
      const account = { username, displayName: username, password, roles, jurisdictionAreaId: areaId };
      await api(survivor, 'POST', 'users', account);
      return { ...survivor, token: await signIn(survivor.url, username, password) };
    };
    const author = await signedIn('author', ['broadcaster']);
    const approver = await signedIn('approver', ['approver']);
    for (let nr = 0; nr < PROGRAMMES; nr += 1) {
      const hour = String(6 + nr).padStart(2, '0');
      const { id } = await api<{ id: string }>(author, 'POST', 'programmes', {
        title: `Bản tin ${nr}`,
        items: [{ kind: 'audio', sha256 }],
        target: { areas: ['31318'] },
        schedule: {
          startsAt: `${tomorrow()}T${hour}:00:00`,
          rrule: 'FREQ=DAILY;COUNT=2',
          exdates: [],
          overrides: [],
        },
      });
      const submitted = await api<{ programme: { contentHash: string } }>(
        author,
        'POST',
        `programmes/${id}/submit`,
        { version: 1 },
      );
      await api(approver, 'POST', `programmes/${id}/approve`, {
        contentHash: submitted.programme.contentHash,
      });
    }
    const occurrences = () =>
      query<{ programmeId: string; recurrenceId: string; state: string; broadcastId: string | null }>(
        `select programme_id as "programmeId", recurrence_id as "recurrenceId", state, broadcast_id as "broadcastId"
           from programme_occurrences order by 1, 2`,
      );
    const before = await occurrences();
    expect(before.length).toBe(PROGRAMMES * 2);
    expect(new Set(before.map(({ state }) => state))).toEqual(new Set(['PLANNED']));

    // As if all of it had just come within the horizon: whichever worker has its turn begins anew, and one is killed at it.
    await query(`truncate programme_occurrences, deliveries, occurrences, broadcasts cascade`);
    await query(`update jobs set run_at = now() where kind = 'programmes.plan' and state = 'queued'`);
    await until(async () => (await occurrences()).length > 0, { what: 'somebody has begun' });
    await end(victim, 'SIGKILL');
    await until(async () => (await occurrences()).length === before.length, {
      what: 'all are made',
      withinMs: 180_000,
    });
    const after = await occurrences();
    const names = (rows: typeof after) =>
      rows.map(({ programmeId, recurrenceId, state }) => [programmeId, recurrenceId, state]);
    expect(names(after)).toEqual(names(before));
    const broadcasts = await query<{ id: string }>(`select id from broadcasts`);
    expect(new Set(broadcasts.map(({ id }) => id))).toEqual(
      new Set(after.map(({ broadcastId }) => broadcastId)),
    );
    expect(broadcasts.length).toBe(before.length);
    expect(await query(`select 1 from deliveries`)).toHaveLength(before.length * CLUSTERS.length);
    workers = [survivor, await launch()];
  }, 240_000);

  it('climb the ladder of an emergency to whom is silent', async () => {
    const [victim, survivor] = workers as [Worker, Worker];
    const { emergency, confirmationCode } = await api<{
      emergency: { id: string };
      confirmationCode: string;
    }>(victim, 'POST', 'emergencies', {
      title: 'Vỡ đê',
      target: { areas: ['31318'] },
      sha256,
      repeat: 1,
      validS: 3600,
      reason: 'Vỡ đê',
    });
    const { broadcastId } = await api<{ broadcastId: string }>(
      victim,
      'POST',
      `emergencies/${emergency.id}/confirm`,
      { confirmationCode },
    );
    await end(victim, 'SIGKILL');
    const of = (topic: string) =>
      said.filter(
        (one) =>
          one.topic === topic && one.command.type === 'play' && one.command.play.broadcastId === broadcastId,
      );
    await until(() => of('phusong/v1/a/31318/command').length > 0, { what: 'the area is told' });
    await until(() => CLUSTERS.every((id) => of(`phusong/v1/c/${id}/command`).length >= 2), {
      what: 'each silent cluster is addressed on two rungs',
      withinMs: 180_000,
    });
    // One order, however often it is said.
    const ids = new Set(
      said
        .filter(({ topic }) => topic.includes('/c/'))
        .flatMap(({ command }) =>
          command.type === 'play' && command.play.broadcastId === broadcastId ? [command.id] : [],
        ),
    );
    expect(ids.size).toBe(1);
    expect((await api<{ state: string }>(survivor, 'GET', `emergencies/${emergency.id}`)).state).toBe(
      'RUNNING',
    );
  }, 240_000);
});

/** By the calendar of Việt Nam. */
function tomorrow(): string {
  return new Date(Date.now() + (24 + 7) * 3600_000).toISOString().slice(0, 10);
}
