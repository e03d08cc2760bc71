import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { Agent } from '../../agent/agent.js';
import type { SystemClockOptions } from '../../agent/clock.js';
import { Limiter } from '../../agent/limiter.js';
import { NullSink } from '../../agent/player/null-sink.js';
import { createLogger } from '../../src/common/logging/logger.js';
import type { LogRecord } from '../../src/contract/index.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import type { BroadcastView, DeliveryView } from '../../src/modules/broadcasts/index.js';
import { ClusterService } from '../../src/modules/speakers/index.js';
import { MqttTransport } from '../../src/mqtt/index.js';
import { startBroker } from '../../src/start-broker.js';
import { MortalClock } from '../agent/stand.js';
import { toneWav } from '../media/audio-files.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { NetGate } from '../support/net-gate.js';
import { until } from '../support/until.js';

const TONE_S = 20;
const VOLUME = 40;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'alone-'));
let test: TestApp;
let broker: Awaited<ReturnType<typeof startBroker>>;
let gate: NetGate;
let sha256: string;
let shortSha256: string;
const lives: { agent: Agent; clock: MortalClock }[] = [];

beforeAll(async () => {
  test = await createTestApp();
  const unit = { validFrom: '2000-01-01', validTo: null };
  await test.app.get(AreasWriter).importAreas([
    { ...unit, code: '93', kind: 'province', type: 'Tỉnh', name: 'Hậu Giang', parentCode: null },
    { ...unit, code: '31318', kind: 'commune', type: 'Phường', name: 'I', parentCode: '93' },
  ]);
  const [area] = await query<{ id: string }>(`select id from areas where code = '31318'`);
  const cluster = {
    name: 'Cụm',
    lon: 105.47,
    lat: 9.78,
    horns: [{ powerW: 30, azimuthDeg: 0 }],
    source: 'test',
  };
  await test.app.get(ClusterService).importClusters(
    ['loa-1', 'loa-2', 'loa-3'].map((id) => ({
      ...cluster,
      id,
      areaId: area!.id,
      volumePercent: VOLUME,
      quietHours: [],
    })),
  );
  sha256 = await upload(toneWav(TONE_S, 440));
  shortSha256 = await upload(toneWav(1, 440));
  broker = await startBroker(test.app, test.config, createLogger({ level: 'silent' }));
  test.app.get(MqttTransport).start(broker.account);
  gate = new NetGate(broker.account.url);
  await gate.start();
});
afterAll(async () => {
  for (const { agent, clock } of lives) {
    await agent.stop();
    clock.kill();
  }
  await gate?.stop();
  await test?.app.get(MqttTransport).stop();
  await broker?.stop();
  await test?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

function call(method: 'get' | 'post', route: string) {
  return request(test.url)[method](`/api/v1/${route}`).set('authorization', `Bearer ${test.adminToken}`);
}
const query = <T>(sql: string, parameters: unknown[] = []) =>
  test.database.dataSource.query<T[]>(sql, parameters);

async function upload(bytes: Buffer): Promise<string> {
  const stored = await call('post', 'media').field('title', 'Bản tin').attach('file', bytes, 'tone.wav');
  expect(stored.status).toBe(201);
  return (stored.body as { sha256: string }).sha256;
}

async function announce(clusterId: string, body: object = {}): Promise<string> {
  const answer = await call('post', 'broadcasts').send({
    title: 'Bản tin',
    sha256,
    target: { clusterIds: [clusterId] },
    ...body,
  });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return (answer.body as BroadcastView).id;
}
async function delivery(id: string): Promise<DeliveryView> {
  const { body } = await call('get', `broadcasts/${id}/deliveries`).expect(200);
  return (body as { items: DeliveryView[] }).items[0]!;
}
interface Detail {
  openAlarms: number;
  alarms: { code: string; detail: string; resolvedAt: string | null }[];
  twin: {
    desiredVersion: number;
    birth: { clock: object } | null;
    reported: { version: number; media: { ready: string[] }; clock: object } | null;
  };
}
const detail = async (id: string) => (await call('get', `clusters/${id}`).expect(200)).body as Detail;

async function credential(id: string): Promise<string> {
  const made = await call('post', `clusters/${id}/credential`).expect(201);
  return (made.body as { secret: string }).secret;
}

/** A controller on its disk, with a loudspeaker and a clock of its own. */
function boot(
  clusterId: string,
  secret: string,
  told: LogRecord[] = [],
  clockOptions: SystemClockOptions = {},
  holdAtMs?: number,
) {
  const clock = new MortalClock(clockOptions);
  if (holdAtMs !== undefined) clock.holdAt(holdAtMs);
  const sink = new NullSink(clock);
  const agent = new Agent({
    clusterId,
    secret,
    serverUrl: test.url,
    mqttUrl: gate.url,
    stateFolder: path.join(folder, clusterId),
    clock,
    sink,
    fetches: new Limiter(4),
    reads: new Limiter(4),
    log: () => undefined,
    fsync: false,
    backoff: { minMs: 20, maxMs: 50, jitter: 0.25 },
    observe: (record) => told.push(record),
  });
  lives.push({ agent, clock });
  agent.start();
  return { agent, clock, sink };
}

/** The cluster has the newest plan and what it takes to play it. */
const ready = (id: string) =>
  until(
    async () => {
      const { reported, desiredVersion } = (await detail(id)).twin;
      return reported?.version === desiredVersion && reported.media.ready.includes(sha256);
    },
    { what: `${id} has its plan and media` },
  );

/** Moments of the next two days at which nobody has quiet hours: 09:00, 13:00 and 17:00 in Việt Nam. */
function moments(): number[] {
  const nowMs = Date.now();
  const dayMs = nowMs - ((nowMs + 7 * HOUR_MS) % (24 * HOUR_MS));
  return [0, 1, 2]
    .flatMap((day) => [9, 13, 17].map((hour) => dayMs + (day * 24 + hour) * HOUR_MS))
    .filter((atMs) => atMs > nowMs + HOUR_MS && atMs < nowMs + 47 * HOUR_MS);
}

describe('a cluster without its server', () => {
  it('plays two days of its plan through a power cut, and delivers all its records afterwards, once each', async () => {
    const times = moments();
    const ids: string[] = [];
    for (const atMs of times) ids.push(await announce('loa-1', { startAt: new Date(atMs).toISOString() }));
    const secret = await credential('loa-1');
    const told: LogRecord[] = [];
    let { agent, clock } = boot('loa-1', secret, told);
    await ready('loa-1');
    clock.holdAt(times[0]! - HOUR_MS);
    gate.shut();
    await until(() => agent.session === undefined, { what: 'it is off the net' });
    const cutOff = Math.floor(times.length / 2);
    for (const [nr, atMs] of times.entries()) {
      clock.holdAt(atMs);
      await until(() => agent.playing, { what: `play ${nr} is heard` });
      if (nr === cutOff) {
        // The power goes, and comes back when its end would have been.
        clock.kill();
        lives.pop();
        ({ agent, clock } = boot('loa-1', secret, told, {}, atMs + TONE_S * 1000));
        expect(agent.playing).toBe(false);
        continue;
      }
      clock.holdAt(atMs + TONE_S * 1000);
      await until(() => !agent.playing, { what: `play ${nr} is over` });
    }
    expect(await query(`select 1 from play_log where cluster_id = 'loa-1'`)).toEqual([]);
    clock.holdAt(Date.now() + 48 * HOUR_MS);
    clock.goOn();
    gate.open();
    await until(
      async () => (await query(`select 1 from play_log where cluster_id = 'loa-1'`)).length === told.length,
      { what: 'every record is delivered' },
    );
    for (const [nr, id] of ids.entries()) {
      const { state, startedAt } = await delivery(id);
      expect([state, Date.parse(String(startedAt))]).toEqual([
        nr === cutOff ? 'INTERRUPTED' : 'FINISHED',
        times[nr],
      ]);
    }
    // Once more all of it, as after a word that was lost: nothing is told twice.
    gate.shut();
    await until(() => agent.session === undefined, { what: 'it is off the net again' });
    gate.open();
    await until(() => agent.session !== undefined, { what: 'it is back' });
    const [{ ackedSeq }] = (await query<{ ackedSeq: number }>(
      `select max(seq)::int as "ackedSeq" from play_log_watermarks where cluster_id = 'loa-1'`,
    )) as [{ ackedSeq: number }];
    expect(ackedSeq).toBe(told.length);
    const records = await query<{ seq: number; kind: string; playId: string }>(
      `select seq::int as seq, kind, play_id as "playId" from play_log where cluster_id = 'loa-1' order by seq`,
    );
    expect(records).toEqual(told.map(({ seq, kind, playId }) => ({ seq, kind, playId })));
    expect(told.filter(({ kind }) => kind === 'started').length).toBe(times.length);
  }, 300_000);
});

describe('a cluster whose clock is not to be trusted', () => {
  it.each<[string, SystemClockOptions]>([
    [
      'is not synchronised after a power cut, and ten minutes fast',
      { synced: false, skewMs: 10 * MINUTE_MS },
    ],
    ['is known to be ten minutes fast', { offsetMs: 10 * MINUTE_MS, skewMs: 10 * MINUTE_MS }],
  ])(
    'that %s: timed plays are refused and shown, an EMERGENCY plays',
    async (_, clockOptions) => {
      const secret = await credential('loa-2');
      // By the wrong clock its time has come.
      const startAt = new Date(Date.now() + 8 * MINUTE_MS).toISOString();
      const timed = await announce('loa-2', { startAt, class: 'PRIORITY', sha256: shortSha256 });
      const { agent, clock } = boot('loa-2', secret, [], clockOptions);
      await until(async () => (await delivery(timed)).state === 'REJECTED', {
        what: 'the timed play is refused',
      });
      const synced = clockOptions.synced ?? true;
      expect(await delivery(timed)).toMatchObject({
        code: 'CLOCK_UNSYNCED',
        startedAt: null,
        clockSynced: synced,
      });
      await until(async () => (await detail('loa-2')).openAlarms === 1, { what: 'the alarm' });
      const shown = await detail('loa-2');
      expect(shown.alarms[0]).toMatchObject({
        code: 'clock',
        resolvedAt: null,
        detail: synced ? 'The clock is 600 s off' : 'The clock is not synchronised',
      });
      expect(shown.twin.birth?.clock).toMatchObject({ synced });

      const atOnce = await announce('loa-2');
      await until(async () => (await delivery(atOnce)).state === 'REJECTED', {
        what: 'the order is refused',
      });
      expect(await delivery(atOnce)).toMatchObject({ code: 'CLOCK_UNSYNCED' });
      const urgent = await announce('loa-2', { class: 'EMERGENCY', reason: 'Vỡ đê', sha256: shortSha256 });
      await until(async () => (await delivery(urgent)).state === 'FINISHED', {
        what: 'it is heard to the end',
      });
      lives.pop();
      await agent.stop();
      clock.kill();
      fs.rmSync(path.join(folder, 'loa-2'), { recursive: true });
    },
    180_000,
  );
});

describe('the volume', () => {
  it('is that of the play until its tail is over, and then what it was', async () => {
    const { clock, sink, agent } = boot('loa-3', await credential('loa-3'));
    await until(() => sink.volumePercent === VOLUME, { what: 'the configured volume' });
    const beganMs = Date.now();
    clock.holdAt(beganMs);
    const id = await announce('loa-3', { class: 'PRIORITY', volumePercent: 60 });
    await until(() => agent.playing, { what: 'it is heard' });
    expect(sink.volumePercent).toBe(60);
    clock.holdAt(beganMs + TONE_S * 1000);
    await until(async () => (await delivery(id)).state === 'FINISHED', { what: 'it is told to be over' });
    expect(sink.volumePercent).toBe(60);
    clock.holdAt(beganMs + TONE_S * 1000 + 1_000);
    await until(() => sink.volumePercent === VOLUME, { what: 'the volume is restored' });
    expect(await delivery(id)).toMatchObject({ volumePercent: 60 });
    clock.goOn();
  }, 120_000);
});
