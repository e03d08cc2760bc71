import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import {
  areaCommandExamples,
  canonicalJson,
  commandExamples,
  decode,
  encode,
  mustBeSigned,
  publicKeyOf,
  signatureOf,
  signed,
  type CommandMessage,
} from './index.js';

const TOPIC = 'phusong/v1/a/31318/command';
const { privateKey } = generateKeyPairSync('ed25519');
const key = { ...publicKeyOf(privateKey), privateKey };
const keys = [publicKeyOf(generateKeyPairSync('ed25519').privateKey), publicKeyOf(privateKey)];
const [play, stop] = areaCommandExamples as [CommandMessage, CommandMessage];

describe('canonical JSON', () => {
  it('sorts members by UTF-16 units and leaves out blanks and what is undefined', () => {
    const value = { '€': 1, b: [true, null, { z: 1e21, a: 'é\n' }], a: undefined, A: -0 };
    expect(canonicalJson(value)).toBe('{"A":0,"b":[true,null,{"a":"é\\n","z":1e+21}],"€":1}');
  });

  it('is the same for the same value, whatever the order of members and however often it travelled', () => {
    const shuffled = (value: unknown): unknown =>
      Array.isArray(value)
        ? value.map(shuffled)
        : value !== null && typeof value === 'object'
          ? Object.fromEntries(
              Object.entries(value)
                .reverse()
                .map(([name, member]) => [name, shuffled(member)]),
            )
          : value;
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('a signature', () => {
  const messages = fc.constantFrom(play, stop);

  it('holds after the journey, with members in any order', () => {
    fc.assert(
      fc.property(messages, fc.uuid(), (message, id) => {
        const { payload } = encode(
          { kind: 'areaCommand', areaCode: '31318' },
          signed(TOPIC, { ...message, id: id.toLowerCase() }, key),
        );
        const decoded = decode(TOPIC, payload);
        if (!decoded.ok || decoded.kind !== 'areaCommand') throw new Error('not read');
        const reversed = Object.fromEntries(Object.entries(decoded.message).reverse());
        expect(signatureOf(TOPIC, reversed, keys)).toBe('VALID');
      }),
    );
  });

  it('is broken by a change of any byte: of the message, the signature, the key or the topic', () => {
    const text = JSON.stringify(signed(TOPIC, play, key));
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.integer({ min: 0x20, max: 0x7e }), (at, unit) => {
        const changed = text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1);
        let message: object;
        try {
          message = JSON.parse(changed) as object;
        } catch {
          return;
        }
        const same = canonicalJson(message) === canonicalJson(JSON.parse(text));
        expect(signatureOf(TOPIC, message, keys) === 'VALID').toBe(same);
      }),
      { numRuns: 2_000 },
    );
    expect(signatureOf('phusong/v1/a/93/command', signed(TOPIC, play, key), keys)).toBe('BAD_SIGNATURE');
    expect(signatureOf(TOPIC, signed(TOPIC, play, key), keys.slice(0, 1))).toBe('BAD_SIGNATURE');
    expect(signatureOf(TOPIC, play, keys)).toBe('UNSIGNED');
    const stranger = { ...key, privateKey: generateKeyPairSync('ed25519').privateKey };
    expect(signatureOf(TOPIC, signed(TOPIC, play, stranger), keys)).toBe('BAD_SIGNATURE');
  });

  it('never throws, whatever stands there', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.string(), (extra, keyId, value) => {
        const odd = { ...play, extra, signature: { keyId: keyId || key.keyId, value } };
        expect(signatureOf(TOPIC, odd, keys)).toBe('BAD_SIGNATURE');
      }),
    );
    const broken = { ...keys[1]!, publicKey: '-'.repeat(43) };
    expect(signatureOf(TOPIC, signed(TOPIC, play, key), [broken])).toBe('BAD_SIGNATURE');
  });

  it('is asked of emergencies and of stops', () => {
    expect([play, stop, ...commandExamples].map((message) => [message.type, mustBeSigned(message)])).toEqual([
      ['play', true],
      ['stop', true],
      ['play', false],
      ['stop', true],
      ['volume', false],
      ['self-test', false],
      ['reboot', false],
      ['log-ack', false],
      ['sync', false],
      ['live', false],
    ]);
  });
});
