import fc from 'fast-check';
import { checkFigures, hamletExcess, sumOfHamlets, type FibreFigures } from './fibre-rules.js';
import { lastDayOf, parseQuarter } from './quarter.js';
import { canonicalText, compareRows } from './snapshot.js';
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

describe('speed tiers', () => {
  const row = (passed: number, passed25Mbps: number | null, passed100Mbps: number | null = null) => ({
    households: 100,
    passed,
    connected: 0,
    passed25Mbps,
    passed100Mbps,
  });
  it.each<[string[], Partial<FibreFigures>]>([
    [[], { passed25Mbps: null, passed100Mbps: null }],
    [[], { passed25Mbps: 50, passed100Mbps: 50 }],
    [[], { passed100Mbps: 50 }],
    [['passed25Mbps ORDER'], { passed25Mbps: 51 }],
    [['passed100Mbps ORDER'], { passed100Mbps: 51 }],
    [['passed100Mbps ORDER'], { passed25Mbps: 30, passed100Mbps: 31 }],
    [['passed25Mbps COUNT'], { passed25Mbps: -1 }],
  ])('are refused as %j: %j', (refusals, change) => {
    const found = checkFigures({ households: 100, passed: 50, connected: 20, ...change });
    expect(found.map(({ field, code }) => `${field} ${code}`)).toEqual(refusals);
  });
  it('are unknown where nobody tells, and bounds where somebody does', () => {
    expect(communeTotals([row(50, null), row(40, null)])).toMatchObject({
      passed25MbpsAtLeast: null,
      passed25MbpsAtMost: null,
    });
    expect(communeTotals([row(50, 30), row(40, null)])).toMatchObject({
      passed25MbpsAtLeast: 30,
      passed25MbpsAtMost: 70,
      passed100MbpsAtLeast: null,
    });
    const told = communeTotals([row(50, 30)]);
    const untold = communeTotals([row(40, null)]);
    expect(sumTotals([told, untold])).toMatchObject({ passed25MbpsAtLeast: 30, passed25MbpsAtMost: 70 });
    expect(sumTotals([untold])).toMatchObject({ passed25MbpsAtLeast: null, passed25MbpsAtMost: null });
  });
  it('bound the truth, whoever does not tell', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            passed: fc.uniqueArray(fc.nat(39)),
            fastEvery: fc.integer({ min: 1, max: 3 }),
            tells: fc.boolean(),
          }),
          { minLength: 1, maxLength: 4 },
        ),
        (networks) => {
          const fast = networks.map(({ passed, fastEvery }) => passed.filter((_, i) => i % fastEvery === 0));
          const truth = new Set(fast.flat()).size;
          const { passed25MbpsAtLeast: least, passed25MbpsAtMost: most } = communeTotals(
            networks.map(({ passed, tells }, i) => ({
              households: 40,
              passed: passed.length,
              connected: 0,
              passed25Mbps: tells ? (fast[i]?.length ?? 0) : null,
            })),
          );
          if (least === null || most === null) return;
          expect(least).toBeLessThanOrEqual(truth);
          expect(most).toBeGreaterThanOrEqual(truth);
        },
      ),
    ));
});

describe('hamlets', () => {
  const figures = (
    households: number,
    passed: number,
    connected: number,
    passed25Mbps: number | null = null,
  ) => ({
    households,
    passed,
    connected,
    passed25Mbps,
    passed100Mbps: null,
  });
  it('do not add up to more than their commune', () => {
    const hamlets = [figures(60, 30, 10, 20), figures(50, 30, 10)];
    const found = hamletExcess(figures(100, 60, 25, 10), hamlets);
    expect(found.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'households HAMLETS_EXCEED',
      'passed25Mbps HAMLETS_EXCEED',
    ]);
    expect(hamletExcess(figures(110, 60, 20), hamlets)).toEqual([]);
  });
  it('make up a tier only when all of them tell it', () => {
    expect(sumOfHamlets([figures(60, 30, 10, 20), figures(50, 30, 10, 5)])).toEqual(figures(110, 60, 20, 25));
    expect(sumOfHamlets([figures(60, 30, 10, 20), figures(50, 30, 10)])).toEqual(figures(110, 60, 20, null));
  });
});

describe('the canonical text of a snapshot', () => {
  const row = (communeCode: string, hamletCode: string | null, operatorCode: string) => ({
    communeCode,
    communeName: 'Xã Vị "Tân"',
    hamletCode,
    hamletName: hamletCode,
    operatorCode,
    households: 3,
    passed: 2,
    connected: 1,
    source: null,
    attributes: {},
  });
  it('has a line per row, the commune as a whole first', () => {
    const rows = [
      row('b', null, 'vnpt'),
      row('a', 'h1', 'vnpt'),
      row('a', null, 'vnpt'),
      row('a', null, 'viettel'),
    ];
    const text = canonicalText('2025Q2', rows.sort(compareRows), () => [{ code: 'd', name: 'Đông' }]);
    expect(text.split('\n')).toEqual([
      '["2025Q2","a","Xã Vị \\"Tân\\"",null,null,[["d","Đông"]],"viettel",3,2,1,null,null,null]',
      '["2025Q2","a","Xã Vị \\"Tân\\"",null,null,[["d","Đông"]],"vnpt",3,2,1,null,null,null]',
      '["2025Q2","a","Xã Vị \\"Tân\\"","h1","h1",[["d","Đông"]],"vnpt",3,2,1,null,null,null]',
      '["2025Q2","b","Xã Vị \\"Tân\\"",null,null,[["d","Đông"]],"vnpt",3,2,1,null,null,null]',
    ]);
  });
  it('has custom attributes last, by name, where there are any', () => {
    const one = { ...row('a', null, 'vnpt'), attributes: { b: ['x'], a: 1.5, aa: true } };
    expect(canonicalText('2025Q2', [one], () => [])).toBe(
      '["2025Q2","a","Xã Vị \\"Tân\\"",null,null,[],"vnpt",3,2,1,null,null,null,[["a",1.5],["aa",true],["b",["x"]]]]',
    );
  });
});

describe('totals', () => {
  it('are the figures themselves with one operator', () =>
    fc.assert(
      fc.property(figures, (row) => {
        const { households, passed, connected } = row;
        expect(communeTotals([row])).toMatchObject({
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
