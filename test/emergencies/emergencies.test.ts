import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { Agent } from '../../agent/agent.js';
import { SystemClock } from '../../agent/clock.js';
import { Limiter } from '../../agent/limiter.js';
import { NullSink } from '../../agent/player/null-sink.js';
import { createLogger } from '../../src/common/logging/logger.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { EmergencyLadder } from '../../src/modules/emergencies/ladder.service.js';
import { LiveEmergencies } from '../../src/modules/emergencies/live-counts.js';
import { makeChime } from '../../src/modules/media/index.js';
import { ClusterService } from '../../src/modules/speakers/index.js';
import { MqttTransport } from '../../src/mqtt/index.js';
import { startBroker } from '../../src/start-broker.js';
import { createTestApp, signIn, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';

// Three of them are there, `loa-4` never comes.
const PRESENT = ['loa-1', 'loa-2', 'loa-3'];
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'emergencies-'));
const agents: Agent[] = [];
let test: TestApp;
let broker: Awaited<ReturnType<typeof startBroker>>;
let sha256: string;
const plays = new Map<string, string[]>();

beforeAll(async () => {
  test = await createTestApp();
  const unit = { validFrom: '2000-01-01', validTo: null };
  await test.app.get(AreasWriter).importAreas([
    { ...unit, code: '93', kind: 'province', type: 'Tỉnh', name: 'Hậu Giang', parentCode: null },
    { ...unit, code: '930', kind: 'district', type: 'Thành phố', name: 'Vị Thanh', parentCode: '93' },
    {
      ...unit,
      code: '31318',
      kind: 'commune',
      type: 'Phường',
      name: 'I',
      parentCode: '930',
      population: 7000,
    },
    { ...unit, code: '31321', kind: 'commune', type: 'Phường', name: 'III', parentCode: '930' },
  ]);
  const areas =
    await test.database.dataSource.query<{ id: string; code: string }[]>(`select id, code from areas`);
  const areaId = (code: string) => areas.find((area) => area.code === code)!.id;
  const horns = [{ powerW: 30, azimuthDeg: 0 }];
  // Quiet all day: only an emergency passes.
  const cluster = {
    name: 'Cụm',
    lat: 9.78,
    horns,
    source: 'test',
    quietHours: [{ from: '00:00', to: '00:00' }],
  };
  await test.app.get(ClusterService).importClusters([
    { ...cluster, id: 'loa-1', lon: 105.47, areaId: areaId('31318') },
    { ...cluster, id: 'loa-2', lon: 105.48, areaId: areaId('31318') },
    { ...cluster, id: 'loa-3', lon: 105.6, areaId: areaId('31321'), quietHours: [] },
    { ...cluster, id: 'loa-4', lon: 105.49, areaId: areaId('31318') },
  ]);
  sha256 = await upload(makeChime(), 'Nhạc hiệu');
  const logger = createLogger({ level: 'silent' });
  broker = await startBroker(test.app, test.config, logger);
  test.app.get(MqttTransport).start(broker.account);
  const clock = new SystemClock();
  for (const id of PRESENT) {
    const made = await call('post', `clusters/${id}/credential`).expect(201);
    const agent = new Agent({
      clusterId: id,
      secret: (made.body as { secret: string }).secret,
      serverUrl: test.url,
      mqttUrl: broker.account.url,
      stateFolder: path.join(folder, id),
      clock,
      sink: new NullSink(clock),
      fetches: new Limiter(4),
      reads: new Limiter(4),
      log: () => undefined,
      fsync: false,
      observe: ({ kind, playId }) =>
        plays.set(`${id} ${kind}`, [...(plays.get(`${id} ${kind}`) ?? []), playId]),
    });
    agents.push(agent);
    agent.start();
  }
  await until(async () => (await believing()).length === PRESENT.length, { what: 'the agents know the key' });
});
afterAll(async () => {
  for (const agent of agents) await agent.stop();
  await test?.app.get(MqttTransport).stop();
  await broker?.stop();
  await test?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

function call(method: 'get' | 'post' | 'put', route: string, token = test.adminToken) {
  return request(test.url)[method](`/api/v1/${route}`).set('authorization', `Bearer ${token}`);
}
async function upload(bytes: Buffer, title: string): Promise<string> {
  const answer = await call('post', 'media').field('title', title).attach('file', bytes, 'c.wav').expect(201);
  return (answer.body as { sha256: string }).sha256;
}
const query = <T>(sql: string, parameters: unknown[] = []) =>
  test.database.dataSource.query<T[]>(sql, parameters);
const believing = () =>
  query(
    `select 1 from cluster_twins where jsonb_array_length(reported -> 'keys') = 1 and reported_version = desired_version`,
  );

interface Prepared {
  emergency: { id: string; title: string; summary: object; state: string };
  confirmationCode: string;
}
async function prepare(body: object, route = 'emergencies'): Promise<Prepared> {
  const answer = await call('post', route).send({ sha256, repeat: 1, reason: 'Bão số 4', ...body });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body as Prepared;
}
const confirm = ({ emergency, confirmationCode }: Prepared, token?: string) =>
  call('post', `emergencies/${emergency.id}/confirm`, token).send({ confirmationCode });
const counts = async (id: string) =>
  (await call('get', `broadcasts/${id}`)).body as {
    state: string;
    class: string;
    counts: Record<string, number>;
  };
const acceptedOf = async (broadcastId: string) => (await counts(broadcastId)).counts['accepted'];

describe('an emergency', () => {
  it('is shown first, then aired once by one message to the area, heard in quiet hours, and told live', async () => {
    const prepared = await prepare({
      hazard: 'storm',
      level: 4,
      target: { areas: ['31318'] },
      repeat: 2,
      gapS: 0,
    });
    expect(prepared.emergency).toMatchObject({
      title: 'Cảnh báo: Bão cấp độ 4',
      colour: '#e53935',
      state: 'PREPARED',
      summary: { clusters: 3, online: 2, unheard: 1, people: 7000, units: [{ code: '31318', clusters: 3 }] },
    });
    expect(await query(`select 1 from broadcasts`)).toEqual([]);

    const [first, second] = await Promise.all([confirm(prepared), confirm(prepared)]);
    expect([first.status, second.status]).toEqual([200, 200]);
    expect(first.body).toEqual(second.body);
    const { broadcastId } = first.body as { broadcastId: string };
    expect(await query(`select 1 from broadcasts`)).toHaveLength(1);
    const said = await query<{ topic: string; urgent: boolean }>(
      `select topic, urgent from outbox where payload ->> 'type' = 'play' order by id`,
    );
    expect(said[0]).toEqual({ topic: 'phusong/v1/a/31318/command', urgent: true });
    expect(said.filter(({ topic }) => topic.includes('/a/'))).toHaveLength(1);

    await until(async () => (await counts(broadcastId)).counts['finished'] === 2, {
      what: 'both have heard it',
    });
    for (const id of ['loa-1', 'loa-2']) expect(plays.get(`${id} started`)).toHaveLength(1);
    expect(plays.get('loa-3 started')).toBeUndefined();
    expect((await confirm(prepared)).body).toMatchObject({ broadcastId });

    const live = test.app.get(LiveEmergencies);
    const events: { type?: string; data: unknown }[] = [];
    const others = live.watch(prepared.emergency.id).subscribe(() => undefined);
    const listening = live
      .watch(prepared.emergency.id)
      .subscribe((event) => void events.push(event as (typeof events)[number]));
    await until(() => events.length > 0, { what: 'a snapshot' });
    expect(events[0]).toMatchObject({
      type: 'snapshot',
      data: {
        total: 3,
        reached: 2,
        finished: 2,
        settled: false,
        silent: [{ clusterId: 'loa-4', reason: 'NEVER_HEARD' }],
      },
    });
    expect(live.watched).toBe(1);
    listening.unsubscribe();
    expect(live.watched).toBe(1);
    others.unsubscribe();
    expect(live.watched).toBe(0);
  });

  it('is told as server-sent events until it is over, and forgets who leaves', async () => {
    const prepared = await prepare({ hazard: 'flood', level: 3, target: { clusterIds: ['loa-3'] } });
    expect((await call('get', `emergencies/${prepared.emergency.id}/live`)).status).toBe(409);
    await confirm(prepared).expect(200);
    const leaver = new AbortController();
    const open = (signal?: AbortSignal) =>
      fetch(`${test.url}/api/v1/emergencies/${prepared.emergency.id}/live`, {
        headers: { authorization: `Bearer ${test.adminToken}` },
        signal: signal ?? null,
      });
    const left = await open(leaver.signal);
    expect(left.headers.get('content-type')).toContain('text/event-stream');
    const text = (await open()).text();
    leaver.abort();
    // Ends by itself, when the job has found that nothing more is expected.
    const told = await text;
    expect(told.match(/^event: .*$/gm)?.[0]).toBe('event: snapshot');
    expect(told.match(/^event: .*$/gm)?.at(-1)).toBe('event: end');
    expect(told.slice(told.indexOf('event: end'))).toContain('"finished":1');
    await until(() => test.app.get(LiveEmergencies).watched === 0, { what: 'nobody looks' });
  });

  it('climbs the ladder to whom is silent, by the clock, and the same order again changes nothing', async () => {
    const prepared = await prepare({ title: 'Vỡ đê', target: { areas: ['31318'] }, validS: 3600 });
    const aired = (await confirm(prepared)).body as { broadcastId: string; confirmedAt: string };
    await until(async () => (await acceptedOf(aired.broadcastId)) === 2, { what: 'two have answered' });
    const repeats = async () =>
      (
        await query<{ topic: string }>(
          `select o.topic from outbox o where o.topic like '%/c/%' and o.urgent
              and o.payload -> 'play' ->> 'broadcastId' = $1 order by o.id`,
          [aired.broadcastId],
        )
      ).map(({ topic }) => topic.split('/')[3]);
    const ladder = test.app.get(EmergencyLadder);
    const at = (afterMs: number) => new Date(Date.parse(aired.confirmedAt) + afterMs);
    await ladder.climb(at(3_000));
    await ladder.climb(at(3_000));
    await ladder.climb(at(10_000));
    await ladder.climb(at(30_000));
    // The job of the application climbs by the real clock as well; whoever comes second finds nothing due.
    const [row] = await query<{ rung: number }>(`select rung from emergencies where id = $1`, [
      prepared.emergency.id,
    ]);
    expect(row!.rung).toBeGreaterThanOrEqual(3);
    await call('post', `emergencies/${prepared.emergency.id}/stop`).expect(200);
    const said = await repeats();
    expect(said.length).toBeGreaterThan(0);
    expect(new Set(said)).toEqual(new Set(['loa-4']));
    await ladder.climb(at(1_000_000));
    expect(await repeats()).toEqual(said);
  });

  it('ends by an all-clear, which stops what is still heard', async () => {
    const prepared = await prepare({
      hazard: 'storm',
      level: 5,
      target: { all: true },
      repeat: 100,
      gapS: 600,
    });
    const { id } = prepared.emergency;
    expect((await call('post', `emergencies/${id}/all-clear`).send({ reason: 'x', sha256 })).status).toBe(
      409,
    );
    const aired = (await confirm(prepared)).body as { broadcastId: string };
    await until(async () => (await counts(aired.broadcastId)).counts['started'] === 3, { what: 'all play' });
    const clear = await prepare({ reason: 'Bão đã tan' }, `emergencies/${id}/all-clear`);
    expect(clear.emergency).toMatchObject({
      kind: 'ALL_CLEAR',
      aboutId: id,
      title: 'Hết cảnh báo: Bão cấp độ 5',
    });
    const after = (await confirm(clear)).body as { broadcastId: string };
    expect((await call('get', `emergencies/${id}`)).body).toMatchObject({ state: 'STOPPED' });
    await until(async () => (await counts(after.broadcastId)).counts['finished'] === 3, {
      what: 'all is clear',
    });
    const list = (await call('get', 'emergencies?limit=2')).body as { items: { id: string }[] };
    expect(list.items.map((item) => item.id)).toEqual([clear.emergency.id, id]);
  });
});

describe('a drill', () => {
  it('says so, is no EMERGENCY, keeps quiet hours and does not play the real warning', async () => {
    const body = { hazard: 'storm', level: 4, drill: true };
    const quiet = await prepare({ ...body, target: { areas: ['31318'] } });
    expect(quiet.emergency.title).toBe('[DIỄN TẬP] Cảnh báo: Bão cấp độ 4');
    expect((await confirm(quiet)).body).toMatchObject({ status: 409, code: 'QUIET_HOURS' });
    const drill = await prepare({ ...body, target: { areas: ['31321'] } });
    const aired = (await confirm(drill)).body as { broadcastId: string };
    expect(await counts(aired.broadcastId)).toMatchObject({ class: 'PRIORITY' });
    await until(async () => (await counts(aired.broadcastId)).counts['finished'] === 1, {
      what: 'it was heard',
    });

    await call('put', 'emergencies/templates/storm/4/ALERT').send({ sha256 }).expect(200);
    const refused = await call('post', 'emergencies').send({
      ...body,
      sha256,
      target: { all: true },
      reason: 'thử',
    });
    expect([refused.status, refused.body.errors[0].code]).toEqual([400, 'ALERT_IN_DRILL']);
    expect((await call('put', 'emergencies/templates/storm/4/DRILL').send({ sha256 })).status).toBe(400);
    // Every cluster holds the template ready, and it is taken when nothing else is said.
    const held = () =>
      query(`select 1 from cluster_twins where reported -> 'media' -> 'ready' ? $1`, [sha256]);
    await until(async () => (await held()).length === PRESENT.length, { what: 'all hold the template' });
    const real = await call('post', 'emergencies').send({
      hazard: 'storm',
      level: 4,
      target: { all: true },
      reason: 'x',
    });
    expect(real.body).toMatchObject({ emergency: { sha256 } });
    expect((await call('get', 'emergencies/templates')).body).toMatchObject([
      { hazard: 'storm', use: 'ALERT' },
    ]);
    expect((await call('put', 'emergencies/templates/storm/6/ALERT').send({ sha256 })).status).toBe(404);
  });
});

describe('what is refused', () => {
  it('is who may not, and what lies outside of the jurisdiction of who confirms', async () => {
    const [commune] = await query<{ id: string }>(`select id from areas where code = '31321'`);
    const user = async (username: string, role: string, jurisdictionAreaId?: string) => {
      const password = 'a password of the tests';
      await call('post', 'users')
        .send({ username, password, displayName: username, roles: [role], jurisdictionAreaId })
        .expect(201);
      return signIn(test.url, username, password);
    };
    const [viewer, other] = [
      await user('nguoi.xem', 'viewer'),
      await user('xa.khac', 'broadcaster', commune!.id),
    ];
    const prepared = await prepare({ title: 'Thử quyền', target: { areas: ['31318'] } });
    for (const route of [
      '',
      `/${prepared.emergency.id}/confirm`,
      `/${prepared.emergency.id}/stop`,
      `/${prepared.emergency.id}/all-clear`,
    ])
      expect((await call('post', `emergencies${route}`, viewer).send({})).status).toBe(403);
    expect((await confirm(prepared, other)).status).toBe(403);
    const all = await call('post', 'emergencies', other).send({
      title: 'x',
      sha256,
      target: { all: true },
      reason: 'x',
    });
    expect(all.body).toMatchObject({ emergency: { summary: { clusters: 1 } } });
    expect((await call('get', `emergencies/${prepared.emergency.id}`, viewer)).body).toMatchObject({
      state: 'PREPARED',
    });
  });

  it('is a wrong code, five of which void the preparation; an old one; and other clusters', async () => {
    const prepared = await prepare({ title: 'Thử mã', target: { areas: ['31318'] } });
    const wrong = {
      ...prepared,
      confirmationCode: prepared.confirmationCode === '000000' ? '000001' : '000000',
    };
    for (let i = 0; i < 5; i += 1) expect((await confirm(wrong)).status).toBe(400);
    expect((await confirm(prepared)).status).toBe(400);

    const old = await prepare({ title: 'Thử hạn', target: { areas: ['31318'] } });
    await query(`update emergencies set expires_at = now() - interval '1 s' where id = $1`, [
      old.emergency.id,
    ]);
    expect((await confirm(old)).body).toMatchObject({ status: 409, code: 'EXPIRED' });
    expect((await call('get', `emergencies/${old.emergency.id}`)).body).toMatchObject({ state: 'EXPIRED' });

    const square = [
      [105.46, 9.7],
      [105.485, 9.7],
      [105.485, 9.8],
      [105.46, 9.8],
      [105.46, 9.7],
    ];
    const polygon = { type: 'Polygon', coordinates: [square] };
    const drawn = await prepare({ title: 'Thử vùng', target: { polygon } });
    expect(drawn.emergency.summary).toMatchObject({ clusters: 2 });
    await query(`update clusters set active = false where id = 'loa-2'`);
    expect((await confirm(drawn)).body).toMatchObject({ status: 409, code: 'TARGETS_CHANGED' });
    await query(`update clusters set active = true where id = 'loa-2'`);
  });

  it.each([
    ['neither hazard nor title', { target: { all: true } }],
    ['all, and others', { title: 'x', target: { all: true, areas: ['31318'] } }],
    ['nobody', { title: 'x', target: {} }],
    ['a polygon that is none', { title: 'x', target: { polygon: { type: 'Polygon', coordinates: 1 } } }],
    ['no audio', { title: 'x', target: { all: true }, sha256: '0'.repeat(64) }],
    ['a blank reason', { title: 'x', target: { all: true }, reason: ' ' }],
  ])('is %s', async (_what, body) => {
    const answer = await call('post', 'emergencies').send({ sha256, reason: 'x', ...body });
    expect([answer.status, answer.body.code]).toEqual([400, 'INVALID']);
  });
});
