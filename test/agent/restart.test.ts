import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER, command, inSeconds, MortalClock, Stand, until } from './stand.js';

describe('a cluster that loses its power', () => {
  let stand: Stand;
  beforeEach(async () => {
    stand = new Stand();
    await stand.start();
  });
  afterEach(async () => {
    await stand.stop();
    expect(stand.refused).toEqual([]);
  });

  it('records what was cut off, and does not play it again', async () => {
    const order = stand.order(600);
    const item = { ...order, startAt: inSeconds(0) };
    await stand.publishDesired({ plan: [item] });
    const first = stand.agent();
    const session = await stand.online(first);
    await until('started', () => stand.kinds(item.playId).length === 1);
    stand.kill(first);

    const second = stand.agent();
    await stand.online(second, session);
    await until('told', () => stand.kinds(item.playId).length === 2);
    expect(stand.records(item.playId)[1]).toMatchObject({
      kind: 'interrupted',
      reason: 'RESTART',
      next: 'DROP',
      seq: 2,
    });
    // The same play by command, and the plan once more: nothing sounds.
    const again = command({ type: 'play', play: order });
    await stand.command(again);
    await stand.publishDesired({ plan: [item] });
    await until('answered', () => stand.acks(again.id).length > 0);
    await until('applied', () => stand.last('reported')?.version === 2);
    expect(stand.phases(again.id)).toEqual(['FAILED DUPLICATE_PLAY']);
    expect(stand.kinds(item.playId)).toEqual(['started', 'interrupted']);
    expect(second.playing).toBe(false);
  });

  it('answers a repeated command as before, and tells how a cut-off one ended', async () => {
    await stand.publishDesired();
    const first = stand.agent();
    const session = await stand.online(first);
    const short = command({ type: 'play', play: stand.order(0.1) });
    await stand.command(short);
    await until('finished', () => stand.phases(short.id).includes('FINISHED'));
    const long = command({ type: 'play', play: stand.order(600) });
    await stand.command(long);
    await until('started', () => stand.phases(long.id).includes('STARTED'));
    stand.kill(first);

    const second = stand.agent();
    await stand.online(second, session);
    await until('told', () => stand.phases(long.id).includes('FAILED RESTART'));
    const said = stand.acks(short.id).length;
    await stand.command(short);
    await until('answered', () => stand.acks(short.id).length > said);
    expect(stand.acks(short.id).at(-1)).toEqual(stand.acks(short.id)[said - 1]);
    expect(second.playing).toBe(false);
  });

  it('takes up a play that was accepted and had not begun', async () => {
    await stand.publishDesired();
    const first = stand.agent({ serverUrl: 'http://127.0.0.1:9' });
    const session = await stand.online(first);
    const play = stand.order(0.1, { class: 'EMERGENCY' });
    const order = command({ type: 'play', play });
    await stand.command(order);
    await until('accepted', () => stand.phases(order.id).includes('ACCEPTED'));
    stand.kill(first);

    const second = stand.agent();
    await stand.online(second, session);
    await until('finished', () => stand.phases(order.id).includes('FINISHED'));
    expect(stand.kinds(play.playId)).toEqual(['started', 'finished']);
  });

  it('goes on counting in the same journal, and by its plan without a broker', async () => {
    const item = { ...stand.order(0.1), startAt: inSeconds(0) };
    const later = { ...stand.order(20), startAt: inSeconds(300) };
    const laterMs = Date.parse(later.startAt);
    await stand.publishDesired({ plan: [item, later] });
    const first = stand.agent();
    const session = await stand.online(first);
    await until('finished', () => stand.kinds(item.playId).length === 2);
    await until('media ready', () => stand.last('reported')?.media.ready.length === 2);
    stand.kill(first);
    await stand.closeBroker();

    const clock = new MortalClock();
    const second = stand.agent({}, {}, clock);
    clock.holdAt(laterMs);
    await until('playing', () => second.playing);
    clock.holdAt(laterMs + 20_000);
    await until('over', () => !second.playing);
    clock.goOn();
    await stand.openBroker();
    await stand.online(second, session);
    await until('told', () => stand.kinds(later.playId).length === 2);
    expect(stand.kinds(item.playId)).toEqual(['started', 'finished']);
    const journals = new Set(stand.all('log').map(({ journal }) => journal));
    expect(journals.size).toBe(1);
    expect(stand.records(later.playId).map(({ seq }) => seq)).toEqual([3, 4]);
  });

  it('closes cleanly: cut off is what sounds, offline is what is said', async () => {
    await stand.publishDesired();
    const agent = stand.agent();
    const session = await stand.online(agent);
    const play = stand.order(600);
    await stand.command(command({ type: 'play', play }));
    await until('started', () => stand.kinds(play.playId).length === 1);
    await agent.stop();
    await until('offline', () => stand.last('state')?.online === false);
    expect(stand.last('state')?.session).toBe(session);
    const journal = readFileSync(join(stand.folder, CLUSTER, 'journal.jsonl'), 'utf8');
    expect(journal).toContain('"kind":"interrupted"');
  });
});
