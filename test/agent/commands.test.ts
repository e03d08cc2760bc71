import { playIdOf } from '../../src/contract/index.js';
import { CLUSTER, command, inSeconds, MortalClock, Stand, until } from './stand.js';

describe('a cluster under command', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = new Stand();
    await stand.start();
  });
  afterEach(async () => {
    await stand.stop();
    expect(stand.refused).toEqual([]);
  });

  it('fetches, plays, acknowledges and records', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    const play = stand.order(0.2, { repeat: 2 });
    const order = command({ type: 'play', play }, { correlationId: 'req-1' });
    await stand.command(order);
    await until('finished', () => stand.kinds(play.playId).includes('finished'));
    await until('acks', () => stand.phases(order.id).length === 3);
    expect(stand.phases(order.id)).toEqual(['ACCEPTED', 'STARTED', 'FINISHED']);
    for (const ack of stand.acks(order.id)) {
      expect(ack).toMatchObject({ correlationId: 'req-1', playId: play.playId });
    }
    const [started, finished] = stand.records(play.playId);
    expect(started).toMatchObject({
      kind: 'started',
      commandId: order.id,
      sha256: play.media.sha256,
      seq: 1,
    });
    expect(finished).toMatchObject({ kind: 'finished', positionS: 0.4, volumePercent: 70, seq: 2 });
    const heardMs = Date.parse(finished?.at ?? '') - Date.parse(started?.at ?? '');
    expect(heardMs).toBeGreaterThanOrEqual(390);
  });

  it('plays once what is ordered twice, by id and by play', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    const play = stand.order(0.1);
    const order = command({ type: 'play', play });
    await stand.command(order);
    await stand.command(order);
    await until('finished', () => stand.kinds(play.playId).includes('finished'));
    await stand.command(order);
    const again = command({ type: 'play', play });
    await stand.command(again);
    await until('the other id is answered', () => stand.acks(again.id).length > 0);
    expect(stand.phases(again.id)).toEqual(['FINISHED DUPLICATE_PLAY']);
    await until(
      'last ack again',
      () => stand.phases(order.id).filter((one) => one === 'FINISHED').length >= 2,
    );
    expect(stand.kinds(play.playId)).toEqual(['started', 'finished']);
  });

  it('plays once what comes by area and then by cluster', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    await until('applied', () => stand.last('reported')?.version === 1);
    const { playId: _none, ...play } = stand.order(0.1, { class: 'EMERGENCY' });
    const order = command({ type: 'play', play });
    const playId = playIdOf(play.broadcastId, play.occurrenceId, CLUSTER);
    // The chain of the example: commune, district, province.
    await stand.command(order, { area: '93' });
    await until('accepted', () => stand.phases(order.id).includes('ACCEPTED'));
    await stand.command(order);
    await stand.command(command({ type: 'play', play: { ...play, playId } }));
    await until('finished', () => stand.kinds(playId).includes('finished'));
    expect(stand.kinds(playId)).toEqual(['started', 'finished']);
  });

  it('does not play what is too late', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    const play = stand.order(0.1);
    const order = command({ type: 'play', play }, { notAfter: inSeconds(-1) });
    await stand.command(order);
    await until('answered', () => stand.acks(order.id).length > 0);
    expect(stand.phases(order.id)).toEqual(['EXPIRED TOO_LATE']);
    expect(stand.kinds(play.playId)).toEqual([]);
  });

  it('drops a retained command, whoever sent it', async () => {
    await stand.publishDesired();
    const old = command({ type: 'play', play: stand.order(0.1) });
    await stand.command(old, { retain: true });
    const agent = stand.agent();
    await stand.online(agent);
    await until('dropped', () => agent.retainedCommands === 1);
    const test = command({ type: 'self-test' });
    await stand.command(test);
    await until('self-test done', () => stand.phases(test.id).includes('FINISHED'));
    expect(stand.acks(old.id)).toEqual([]);
    expect(
      stand
        .acks(test.id)
        .at(-1)
        ?.checks?.map(({ name, ok }) => [name, ok]),
    ).toEqual([
      ['storage', true],
      ['output', true],
      ['clock', true],
      ['media', true],
    ]);
  });

  it('lets a PRIORITY interrupt and then resumes', async () => {
    await stand.publishDesired();
    const clock = new MortalClock();
    const agent = stand.agent({}, {}, clock);
    await stand.online(agent);
    const music = stand.order(0.6);
    const dropped = stand.order(0.6, { rank: 0, onInterrupt: 'DROP' });
    const news = stand.order(0.2, { class: 'PRIORITY' });
    const orders = [dropped, music, news].map((play) => command({ type: 'play', play }));
    const startMs = clock.now();
    for (const [index, order] of orders.entries()) {
      clock.holdAt(startMs + index * 250);
      await stand.command(order);
      await until('started', () => stand.phases(order.id).includes('STARTED'));
    }
    clock.goOn();
    await until('finished', () => stand.kinds(music.playId).includes('finished'));
    expect(stand.kinds(news.playId)).toEqual(['started', 'finished']);
    const [, interrupted, resumed, finished] = stand.records(music.playId);
    expect(interrupted).toMatchObject({
      kind: 'interrupted',
      reason: 'OUTRANKED',
      byPlayId: news.playId,
      next: 'RESUME',
      positionS: 0.25,
    });
    expect(resumed).toMatchObject({ kind: 'resumed', positionS: 0.25 });
    expect(finished).toMatchObject({ kind: 'finished', positionS: 0.6 });
    expect(stand.records(dropped.playId).at(-1)).toMatchObject({ kind: 'interrupted', next: 'DROP' });
    expect(stand.phases(orders[0]?.id ?? '')).toEqual(['ACCEPTED', 'STARTED', 'FAILED OUTRANKED']);
  });

  it('refuses all but EMERGENCY in quiet hours', async () => {
    const { config } = stand.desired();
    await stand.publishDesired({ config: { ...config, quietHours: [{ from: '00:00', to: '00:00' }] } });
    const agent = stand.agent();
    await stand.online(agent);
    await until('applied', () => stand.last('reported')?.version === 2);
    const normal = command({ type: 'play', play: stand.order(0.1, { class: 'PRIORITY' }) });
    const emergency = command({ type: 'play', play: stand.order(0.1, { class: 'EMERGENCY' }) });
    await stand.command(normal);
    await stand.command(emergency);
    await until('finished', () => stand.phases(emergency.id).includes('FINISHED'));
    expect(stand.phases(normal.id)).toEqual(['REJECTED QUIET_HOURS']);
  });

  it('plays only EMERGENCY under a clock it does not trust, and says so', async () => {
    await stand.publishDesired();
    // A board without a battery wakes up in another year: no notAfter can be judged.
    const agent = stand.agent({}, { synced: false, skewMs: 4 * 365 * 86_400_000 });
    await stand.online(agent);
    const normal = command({ type: 'play', play: stand.order(0.1) });
    const play = stand.order(0.1, { class: 'EMERGENCY' });
    const emergency = command({ type: 'play', play });
    await stand.command(normal);
    await stand.command(emergency);
    await until('finished', () => stand.phases(emergency.id).includes('FINISHED'));
    expect(stand.phases(normal.id)).toEqual(['REJECTED CLOCK_UNSYNCED']);
    expect(stand.last('birth')?.clock).toEqual({ synced: false, offsetMs: null, source: 'NONE' });
    expect(stand.records(play.playId)[0]?.clock.synced).toBe(false);
    expect(stand.all('alarm').at(-1)).toMatchObject({ severity: 'WARNING' });
  });

  it('stops, and what is stopped stays so, whichever comes first', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    const play = stand.order(600);
    const order = command({ type: 'play', play });
    await stand.command(order);
    await until('started', () => stand.phases(order.id).includes('STARTED'));
    const late = command({ type: 'play', play: { ...stand.order(1), broadcastId: play.broadcastId } });
    const stop = command(
      { type: 'stop', target: { scope: 'BROADCAST', broadcastId: play.broadcastId } },
      { issuedAt: inSeconds(1) },
    );
    await stand.command(stop);
    await until('stopped', () => stand.kinds(play.playId).includes('stopped'));
    await stand.command(late);
    await until('answered', () => stand.acks(late.id).length > 0);
    expect(stand.phases(late.id)).toEqual(['REJECTED STOPPED']);
    expect(stand.phases(order.id)).toEqual(['ACCEPTED', 'STARTED', 'FAILED STOPPED']);
    await until('stop is over', () => stand.phases(stop.id).includes('FINISHED'));
  });

  it('keeps a volume until the next document, and restarts on order under a new session', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    const session = await stand.online(agent);
    await stand.command(command({ type: 'volume', volumePercent: 33 }));
    await until('33', () => stand.last('reported')?.volumePercent === 33);
    const reboot = command({ type: 'reboot' });
    await stand.command(reboot);
    await stand.online(agent, session);
    await until('rebooted', () => stand.phases(reboot.id).includes('FINISHED'));
    expect(stand.last('reported')?.volumePercent).toBe(33);
    await stand.publishDesired();
    await until('70', () => stand.last('reported')?.volumePercent === 70);
    const states = stand.all('state').map(({ online }) => online);
    expect(states).toEqual([true, false, true]);
  });

  it('does not play bytes that are not those approved', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    const play = stand.order(0.1);
    stand.corrupt(play.media.sha256);
    const order = command({ type: 'play', play });
    await stand.command(order);
    await until('failed', () => stand.phases(order.id).length === 2);
    expect(stand.phases(order.id)).toEqual(['ACCEPTED', 'FAILED MEDIA_MISMATCH']);
    expect(stand.kinds(play.playId)).toEqual(['failed']);
  });

  it('goes on with a download that broke off', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    stand.breakAfter = 7000;
    const play = stand.order(0.1);
    const order = command({ type: 'play', play });
    await stand.command(order);
    await until('finished', () => stand.phases(order.id).includes('FINISHED'));
    expect(stand.requests.map(({ range, status }) => [range, status])).toEqual([
      [undefined, 200],
      ['bytes=7000-', 206],
    ]);
  });

  it('is not put off by rubbish', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    await stand.online(agent);
    await stand.say(`phusong/v1/c/${CLUSTER}/command`, '{"type":"play"');
    await stand.say(`phusong/v1/c/${CLUSTER}/command`, '{"type":"explode"}');
    await stand.say(`phusong/v1/c/${CLUSTER}/desired`, '{"version":99}');
    await until('told', () => stand.last('reported')?.error?.version === 99);
    expect(stand.last('reported')).toMatchObject({ version: 1, error: { code: 'INVALID' } });
    const test = command({ type: 'self-test' });
    await stand.command(test);
    await until('alive', () => stand.phases(test.id).includes('FINISHED'));
  });
});
