import fc from 'fast-check';
import { checkFigures, type FibreFigures } from './fibre-rules.js';
import { lastDayOf, parseQuarter } from './quarter.js';
import { communeTotals, percentOf, sumTotals } from './totals.js';

const figures: fc.Arbitrary<FibreFigures> = fc
  .tuple(fc.nat(5000), fc.nat(5000), fc.nat(5000))
  .map((numbers) => numbers.sort((a, b) => b - a))
  .map(([households = 0, passed = 0, connected = 0]) => ({ households, passed, connected }));

describe('quarter', () => {
  it.each([
    ['2025Q2', '2025Q2', '2025-06-30'],
    ['2024-q4', '2024Q4', '2024-12-31'],
    [' 2025-Q1 ', '2025Q1', '2025-03-31'],
    ['2025Q3', '2025Q3', '2025-09-30'],
  ])('%s is %s and ends on %s', (text, quarter, day) => {
    expect(parseQuarter(text)).toBe(quarter);
    expect(lastDayOf(quarter)).toBe(day);
  });
  it.each(['2025Q5', '2025', 'Q2', '25Q2', '2025Q22', ''])('%s is none', (text) =>
    expect(parseQuarter(text)).toBeUndefined(),
  );
});

describe('checkFigures', () => {
  it('takes connected ≤ passed ≤ households', () =>
    fc.assert(fc.property(figures, (row) => expect(checkFigures(row)).toEqual([]))));
  it.each<[string, Partial<FibreFigures>]>([
    ['passed ORDER', { passed: 101, connected: 0 }],
    ['connected ORDER', { connected: 51 }],
    ['households COUNT', { households: -1 }],
    ['passed COUNT', { passed: 1.5 }],
    ['connected COUNT', { connected: Number.NaN }],
  ])('refuses %s', (refusal, change) => {
    const found = checkFigures({ households: 100, passed: 50, connected: 20, ...change });
    expect(found.map(({ field, code }) => `${field} ${code}`)).toEqual([refusal]);
    expect(found[0]?.vi).toMatch(/phải|không được/);
  });
  it('names both when passed is above households and connected above passed', () =>
    expect(checkFigures({ households: 10, passed: 20, connected: 30 })).toHaveLength(2));
});

describe('totals', () => {
  it('are the figures themselves with one operator', () =>
    fc.assert(
      fc.property(figures, (row) => {
        const { households, passed, connected } = row;
        expect(communeTotals([row])).toEqual({
          households,
          passedAtLeast: passed,
          passedAtMost: passed,
          connected,
        });
      }),
    ));
  it('bound the truth, whichever households the networks pass', () =>
    fc.assert(
      fc.property(
        // Each operator passes a set of the commune's 40 households.
        fc.array(fc.uniqueArray(fc.nat(39)), { minLength: 1, maxLength: 4 }),
        (networks) => {
          const truth = new Set(networks.flat()).size;
          const rows = networks.map((passed) => ({ households: 40, passed: passed.length, connected: 0 }));
          const { passedAtLeast, passedAtMost } = communeTotals(rows);
          expect(passedAtLeast).toBeLessThanOrEqual(truth);
          expect(passedAtMost).toBeGreaterThanOrEqual(truth);
          expect(passedAtMost).toBeLessThanOrEqual(40);
        },
      ),
    ));
  it('keep connected within what is passed, and add up over communes', () =>
    fc.assert(
      fc.property(fc.array(fc.array(figures)), (communes) => {
        const totals = communes.map(communeTotals);
        for (const { connected, passedAtMost, passedAtLeast } of totals) {
          expect(connected).toBeLessThanOrEqual(passedAtMost);
          expect(passedAtLeast).toBeLessThanOrEqual(passedAtMost);
        }
        const all = sumTotals(totals);
        expect(all.households).toBe(totals.reduce((sum, { households }) => sum + households, 0));
        expect(all.connected).toBeLessThanOrEqual(all.passedAtMost);
      }),
    ));
  it('never rounds up to all', () => {
    expect(percentOf(9999, 10_000)).toBe(99.9);
    expect(percentOf(10, 10)).toBe(100);
    expect(percentOf(0, 0)).toBeNull();
  });
});
