import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectAsync } from 'mqtt';
import { UnitOfWork } from '../src/common/database/unit-of-work.js';
import type { Progress } from '../src/console/progress.js';
import { textTable } from '../src/console/table.js';
import { buildTopic, TOPIC_ROOT } from '../src/contract/index.js';
import { DeviceCredentials } from '../src/modules/identity/index.js';
import { makeChime } from '../src/modules/media/index.js';
import { ClusterService } from '../src/modules/speakers/index.js';
import { MqttTransport, type BrokerAccount } from '../src/mqtt/index.js';
import { BROKERS, openBroker, type BrokerKind } from './emergency/brokers.js';
import type { FromDevices, ToDevices } from './emergency/devices.js';
import { leaves } from './leftovers.js';
import { openWorld, type World } from './world.js';

const DEVICES = fileURLToPath(new URL('./emergency/devices.js', import.meta.url));
/** Of the province today, and as many as it has loudspeakers; or as `BENCH_CLUSTERS` says. */
const SIZES = (process.env.BENCH_CLUSTERS ?? '120,3500').split(',').map(Number);
const PROVINCE = '93';
const ROUNDS = 7;
const WITHIN_MS = 60_000;
const TARGET_RATIO = 2;

interface Round {
  /** From the order to the first and the last answer that the broker has. */
  firstMs: number;
  lastMs: number;
}
interface Result {
  broker: BrokerKind;
  clusters: number;
  emergency: Round;
  /** When the server's own counts say that all have accepted. */
  countedMs: number;
  /** The same message to the same devices by the broker alone, with one listener to all answers. */
  bare: Round;
  ratio: number;
}

/**
 * From the confirmation of an emergency over HTTP to the last ACCEPTED, against what the broker takes for the same message and the same
 * answers. Server and broker are as in production but for their processes: the embedded broker shares the server's, Mosquitto has its own.
 */
export async function emergency(progress: Progress): Promise<object> {
  const results: Result[] = [];
  let database = '';
  for (const clusters of SIZES) {
    const world = await openWorld();
    try {
      database = world.database;
      const secrets = await register(world, clusters);
      progress.done(`${clusters} clusters on ${database}`);
      const airing = await openAiring(world);
      for (const kind of BROKERS) {
        results.push(await measureOn(world, kind, secrets, airing));
        progress.done(`${clusters} clusters, ${kind}`);
      }
    } finally {
      await world.stop();
    }
  }
  progress.say(tableOf(results));
  if (!BROKERS.includes('mosquitto'))
    progress.say('Mosquitto is measured where BENCH_MOSQUITTO names its program.');
  return { database, target: TARGET_RATIO, results };
}

async function measureOn(
  world: World,
  broker: BrokerKind,
  secrets: ReadonlyMap<string, string>,
  airing: Airing,
): Promise<Result> {
  const { account, stop } = await openBroker(broker, world);
  const devices = await Devices.open(account, secrets);
  try {
    const transport = world.app.get(MqttTransport);
    transport.start(account);
    await until(() => transport.connected, 'the server is connected');
    const rounds: (Round & { countedMs: number })[] = [];
    for (let nr = 0; nr < ROUNDS; nr++) {
      const confirm = await airing.prepare();
      const round = await devices.round(() => confirm());
      rounds.push({ ...round, countedMs: await airing.counted(secrets.size, round.startedAtMs) });
      await airing.end();
    }
    const payload = await airing.lastMessage();
    await transport.stop();
    const bare = await bareRounds(account, devices, payload);
    const emergencyRound = medianOf(rounds);
    const bareRound = medianOf(bare);
    return {
      broker,
      clusters: secrets.size,
      emergency: emergencyRound,
      countedMs: median(rounds.map(({ countedMs }) => countedMs)),
      bare: bareRound,
      ratio: emergencyRound.lastMs / bareRound.lastMs,
    };
  } finally {
    await devices.close();
    await stop();
  }
}

/** Clusters all over the communes, each with its credential. */
async function register({ app, dataSource }: World, count: number): Promise<Map<string, string>> {
  const places = await dataSource.query<{ lon: number; lat: number; areaId: string }[]>(
    `with communes as (select id, boundary::geometry as g, count(*) over () as n from areas
                        where kind = 'commune' and boundary is not null and valid_to is null)
     select st_x(p) as lon, st_y(p) as lat, id as "areaId"
       from (select id, (st_dump(st_generatepoints(st_buffer(g, -0.001), ($1 / n + 1)::int, 7))).geom as p from communes) as points
      limit $1`,
    [count],
  );
  const rows = places.map((place, nr) => ({
    ...place,
    id: `bench-${String(nr).padStart(4, '0')}`,
    name: `Cụm ${nr}`,
    horns: [{ powerW: 30, azimuthDeg: 0 }],
    quietHours: [],
    source: 'bench',
  }));
  await app.get(ClusterService).importClusters(rows);
  const ids = rows.map(({ id }) => id);
  return app.get(UnitOfWork).run((tx) => app.get(DeviceCredentials).issueMany(tx, ids));
}

interface Airing {
  /** Prepares an emergency for all; what is given airs it. */
  prepare(): Promise<() => Promise<void>>;
  /** Milliseconds until the server says that so many have accepted the latest. */
  counted(clusters: number, sinceMs: number): Promise<number>;
  /** Ends the latest for everyone, and waits until all of it is said. */
  end(): Promise<void>;
  /** What the province was told last. */
  lastMessage(): Promise<string>;
}

/** Over real HTTP, as a person at the console. */
async function openAiring(world: World): Promise<Airing> {
  const { app, dataSource } = world;
  await app.listen(0, '127.0.0.1');
  const root = `${await app.getUrl()}/api/v1`;
  const headers: Record<string, string> = { 'content-type': 'application/json' };
  const ask = async <T>(method: 'GET' | 'POST', route: string, body?: object): Promise<T> => {
    const answer = await fetch(`${root}/${route}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${route} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  const { accessToken } = await ask<{ accessToken: string }>('POST', 'auth/login', {
    username: 'admin',
    password: world.password,
  });
  headers.authorization = `Bearer ${accessToken}`;
  const form = new FormData();
  form.set('title', 'Nhạc hiệu');
  form.set('file', new Blob([new Uint8Array(makeChime())]), 'chime.wav');
  const sent = await fetch(`${root}/media`, {
    method: 'POST',
    headers: { authorization: headers.authorization },
    body: form,
  });
  if (!sent.ok) throw new Error(`media answered ${sent.status}: ${await sent.text()}`);
  const { sha256 } = (await sent.json()) as { sha256: string };
  let latest = { id: '', broadcastId: '' };
  return {
    prepare: async () => {
      const { emergency, confirmationCode } = await ask<{
        emergency: { id: string };
        confirmationCode: string;
      }>('POST', 'emergencies', {
        hazard: 'storm',
        level: 4,
        sha256,
        target: { all: true },
        repeat: 1,
        reason: 'bench',
      });
      return async () => {
        latest = await ask('POST', `emergencies/${emergency.id}/confirm`, { confirmationCode });
      };
    },
    counted: async (clusters, sinceMs) => {
      const accepted = async (): Promise<number> => {
        const { counts } = await ask<{ counts: Record<string, number> }>(
          'GET',
          `broadcasts/${latest.broadcastId}`,
        );
        return counts.accepted ?? 0;
      };
      await until(async () => (await accepted()) === clusters, 'the server counts all');
      return nowMs() - sinceMs;
    },
    end: async () => {
      await ask('POST', `emergencies/${latest.id}/stop`, {});
      const waiting = async (): Promise<boolean> =>
        (await dataSource.query<object[]>(`select 1 from outbox where done_at is null limit 1`)).length > 0;
      await until(async () => !(await waiting()), 'all is said');
    },
    lastMessage: async () => {
      const [row] = await dataSource.query<{ payload: object }[]>(
        `select payload from outbox where topic = $1 and payload ->> 'type' = 'play' order by id desc limit 1`,
        [buildTopic({ kind: 'areaCommand', areaCode: PROVINCE })],
      );
      if (!row) throw new Error('the province was told nothing');
      return JSON.stringify(row.payload);
    },
  };
}

/** The broker by itself: one publisher, one listener to all answers, no rule of ours but who may say what. */
async function bareRounds(account: BrokerAccount, devices: Devices, payload: string): Promise<Round[]> {
  const { url, username, password, protocol } = account;
  const client = await connectAsync(url, {
    clientId: 'bench-bare',
    username,
    ...(password === undefined ? {} : { password }),
    protocolVersion: protocol,
    reconnectPeriod: 0,
  });
  try {
    await client.subscribeAsync(`${TOPIC_ROOT}/c/+/ack`, { qos: 1 });
    const rounds: Round[] = [];
    const topic = buildTopic({ kind: 'areaCommand', areaCode: PROVINCE });
    for (let nr = 0; nr < ROUNDS; nr++)
      rounds.push(
        await devices.round(async () => void (await client.publishAsync(topic, payload, { qos: 1 }))),
      );
    return rounds;
  } finally {
    await client.endAsync();
  }
}

/** The devices' process. */
class Devices {
  readonly close: () => Promise<void>;

  private constructor(private readonly child: ChildProcess) {
    this.close = leaves(() => void child.kill('SIGKILL'));
  }

  static async open(account: BrokerAccount, secrets: ReadonlyMap<string, string>): Promise<Devices> {
    const devices = new Devices(fork(DEVICES, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
    const list = [...secrets].map(([id, secret]) => ({ id, secret }));
    const { url, protocol } = account;
    await devices.ask('connected', { type: 'connect', url, protocol, areaCode: PROVINCE, devices: list });
    return devices;
  }

  /** What `order` sets going, until all have answered. */
  async round(order: () => Promise<void>): Promise<Round & { startedAtMs: number }> {
    await this.ask('ready', { type: 'begin' });
    const answered = this.next('answered');
    const startedAtMs = nowMs();
    const [{ firstAtMs, lastAtMs }] = await Promise.all([answered, order()]);
    return { startedAtMs, firstMs: firstAtMs - startedAtMs, lastMs: lastAtMs - startedAtMs };
  }

  private ask<T extends FromDevices['type']>(
    type: T,
    message: ToDevices,
  ): Promise<Extract<FromDevices, { type: T }>> {
    const answer = this.next(type);
    this.child.send(message);
    return answer;
  }

  private next<T extends FromDevices['type']>(type: T): Promise<Extract<FromDevices, { type: T }>> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => end(() => reject(new Error(`the devices do not say "${type}"`))),
        WITHIN_MS,
      );
      const heard = (message: FromDevices): void => {
        if (message.type === type) end(() => resolve(message as Extract<FromDevices, { type: T }>));
      };
      const gone = (): void => end(() => reject(new Error('the devices’ process has ended')));
      const end = (settle: () => void): void => {
        clearTimeout(timer);
        this.child.off('message', heard).off('exit', gone);
        settle();
      };
      this.child.on('message', heard).on('exit', gone);
    });
  }
}

const nowMs = (): number => performance.timeOrigin + performance.now();

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const deadline = Date.now() + WITHIN_MS;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`not within ${WITHIN_MS / 1000} s: ${what}`);
    await pause(20);
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}

function medianOf(rounds: readonly Round[]): Round {
  return { firstMs: median(rounds.map((r) => r.firstMs)), lastMs: median(rounds.map((r) => r.lastMs)) };
}

function tableOf(results: readonly Result[]): string {
  const ms = (value: number): string => value.toFixed(0);
  return textTable(
    [
      'clusters',
      'broker',
      'first ms',
      'last ms',
      'counted ms',
      'bare first',
      'bare last',
      'ratio',
      `≤ ${TARGET_RATIO}`,
    ],
    results.map(({ clusters, broker, emergency: own, countedMs, bare, ratio }) => [
      String(clusters),
      broker,
      ms(own.firstMs),
      ms(own.lastMs),
      ms(countedMs),
      ms(bare.firstMs),
      ms(bare.lastMs),
      ratio.toFixed(2),
      ratio <= TARGET_RATIO ? 'met' : 'MISSED',
    ]),
  );
}
