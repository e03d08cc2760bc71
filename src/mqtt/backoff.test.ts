import fc from 'fast-check';
import { reconnectDelayMs } from './backoff.js';

test('doubles from a second to two minutes', () => {
  expect([1, 2, 3, 7, 8, 50].map((failures) => reconnectDelayMs(failures, 0.5))).toEqual([
    1_000, 2_000, 4_000, 64_000, 120_000, 120_000,
  ]);
});

test('strays by a quarter at most, both ways', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2000 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (failures, random) => {
        const middle = reconnectDelayMs(failures, 0.5);
        const delay = reconnectDelayMs(failures, random);
        expect(delay).toBeGreaterThanOrEqual(middle * 0.75);
        expect(delay).toBeLessThanOrEqual(middle * 1.25);
      },
    ),
  );
  expect(reconnectDelayMs(1, 0)).toBe(750);
});
