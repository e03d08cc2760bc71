import { generateKeyPairSync } from 'node:crypto';
import { buildTopic, playIdOf, publicKeyOf, signed, type PublicKey } from '../../src/contract/index.js';
import { CLUSTER, Stand, command, inSeconds, until } from './stand.js';

const pair = () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { ...publicKeyOf(privateKey), privateKey, public: publicKeyOf(privateKey) };
};
const [ours, next, stranger] = [pair(), pair(), pair()];
const OWN = buildTopic({ kind: 'command', clusterId: CLUSTER });
const PROVINCE = buildTopic({ kind: 'areaCommand', areaCode: '93' });
const DESIRED = buildTopic({ kind: 'desired', clusterId: CLUSTER });

let stand: Stand;
beforeEach(async () => {
  stand = new Stand();
  await stand.start();
});
afterEach(() => stand.stop());

const emergency = () => {
  const { playId: _own, ...play } = stand.order(0.1, { class: 'EMERGENCY' });
  return { ...command({ type: 'play', play }, { priority: 'EMERGENCY' }), type: 'play' as const, play };
};
const raised = () => stand.all('alarm').filter((alarm) => alarm?.severity === 'CRITICAL');
const believes = (...keys: PublicKey[]) =>
  until('the keys are believed', () => {
    const told = stand.last('reported')?.keys;
    return told !== undefined && JSON.stringify(told) === JSON.stringify(keys.map(({ keyId }) => keyId));
  });
async function online(keys: PublicKey[], provisioned?: PublicKey[]) {
  await stand.publishDesired({ keys });
  const agent = stand.agent(provisioned ? { keys: provisioned } : {});
  await stand.online(agent);
  await until('applied', () => stand.last('reported')?.version === 1);
  return agent;
}

describe('signed emergencies', () => {
  it('are obeyed unsigned while no key is known, and the cluster says so', async () => {
    await online([]);
    expect(stand.last('reported')?.keys).toEqual([]);
    const order = emergency();
    await stand.command(order);
    await until('played', () => stand.phases(order.id).includes('FINISHED'));
  });

  it('are refused without a valid signature, with an alarm that a valid one ends', async () => {
    await online([ours.public]);
    await believes(ours.public);
    const [unsigned, forged, moved, stop] = [
      emergency(),
      emergency(),
      emergency(),
      command({ type: 'stop', target: { scope: 'ALL' } }),
    ];
    await stand.command(unsigned);
    await stand.command({ ...signed(OWN, forged, stranger), id: forged.id });
    // Signed for this cluster alone, said to a province.
    await stand.command(signed(OWN, moved, ours), { area: '93' });
    await stand.command(stop);
    await until('all answered', () =>
      [unsigned, forged, moved, stop].every(({ id }) => stand.acks(id).length > 0),
    );
    expect([unsigned, forged, moved, stop].map(({ id }) => stand.phases(id))).toEqual([
      ['REJECTED UNSIGNED'],
      ['REJECTED BAD_SIGNATURE'],
      ['REJECTED BAD_SIGNATURE'],
      ['REJECTED UNSIGNED'],
    ]);
    await until('alarm', () => raised().length > 0);
    await until('alarm is reported', () => stand.last('reported')?.alarms?.includes('signature'));

    // A forged order does not take the id from the true one.
    const true_ = signed(PROVINCE, forged, ours);
    await stand.command(true_, { area: '93' });
    await until('played', () => stand.phases(forged.id).includes('FINISHED'));
    const playId = playIdOf(forged.play.broadcastId, forged.play.occurrenceId, CLUSTER);
    expect(stand.kinds(playId)).toEqual(['started', 'finished']);
    await until('alarm is over', () => stand.last('reported')?.alarms?.includes('signature') === false);
    expect(stand.all('alarm').at(-1)).toBeNull();
  });

  it('stop what sounds by a signed stop only', async () => {
    await online([ours.public]);
    await believes(ours.public);
    const play = stand.order(600, { class: 'EMERGENCY' });
    const order = command({ type: 'play', play }, { priority: 'EMERGENCY' });
    await stand.command(signed(OWN, order, ours));
    await until('started', () => stand.phases(order.id).includes('STARTED'));
    const target = { scope: 'BROADCAST' as const, broadcastId: play.broadcastId };
    const silenced = command({ type: 'stop', target });
    await stand.command(silenced);
    await until('refused', () => stand.phases(silenced.id).includes('REJECTED UNSIGNED'));
    expect(stand.kinds(play.playId)).toEqual(['started']);
    const stop = command({ type: 'stop', target }, { priority: 'EMERGENCY' });
    await stand.command(signed(OWN, stop, ours));
    await until('stopped', () => stand.kinds(play.playId).includes('stopped'));
  });

  it('by a new key are believed only if a known key vouches for it, across restarts', async () => {
    const agent = await online([ours.public]);
    await believes(ours.public);
    await stand.publishDesired({ keys: [stranger.public] });
    await until('refused', () => raised().length > 0);
    await believes(ours.public);
    await stand.publishDesired({ keys: [ours.public, signed(DESIRED, next.public, ours)] });
    await believes(ours.public, next.public);
    // The rotation ends: the old key goes, and the new one vouches for itself no more.
    await stand.publishDesired({ keys: [next.public] });
    await believes(next.public);
    await agent.stop();
    const again = stand.agent();
    await stand.online(again, agent.session);
    const order = emergency();
    await stand.command(signed(OWN, order, ours));
    await until('refused', () => stand.phases(order.id).includes('REJECTED BAD_SIGNATURE'));
    await stand.command(signed(OWN, order, next));
    await until('played', () => stand.phases(order.id).includes('FINISHED'));
  });

  it('are believed by the keys given with the device, whatever the first document says', async () => {
    await online([stranger.public], [ours.public]);
    await believes(ours.public);
    const order = emergency();
    await stand.command(signed(OWN, order, stranger));
    await until('refused', () => stand.phases(order.id).includes('REJECTED BAD_SIGNATURE'));
  });

  it('of the plan are signed too, and others are left out of it', async () => {
    const item = (by?: typeof ours) => {
      const play = {
        ...stand.order(0.1, { class: 'EMERGENCY' }),
        startAt: inSeconds(-1),
      };
      return by ? signed(DESIRED, play, by) : play;
    };
    const [good, bad, none] = [item(ours), item(stranger), item()];
    await stand.publishDesired({ keys: [ours.public], plan: [none, bad, good] });
    const agent = stand.agent();
    await stand.online(agent);
    await until('played', () => stand.kinds(good.playId).includes('finished'));
    await until('alarm', () => raised().length > 0);
    expect([bad, none].map(({ playId }) => stand.kinds(playId))).toEqual([[], []]);
  });
});

describe('repeats', () => {
  it('have the gap between them that was ordered', async () => {
    await online([]);
    const play = stand.order(0.1, { repeat: 3, gapS: 0.2 });
    const order = command({ type: 'play', play });
    await stand.command(order);
    await until('finished', () => stand.kinds(play.playId).includes('finished'));
    const [started, finished] = stand.records(play.playId);
    expect(finished).toMatchObject({ kind: 'finished', positionS: 0.3 });
    // Never shorter, however fast or slow the machine: three sounds and two gaps.
    expect(Date.parse(finished!.at) - Date.parse(started!.at)).toBeGreaterThanOrEqual(690);
  });

  it('are stopped in the gap', async () => {
    await online([]);
    const play = stand.order(0.1, { repeat: 2, gapS: 600 });
    const order = command({ type: 'play', play });
    await stand.command(order);
    await until('started', () => stand.phases(order.id).includes('STARTED'));
    await stand.command(command({ type: 'stop', target: { scope: 'ALL' } }));
    await until('stopped', () => stand.kinds(play.playId).includes('stopped'));
  });
});
