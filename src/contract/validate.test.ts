import fc from 'fast-check';
import { buildAsyncApi, channelAddress } from './asyncapi.js';
import { MESSAGES, type MessageOf } from './messages/index.js';
import { buildTopic, type Topic, type TopicKind } from './topics.js';
import { ContractError, decode, encode } from './validate.js';

const TOPICS: Record<TopicKind, Topic> = {
  state: { kind: 'state', clusterId: '31318-01' },
  birth: { kind: 'birth', clusterId: '31318-01' },
  desired: { kind: 'desired', clusterId: '31318-01' },
  reported: { kind: 'reported', clusterId: '31318-01' },
  command: { kind: 'command', clusterId: '31318-01' },
  ack: { kind: 'ack', clusterId: '31318-01' },
  log: { kind: 'log', clusterId: '31318-01' },
  alarm: { kind: 'alarm', clusterId: '31318-01', code: 'clock' },
  areaCommand: { kind: 'areaCommand', areaCode: '93' },
  serverState: { kind: 'serverState' },
};
const KINDS = Object.keys(MESSAGES) as TopicKind[];

describe('decode and encode', () => {
  it.each(KINDS)('carry every example of %s unchanged', (kind) => {
    expect(MESSAGES[kind].examples.length).toBeGreaterThan(0);
    for (const example of MESSAGES[kind].examples) {
      const encoded = encode(TOPICS[kind] as never, example as MessageOf[TopicKind] as never);
      expect(encoded).toMatchObject({
        topic: buildTopic(TOPICS[kind]),
        qos: 1,
        retain: MESSAGES[kind].retain,
      });
      expect(decode(encoded.topic, encoded.payload)).toEqual({
        ok: true,
        kind,
        topic: TOPICS[kind],
        message: example,
      });
    }
  });

  it.each(KINDS)('refuse %s with a field too many or one too few', (kind) => {
    const topic = buildTopic(TOPICS[kind]);
    for (const example of MESSAGES[kind].examples as Record<string, unknown>[]) {
      const more = Buffer.from(JSON.stringify({ ...example, surprise: 1 }));
      expect(decode(topic, more)).toMatchObject({ ok: false, code: 'INVALID' });
      const required = 'at' in example ? 'at' : 'issuedAt';
      const less = Buffer.from(JSON.stringify({ ...example, [required]: undefined }));
      expect(decode(topic, less)).toMatchObject({ ok: false, code: 'INVALID' });
    }
  });

  it('names what is wrong', () => {
    const state = { online: true, session: 'x', at: '2026-03-02T16:58:12Z' };
    const decoded = decode('phusong/v1/c/abc/state', Buffer.from(JSON.stringify(state)));
    expect(decoded).toMatchObject({ ok: false, reason: expect.stringContaining('/session') as string });
  });

  it.each([
    ['2026-03-02T16:58:12', false],
    ['2026-03-02T16:58:12Z', true],
    ['2026-03-02T16:58:12.5+07:00', true],
    ['2026-02-30T16:58:12Z', false],
    ['2026-03-02T16:58:60Z', false],
    ['2026-03-02T16:58:12Z[Asia/Ho_Chi_Minh]', false],
  ])('takes %s for an instant: %s', (at, ok) => {
    expect(decode('phusong/v1/server/state', Buffer.from(JSON.stringify({ online: true, at }))).ok).toBe(ok);
  });

  it('bounds the size before it reads', () => {
    const huge = Buffer.alloc(MESSAGES.state.maxBytes + 1, 0x20);
    expect(decode('phusong/v1/c/abc/state', huge)).toMatchObject({ ok: false, code: 'TOO_LARGE' });
    expect(decode('phusong/v1/c/abc/state', huge.subarray(1))).toMatchObject({ ok: false, code: 'NOT_JSON' });
  });

  it('takes an empty payload for a resolved alarm, and for nothing else', () => {
    expect(decode('phusong/v1/c/abc/alarm/clock', Buffer.alloc(0))).toMatchObject({
      ok: true,
      message: null,
    });
    expect(decode('phusong/v1/c/abc/state', Buffer.alloc(0))).toMatchObject({ ok: false, code: 'NOT_JSON' });
    expect(encode({ kind: 'alarm', clusterId: 'abc', code: 'clock' }, null)).toMatchObject({ retain: true });
  });

  it('never throw on any bytes under any topic', () => {
    const topics = fc.oneof(fc.string(), fc.constantFrom(...KINDS.map((kind) => buildTopic(TOPICS[kind]))));
    const bytes = fc.oneof(
      fc.uint8Array(),
      fc.json().map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(topics, bytes, (topic, payload) => {
        expect(typeof decode(topic, payload).ok).toBe('boolean');
      }),
    );
  });

  it('refuse to send what breaks the contract', () => {
    const at = 'yesterday';
    expect(() => encode({ kind: 'serverState' }, { online: true, at })).toThrow(ContractError);
    expect(() => encode({ kind: 'state', clusterId: 'a/b' }, { online: true, session: '', at })).toThrow();
  });
});

describe('the AsyncAPI document', () => {
  const document = buildAsyncApi({ version: '1.2.3' }) as unknown as {
    asyncapi: string;
    channels: Record<string, { address: string }>;
    operations: Record<string, { action: string; channel: { $ref: string }; messages: { $ref: string }[] }>;
    components: { messages: Record<string, { payload: object; examples: { payload: unknown }[] }> };
  };

  it('has a channel for each topic, and an operation of each side on it', () => {
    expect(document.asyncapi).toBe('3.0.0');
    expect(Object.keys(document.channels).sort()).toEqual([...KINDS].sort());
    expect(Object.keys(document.operations)).toHaveLength(2 * KINDS.length);
    expect(document.operations['serverReceivesState']?.action).toBe('receive');
    expect(document.operations['clusterSendsState']?.action).toBe('send');
    expect(document.operations['serverSendsDesired']?.action).toBe('send');
  });

  it('has addresses that are the topics that are built', () => {
    for (const kind of KINDS) {
      const { address } = channelAddress(kind);
      const filled = address
        .replace('{clusterId}', '31318-01')
        .replace('{areaCode}', '93')
        .replace('{code}', 'clock');
      expect(filled).toBe(buildTopic(TOPICS[kind]));
    }
  });

  it('points nowhere that is not there', () => {
    const text = JSON.stringify(document);
    for (const [, pointer = ''] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = pointer
        .split('/')
        .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
      expect([pointer, typeof found]).toEqual([pointer, 'object']);
    }
  });
});
