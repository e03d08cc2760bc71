import { DEVICE_CREDENTIAL_CHANGED, DeviceCredentials } from '../../src/modules/identity/index.js';
import { EventBus } from '../../src/common/events/event-bus.js';
import { createIdentityApp, elsewhere, type IdentityApp, later, trailOf } from './identity-app.js';

let identity: IdentityApp;
let devices: DeviceCredentials;
const told: { deviceId: string; change: string }[] = [];
beforeAll(async () => {
  identity = await createIdentityApp();
  devices = identity.app.get(DeviceCredentials, { strict: false });
  identity.app
    .get(EventBus, { strict: false })
    .afterCommit(DEVICE_CREDENTIAL_CHANGED, (changes) => void told.push(...changes));
});
afterAll(() => identity.stop());
beforeEach(() => void told.splice(0));

const issue = (deviceId: string) => identity.uow.run((tx) => devices.issue(tx, deviceId));
const revoke = (deviceId: string) => identity.uow.run((tx) => devices.revoke(tx, deviceId));
const another = () => {
  const { uow, events } = elsewhere(identity);
  return new DeviceCredentials(uow, events);
};

test('a credential is its own cluster’s alone', async () => {
  const secret = await issue('hgi-vt-001');
  const other = await issue('hgi-vt-002');
  expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  for (let time = 0; time < 2; time += 1) {
    expect(await devices.verify('hgi-vt-001', secret)).toBe(true);
    expect(await devices.verify('hgi-vt-002', secret)).toBe(false);
    expect(await devices.verify('hgi-vt-002', other)).toBe(true);
    expect(await devices.verify('hgi-vt-001', '')).toBe(false);
    expect(await devices.verify('hgi-vt-003', secret)).toBe(false);
    for (const name of ['', 'HGI-VT-001', 'hgi-vt-001\0', 'x'.repeat(300), "' or true --"])
      expect(await devices.verify(name, secret)).toBe(false);
  }
  expect(told).toEqual([
    { deviceId: 'hgi-vt-001', change: 'issued' },
    { deviceId: 'hgi-vt-002', change: 'issued' },
  ]);
});

test('a revoked credential ends at once here and within five seconds elsewhere', async () => {
  const other = another();
  const secret = await issue('hgi-vt-010');
  expect(await devices.verify('hgi-vt-010', secret)).toBe(true);
  expect(await other.verify('hgi-vt-010', secret)).toBe(true);
  told.splice(0);

  expect(await revoke('hgi-vt-010')).toBe(true);
  expect(await devices.verify('hgi-vt-010', secret)).toBe(false);
  expect(await later(5_000, () => other.verify('hgi-vt-010', secret))).toBe(false);
  expect(told).toEqual([{ deviceId: 'hgi-vt-010', change: 'revoked' }]);
  expect(await revoke('hgi-vt-010')).toBe(false);
  expect(await revoke('hgi-vt-never')).toBe(false);
});

test('a new secret voids the old one, and is accepted elsewhere without waiting', async () => {
  const other = another();
  const old = await issue('hgi-vt-020');
  expect(await devices.verify('hgi-vt-020', old)).toBe(true);
  expect(await other.verify('hgi-vt-020', old)).toBe(true);
  const fresh = await issue('hgi-vt-020');
  expect(await devices.verify('hgi-vt-020', old)).toBe(false);
  expect(await devices.verify('hgi-vt-020', fresh)).toBe(true);
  expect(await other.verify('hgi-vt-020', fresh)).toBe(true);
  expect(await other.verify('hgi-vt-020', old)).toBe(false);
  await revoke('hgi-vt-020');
  const again = await issue('hgi-vt-020');
  expect(await devices.verify('hgi-vt-020', again)).toBe(true);
});

test('what was rolled back was never issued', async () => {
  let secret = '';
  const work = identity.uow.run(async (tx) => {
    secret = await devices.issue(tx, 'hgi-vt-030');
    throw new Error('changed my mind');
  });
  await expect(work).rejects.toThrow('changed my mind');
  expect(await devices.verify('hgi-vt-030', secret)).toBe(false);
  expect(told).toEqual([]);
});

test('a name that would break a password file is refused', async () => {
  for (const name of ['a:b-c', 'hgi\nvt', 'HGI', 'ab', ''])
    await expect(issue(name)).rejects.toMatchObject({ driverError: { code: '23514' } });
});

test('a province of clusters at once, each exported as one line of a password file', async () => {
  const ids = Array.from({ length: 1_200 }, (_, nr) => `many-${String(nr).padStart(4, '0')}`);
  const secrets = await identity.uow.run((tx) => devices.issueMany(tx, [...ids, ...ids]));
  expect([...secrets.keys()].sort()).toEqual(ids);
  expect(new Set(secrets.values()).size).toBe(ids.length);
  expect(told).toHaveLength(ids.length);
  await revoke('many-0007');
  const exported = await devices.exportVerifiers();
  const many = exported.filter(({ deviceId }) => deviceId.startsWith('many-'));
  expect(many).toHaveLength(ids.length - 1);
  expect(many.map(({ deviceId }) => deviceId)).not.toContain('many-0007');
  for (const { verifier } of many)
    expect(verifier).toMatch(/^\$7\$101\$[A-Za-z0-9+/=]{16}\$[A-Za-z0-9+/=]{88}$/);
  for (const id of ['many-0000', 'many-0600', 'many-1199'])
    expect(await devices.verify(id, secrets.get(id)!)).toBe(true);
});

test('the trail names each credential and holds neither secret nor verifier', async () => {
  const first = await issue('hgi-vt-040');
  const second = await issue('hgi-vt-040');
  await revoke('hgi-vt-040');
  const trail = await trailOf(identity, 'device-credential', 'hgi-vt-040');
  expect(trail.map(({ action }) => action)).toEqual(['create', 'update', 'update']);
  expect(trail[2]!.after!.revokedAt).not.toBeNull();
  for (const { text } of trail) {
    expect(text).not.toContain(first);
    expect(text).not.toContain(second);
    expect(text).not.toContain('$7$');
  }
});
