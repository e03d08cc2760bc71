import fc from 'fast-check';
import { clusterMayPublish, clusterMaySubscribe } from './access.js';
import {
  buildTopic,
  clusterFilters,
  parseTopic,
  serverFilters,
  TOPIC_ROOT,
  type Topic,
  type TopicKind,
} from './topics.js';

const clusterId = fc.stringMatching(/^[a-z0-9-]{3,40}$/);
const areaCode = fc.stringMatching(/^[A-Za-z0-9-]{1,32}$/);
const leaf = fc.constantFrom<Exclude<TopicKind, 'alarm' | 'areaCommand' | 'serverState'>>(
  'state',
  'birth',
  'desired',
  'reported',
  'command',
  'ack',
  'log',
);
const topic: fc.Arbitrary<Topic> = fc.oneof(
  fc.record({ kind: leaf, clusterId }),
  fc.record({ kind: fc.constant('alarm' as const), clusterId, code: fc.stringMatching(/^[a-z0-9-]{2,40}$/) }),
  fc.record({ kind: fc.constant('areaCommand' as const), areaCode }),
  fc.constant<Topic>({ kind: 'serverState' }),
);

describe('topics', () => {
  it('are read back as they were built', () => {
    fc.assert(fc.property(topic, (value) => expect(parseTopic(buildTopic(value))).toEqual(value)));
  });

  it('are built back as they were read, whatever is tried', () => {
    const levels = fc.constantFrom(
      'c',
      'a',
      'server',
      'state',
      'command',
      'alarm',
      'abc',
      '93',
      'clock',
      '',
      '+',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(levels, { maxLength: 6 }).map((parts) => [TOPIC_ROOT, ...parts].join('/')),
    );
    fc.assert(
      fc.property(text, (value) => {
        const parsed = parseTopic(value);
        if (parsed !== undefined) expect(buildTopic(parsed)).toBe(value);
      }),
    );
  });

  it.each([
    'phusong/v1/c/AB-1/state',
    'phusong/v1/c/ab/state',
    'phusong/v1/c/abc/state/x',
    'phusong/v1/c/abc/alarm',
    'phusong/v1/c/+/state',
    'phusong/v1/c/abc/areaCommand',
    'phusong/v1/c/abc/serverState',
    'phusong/v1/a/93/state',
    'phusong/v1/server/state/x',
    'phusong/v2/server/state',
    '$share/g/phusong/v1/server/state',
  ])('does not take %s for a topic', (text) => expect(parseTopic(text)).toBeUndefined());

  it('refuses to build with a wildcard or a slash in an id', () => {
    expect(() => buildTopic({ kind: 'command', clusterId: '+++' })).toThrow(RangeError);
    expect(() => buildTopic({ kind: 'areaCommand', areaCode: '93/x' })).toThrow(RangeError);
  });

  it('lets the server hear what clusters say, shared on demand', () => {
    expect(serverFilters()).toEqual([
      'phusong/v1/c/+/state',
      'phusong/v1/c/+/birth',
      'phusong/v1/c/+/reported',
      'phusong/v1/c/+/ack',
      'phusong/v1/c/+/log',
      'phusong/v1/c/+/alarm/+',
    ]);
    expect(serverFilters('workers')[0]).toBe('$share/workers/phusong/v1/c/+/state');
    expect(() => serverFilters('a/b')).toThrow(RangeError);
  });
});

describe('what a cluster may do', () => {
  it('publishes its own words only', () => {
    fc.assert(
      fc.property(clusterId, topic, (id, value) => {
        const own = 'clusterId' in value && value.clusterId === id;
        const spoken = !['desired', 'command', 'areaCommand', 'serverState'].includes(value.kind);
        expect(clusterMayPublish(id, buildTopic(value))).toBe(own && spoken);
      }),
    );
    expect(clusterMayPublish('abc', 'phusong/v1/c/abc/state')).toBe(true);
    expect(clusterMayPublish('abc', 'phusong/v1/c/abc/desired')).toBe(false);
    expect(clusterMayPublish('abc', 'phusong/v1/c/abd/state')).toBe(false);
    expect(clusterMayPublish('abc', '$SYS/x')).toBe(false);
  });

  it('subscribes to all it needs', () => {
    const chain = ['31318', '930', '93'];
    for (const filter of clusterFilters('abc', chain))
      expect(clusterMaySubscribe('abc', chain, filter)).toBe(true);
    expect(clusterMaySubscribe('abc', chain, 'phusong/v1/c/abc/#')).toBe(true);
    expect(clusterMaySubscribe('abc', chain, 'phusong/v1/c/abc/alarm/+')).toBe(true);
  });

  it.each([
    '#',
    '+/#',
    'phusong/#',
    'phusong/v1/#',
    'phusong/v1/c/#',
    'phusong/v1/c/+/state',
    'phusong/v1/c/abcd/state',
    'phusong/v1/c/abc',
    'phusong/v1/a/+/command',
    'phusong/v1/a/940/command',
    '$share/g/phusong/v1/c/abc/command',
    '$SYS/#',
  ])('does not subscribe to %s', (filter) => {
    expect(clusterMaySubscribe('abc', ['31318', '930', '93', '+'], filter)).toBe(false);
  });
});
