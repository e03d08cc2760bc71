import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { backoffDelayMs, RECONNECT_BACKOFF } from './backoff.js';
import { readCredentials } from './credentials.js';
import { Limiter } from './limiter.js';
import { countOf, mqttVersionOf, readArguments, urlOf, UsageError, COMMON_OPTIONS } from './settings.js';

describe('the back-off', () => {
  it('doubles from 1 s to 2 min, a quarter more or less', () => {
    const plain = [0, 1, 2, 6, 7, 8, 1000].map((attempt) => backoffDelayMs(attempt, RECONNECT_BACKOFF, 0.5));
    expect(plain).toEqual([1_000, 2_000, 4_000, 64_000, 120_000, 120_000, 120_000]);
    const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.nat(100), random, (attempt, chance) => {
        const middle = backoffDelayMs(attempt, RECONNECT_BACKOFF, 0.5);
        const delay = backoffDelayMs(attempt, RECONNECT_BACKOFF, chance);
        expect(Math.abs(delay - middle)).toBeLessThanOrEqual(middle * 0.25 + 1);
      }),
    );
  });
});

describe('the limiter', () => {
  it('runs all, never more than allowed at once, and outlives failures', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(fc.boolean()), async (limit, outcomes) => {
        const limiter = new Limiter(limit);
        let running = 0;
        let most = 0;
        const results = await Promise.allSettled(
          outcomes.map((good) =>
            limiter.run(async () => {
              running += 1;
              most = Math.max(most, running);
              await new Promise((resolve) => setImmediate(resolve));
              running -= 1;
              if (!good) throw new Error('bad');
            }),
          ),
        );
        expect(results.map(({ status }) => status === 'fulfilled')).toEqual(outcomes);
        expect(most).toBe(Math.min(limit, outcomes.length));
      }),
    );
  });
});

describe('the arguments', () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'credentials-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const file = (text: string): string => {
    const path = join(folder, 'credentials');
    writeFileSync(path, text);
    return path;
  };

  it('name credentials as JSON or as CSV', () => {
    const expected = [
      { id: '31318-01', secret: 'a,b' },
      { id: '31318-02', secret: 'c' },
    ];
    expect(readCredentials(file(JSON.stringify(expected)))).toEqual(expected);
    expect(readCredentials(file('\ufeffsecret,id\r\n"a,b",31318-01\r\n\r\nc,31318-02\r\n'))).toEqual(
      expected,
    );
  });

  it.each([
    '[{"id":"31318-01"}]',
    '[null]',
    '[',
    'id\n31318-01\n',
    'id,secret\nAB,x\n',
    '[{"id":"abc","secret":""}]',
  ])('refuse %j', (text) => expect(() => readCredentials(file(text))).toThrow(UsageError));

  it('say what is wrong in one line', () => {
    expect(() => readCredentials(join(folder, 'nowhere'))).toThrow(UsageError);
    expect(() => readArguments(['--colour', 'red'], COMMON_OPTIONS)).toThrow(UsageError);
    expect(() => urlOf('localhost:1883', ['mqtt:'], 'mqtt')).toThrow(UsageError);
    expect(urlOf('mqtt://localhost', ['mqtt:'], 'mqtt')).toBe('mqtt://localhost');
    expect(() => mqttVersionOf('3')).toThrow(UsageError);
    expect([mqttVersionOf('3.1.1'), mqttVersionOf('5')]).toEqual([4, 5]);
    for (const bad of ['0', '-1', '1.5', 'x', '']) expect(() => countOf(bad, 'clusters')).toThrow(UsageError);
    expect(countOf('3500', 'clusters')).toBe(3500);
  });
});
