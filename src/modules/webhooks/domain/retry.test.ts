import { retryDelayS } from './retry.js';

test('each wait is longer than the one before, and all together are about a day', () => {
  const waits: number[] = [];
  for (let failures = 1; ; failures += 1) {
    const wait = retryDelayS(failures);
    if (wait === undefined) break;
    waits.push(wait);
  }
  expect(waits[0]).toBe(5);
  waits.forEach((wait, i) => expect(wait).toBeGreaterThan(waits[i - 1] ?? 0));
  const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3600;
  expect(hours).toBeGreaterThan(22);
  expect(hours).toBeLessThan(26);
});
