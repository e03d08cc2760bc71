import { generateKeyPairSync } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildTopic, signatureOf, type DesiredMessage } from '../../src/contract/index.js';
import { EmergencyKeys } from '../../src/modules/speakers/emergency-keys.js';
import { DesiredDocuments } from '../../src/modules/speakers/desired-documents.js';
import { KeyRollout } from '../../src/modules/speakers/key-rollout.js';
import { clusterRow, createSpeakersWorld, type SpeakersWorld } from './support.js';

const CLUSTER = 'hgi-vt-0001';
const TOPIC = buildTopic({ kind: 'desired', clusterId: CLUSTER });
const pem = () =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;

let folder = '';
beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), 'keys-'))));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
const file = () => path.join(folder, 'of/emergency-key.pem');
const keysOf = (emergencyKeyFile = file()) => new EmergencyKeys({ emergencyKeyFile });

describe('the key of the server', () => {
  it('is made at first use, for its owner alone, and is the same for every process after', () => {
    const [made] = keysOf().publicKeys(CLUSTER);
    expect(fs.statSync(file()).mode & 0o777).toBe(0o600);
    expect(keysOf().publicKeys(CLUSTER)).toEqual([made]);
    expect(fs.readdirSync(path.dirname(file()))).toEqual(['emergency-key.pem']);
    const order = keysOf().sign(TOPIC, { anything: 1 });
    expect(signatureOf(TOPIC, order, [made!])).toBe('VALID');
  });

  it('may be followed by another, and whoever knows one of them believes both', () => {
    const [old, next] = [pem(), pem()];
    const only = (text: string) => {
      const name = path.join(folder, `${Math.random()}.pem`);
      fs.writeFileSync(name, text);
      return keysOf(name);
    };
    const [oldKey] = only(old).publicKeys(CLUSTER);
    const [nextKey] = only(next).publicKeys(CLUSTER);
    for (const text of [old + next, next + old]) {
      const both = only(text).publicKeys(CLUSTER);
      const named = (keyId: string) => both.find((key) => key.keyId === keyId)!;
      expect(signatureOf(TOPIC, named(nextKey!.keyId), [oldKey!])).toBe('VALID');
      expect(signatureOf(TOPIC, named(oldKey!.keyId), [nextKey!])).toBe('VALID');
    }
  });

  it('is refused when it is none', () => {
    fs.mkdirSync(path.dirname(file()));
    fs.writeFileSync(file(), 'rubbish');
    expect(() => keysOf().keyIds).toThrow('Ed25519');
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    fs.writeFileSync(file(), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    expect(() => keysOf().keyIds).toThrow('Ed25519');
  });
});

describe('the documents of the clusters', () => {
  let world: SpeakersWorld;
  beforeAll(async () => (world = await createSpeakersWorld()));
  afterAll(() => world.stop());

  it('name the keys, and are made anew when the keys are others', async () => {
    await world.clusters.importClusters([clusterRow(world, CLUSTER)]);
    const desired = async () =>
      (
        await world.query<{ desired: DesiredMessage }>(
          `select desired from cluster_twins where cluster_id = $1`,
          [CLUSTER],
        )
      )[0]!.desired;
    const before = await desired();
    expect(before.keys).toHaveLength(1);
    const keys = keysOf();
    const rollout = new KeyRollout(world.uow, world.jobs, new DesiredDocuments(world.areas, keys), keys);
    expect(await rollout.tell()).toBe(1);
    expect(await desired()).toMatchObject({ version: before.version + 1, keys: keys.publicKeys(CLUSTER) });
    expect(await rollout.tell()).toBe(0);
  });
});
