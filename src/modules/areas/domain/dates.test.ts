import fc from 'fast-check';
import { isIsoDate, localDate, periodContains, periodsOverlap, periodWithin, type Period } from './dates.js';

const day = fc
  .integer({ min: 0, max: 60 })
  .map((n) => new Date(Date.UTC(2025, 5, 1 + n)).toISOString().slice(0, 10));
const period: fc.Arbitrary<Period> = fc
  .tuple(day, fc.option(day, { nil: null }))
  .filter(([from, to]) => to === null || from < to)
  .map(([validFrom, validTo]) => ({ validFrom, validTo }));
const DAYS = Array.from({ length: 70 }, (_, n) =>
  new Date(Date.UTC(2025, 5, 1 + n)).toISOString().slice(0, 10),
);

describe('localDate', () => {
  it.each([
    ['2025-06-30T16:59:59Z', '2025-06-30'],
    ['2025-06-30T17:00:00Z', '2025-07-01'],
    ['2024-02-28T18:00:00Z', '2024-02-29'],
  ])('%s is %s in Vietnam', (at, date) => expect(localDate(new Date(at))).toBe(date));
});

describe('isIsoDate', () => {
  it.each(['2025-07-01', '2024-02-29', '1975-04-30'])('takes %s', (text) =>
    expect(isIsoDate(text)).toBe(true),
  );
  it.each(['2025-02-29', '2025-13-01', '2025-7-1', '01/07/2025', '', '2025-07-01T00:00', '0025-07-01'])(
    'refuses %s',
    (text) => expect(isIsoDate(text)).toBe(false),
  );
});

describe('periods', () => {
  it('are half-open', () => {
    const before = { validFrom: '2020-01-01', validTo: '2025-07-01' };
    expect(periodContains(before, '2025-06-30')).toBe(true);
    expect(periodContains(before, '2025-07-01')).toBe(false);
    expect(periodsOverlap(before, { validFrom: '2025-07-01', validTo: null })).toBe(false);
  });
  it('overlap exactly when they have a day in common', () =>
    fc.assert(
      fc.property(period, period, (a, b) => {
        const common = DAYS.some((date) => periodContains(a, date) && periodContains(b, date));
        expect(periodsOverlap(a, b)).toBe(common);
      }),
    ));
  it('lie within another exactly when each of their days does', () =>
    fc.assert(
      fc.property(period, period, (inner, outer) => {
        const all = [...DAYS, '2999-01-01'].every(
          (d) => !periodContains(inner, d) || periodContains(outer, d),
        );
        expect(periodWithin(inner, outer)).toBe(all);
      }),
    ));
});
