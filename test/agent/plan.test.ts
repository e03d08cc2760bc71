import { randomUUID } from 'node:crypto';
import type { PlanItem } from '../../src/contract/index.js';
import { rest } from './manual-clock.js';
import { CLUSTER, command, inSeconds, MortalClock, Stand, until } from './stand.js';

describe('a cluster with a plan', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = new Stand();
    await stand.start();
  });
  afterEach(async () => {
    await stand.stop();
    expect(stand.refused).toEqual([]);
  });

  const planned = (startS: number, durationS: number, change: Partial<PlanItem> = {}): PlanItem => ({
    ...stand.order(durationS),
    startAt: inSeconds(startS),
    ...change,
  });

  it('plays on time, also when the server and the broker are gone', async () => {
    const item = planned(300, 20);
    const startMs = Date.parse(item.startAt);
    await stand.publishDesired({ plan: [item] });
    const clock = new MortalClock();
    const agent = stand.agent({}, {}, clock);
    await stand.online(agent);
    await until('media ready', () => stand.last('reported')?.media.ready.includes(item.media.sha256));
    const session = agent.session;
    await stand.closeBroker();
    await until('offline', () => agent.session === undefined);
    clock.holdAt(startMs - 1);
    await rest();
    expect(agent.playing).toBe(false);
    clock.holdAt(startMs);
    await until('playing', () => agent.playing);
    clock.holdAt(startMs + 20_000);
    await until('over', () => !agent.playing);
    clock.goOn();
    await stand.openBroker();
    await stand.online(agent, session);
    await until('told', () => stand.kinds(item.playId).length === 2);
    const records = stand.records(item.playId).map(({ kind, at }) => [kind, Date.parse(at) - startMs]);
    expect(records).toEqual([
      ['started', 0],
      ['finished', 20_000],
    ]);
  });

  it('ignores what is not newer, and reports the version it holds', async () => {
    const current = await stand.publishDesired({ version: 7 });
    const agent = stand.agent();
    await stand.online(agent);
    await until('applied', () => stand.last('reported')?.version === 7);
    const item = planned(0, 0.1);
    for (const version of [6, 7]) {
      const before = stand.all('reported').length;
      await stand.publishDesired({ ...current, version, plan: [item] });
      await until('reported again', () => stand.all('reported').length > before);
      expect(stand.last('reported')).toMatchObject({ version: 7, error: null });
    }
    await stand.publishDesired({ ...current, version: 8, plan: [item] });
    await until('finished', () => stand.kinds(item.playId).includes('finished'));
  });

  it('catches up nothing: what is past is missed', async () => {
    const past = planned(-60, 0.1, { notAfter: inSeconds(-30) });
    const inTime = planned(-60, 0.1);
    await stand.publishDesired({ plan: [past, inTime] });
    const agent = stand.agent();
    await stand.online(agent);
    await until('finished', () => stand.kinds(inTime.playId).includes('finished'));
    expect(stand.records(past.playId)).toMatchObject([{ kind: 'missed', reason: 'TOO_LATE' }]);
  });

  it('refuses timed plays while the clock is not trusted, and plays them if it is set in time', async () => {
    const sync = { synced: false };
    const item = planned(0, 0.1);
    await stand.publishDesired({ plan: [item] });
    const agent = stand.agent({}, sync);
    await stand.online(agent);
    await until('refused', () => stand.kinds(item.playId).length === 1);
    expect(stand.records(item.playId)).toMatchObject([{ kind: 'refused', reason: 'CLOCK_UNSYNCED' }]);
    await until('alarm', () => stand.all('alarm').length >= 1);
    await until('reported', () => stand.last('reported')?.alarms?.join() === 'clock');
    sync.synced = true;
    agent.clockChanged();
    await until('finished', () => stand.kinds(item.playId).includes('finished'));
    expect(stand.kinds(item.playId)).toEqual(['refused', 'started', 'finished']);
    await until('alarm emptied', () => stand.all('alarm').at(-1) === null);
    await until('no more reported', () => stand.last('reported')?.alarms?.length === 0);
  });

  it('refuses timed plays by a clock that it knows to be ten minutes wrong, and tells; an EMERGENCY plays', async () => {
    const clockOptions = { offsetMs: 600_000, skewMs: 600_000 };
    // By the wrong clock it is time.
    const item = planned(590, 0.1);
    await stand.publishDesired({ plan: [item] });
    const agent = stand.agent({}, clockOptions);
    await stand.online(agent);
    await until('refused', () => stand.kinds(item.playId).length === 1);
    expect(stand.records(item.playId)).toMatchObject([
      { kind: 'refused', reason: 'CLOCK_UNSYNCED', clock: { synced: true, offsetMs: 600_000 } },
    ]);
    await until('alarm', () => stand.all('alarm').at(-1)?.detail === 'The clock is 600 s off');
    const normal = command({ type: 'play', play: stand.order(0.1, { notAfter: inSeconds(60) }) });
    await stand.command(normal);
    await until('answered', () => stand.acks(normal.id).length === 1);
    expect(stand.phases(normal.id)).toEqual(['REJECTED CLOCK_UNSYNCED']);
    const play = stand.order(0.1, { class: 'EMERGENCY', notAfter: inSeconds(60) });
    const urgent = command({ type: 'play', play }, { notAfter: inSeconds(60), priority: 'EMERGENCY' });
    await stand.command(urgent);
    await until('finished', () => stand.phases(urgent.id).includes('FINISHED'));
    expect(stand.kinds(play.playId)).toEqual(['started', 'finished']);
  });

  it('lets the lower wait for the higher, and cancels what is in the plan no more', async () => {
    const startMs = Date.now() + 300_000;
    const at = (ms: number): string => new Date(startMs + ms).toISOString();
    const high = planned(0, 0.5, { rank: 9, startAt: at(0) });
    const low = planned(0, 0.1, { rank: 1, startAt: at(0) });
    const tooLow = planned(0, 0.1, { rank: 0, startAt: at(0), notAfter: at(300) });
    const future = planned(0, 0.1, { startAt: at(3_600_000), notAfter: at(3_700_000) });
    const { version } = await stand.publishDesired({ plan: [low, tooLow, high, future] });
    const clock = new MortalClock();
    const agent = stand.agent({}, {}, clock);
    await stand.online(agent);
    await until('media ready', () => stand.last('reported')?.media.ready.length === 4);
    clock.holdAt(startMs);
    await until('started', () => stand.kinds(high.playId).includes('started'));
    clock.holdAt(startMs + 301);
    await until('missed', () => stand.kinds(tooLow.playId).length === 1);
    clock.holdAt(startMs + 500);
    await until('the lower started', () => stand.kinds(low.playId).includes('started'));
    clock.goOn();
    await until('finished', () => stand.kinds(low.playId).includes('finished'));
    expect(stand.records(tooLow.playId)).toMatchObject([{ kind: 'missed', reason: 'OUTRANKED' }]);
    const [highEnd, lowStart] = [stand.records(high.playId)[1], stand.records(low.playId)[0]];
    expect(highEnd).toMatchObject({ kind: 'finished', at: at(500) });
    expect(highEnd?.seq).toBeLessThan(lowStart?.seq ?? 0);
    await stand.publishDesired({ plan: [] });
    await until('applied', () => (stand.last('reported')?.version ?? 0) > version);
    expect(stand.kinds(future.playId)).toEqual([]);
  });

  it('follows its area chain', async () => {
    const { config } = await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    await until('applied', () => stand.last('reported')?.version === 1);
    await stand.publishDesired({ config: { ...config, areaChain: ['31320', '93'] } });
    await until('applied', () => stand.last('reported')?.version === 2);
    const [old, here] = [command({ type: 'self-test' }), command({ type: 'self-test' })];
    await stand.command(old, { area: '31318' });
    await until('heard by the new area', () => {
      void stand.command(here, { area: '31320' });
      return stand.phases(here.id).includes('FINISHED');
    });
    expect(stand.acks(old.id)).toEqual([]);
  });

  it('is born again under a new session after a cut, and the will tells of the old one', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    const first = await stand.online(agent);
    stand.cut();
    await stand.online(agent, first);
    const states = stand.all('state').map(({ online, session }) => [online, session === first]);
    expect(states).toEqual([
      [true, true],
      [false, true],
      [true, false],
    ]);
  });

  it('sends its records until they are confirmed, by command or by document', async () => {
    stand.confirmLogs = false;
    const item = planned(0, 0.1);
    const { version } = await stand.publishDesired({ plan: [item] });
    const agent = stand.agent({ resendMs: 100 });
    const first = await stand.online(agent);
    await until('sent three times', () => stand.all('log').length >= 6);
    stand.cut();
    await stand.online(agent, first);
    const [, last] = stand.records(item.playId);
    if (last === undefined) throw new Error('two records were expected');
    const { journal, seq } = last;
    await stand.publishDesired({ version: version + 1, logWatermark: { journal, seq } });
    await until('confirmed', () => stand.last('reported')?.log.ackedSeq === seq);
    const sent = stand.all('log').length;
    const other = stand.order(0.1);
    await stand.command(command({ type: 'play', play: other }));
    await until('sent again', () => stand.kinds(other.playId).length === 2);
    expect(
      stand
        .all('log')
        .slice(sent)
        .every(({ playId }) => playId === other.playId),
    ).toBe(true);
    // The watermark of another journal confirms nothing.
    await stand.command(command({ type: 'log-ack', watermark: { journal: randomUUID(), seq: 99 } }));
    await stand.command(command({ type: 'sync' }));
    await until('still open', () => stand.last('birth')?.log.lastSeq === 4);
    expect(stand.last('birth')?.log).toEqual({ journal, lastSeq: 4, ackedSeq: 2 });
  });

  it('publishes nothing outside its own topics', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    const owners = new Set(stand.heard.map(({ topic }) => ('clusterId' in topic ? topic.clusterId : '?')));
    expect([...owners]).toEqual([CLUSTER]);
  });
});
