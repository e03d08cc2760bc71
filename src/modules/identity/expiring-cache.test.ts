import { ExpiringCache } from './expiring-cache.js';

const realNow = Date.now;
let nowMs = 1_000_000;
beforeEach(() => (Date.now = () => nowMs));
afterEach(() => (Date.now = realNow));

test('an answer is kept until it is too old', async () => {
  const cache = new ExpiringCache<number>(10, 5_000);
  let asked = 0;
  const ask = () => cache.get('a', async () => (asked += 1));
  expect(await ask()).toBe(1);
  nowMs += 4_999;
  expect(await ask()).toBe(1);
  nowMs += 1;
  expect(await ask()).toBe(2);
});

test('the least recently used goes first', async () => {
  const cache = new ExpiringCache<string>(2, 5_000);
  const asked: string[] = [];
  const ask = (key: string) => cache.get(key, async () => (asked.push(key), key));
  await ask('a');
  await ask('b');
  await ask('a');
  await ask('c');
  expect(cache.size).toBe(2);
  await ask('a');
  expect(asked).toEqual(['a', 'b', 'c']);
  await ask('b');
  expect(asked).toEqual(['a', 'b', 'c', 'b']);
});

test('"there is none" is not kept', async () => {
  const cache = new ExpiringCache<string>(2, 5_000);
  expect(await cache.get('a', async () => undefined)).toBeUndefined();
  expect(await cache.get('a', async () => 'now')).toBe('now');
});

test.each(['forget', 'clear'] as const)('%s also holds for an answer on its way', async (way) => {
  const cache = new ExpiringCache<string>(2, 5_000);
  let answer: (value: string) => void = () => undefined;
  const early = cache.get('a', () => new Promise<string>((resolve) => (answer = resolve)));
  if (way === 'forget') cache.forget('a');
  else cache.clear();
  answer('old');
  expect(await early).toBe('old');
  expect(await cache.get('a', async () => 'new')).toBe('new');
});
