import fc from 'fast-check';
import {
  normalQuantile,
  receivedLevelDbm,
  referenceEirpDbm,
  referencePowerDbm,
  resourceBlocks,
  shadowMarginDb,
} from './link-budget.js';

describe('resource blocks', () => {
  it.each([
    ['4G', 1.4, 1800, 6],
    ['4G', 10, 900, 50],
    ['4G', 20, 1800, 100],
    ['5G', 20, 700, 106],
    ['5G', 20, 2600, 51],
    ['5G', 100, 3500, 273],
  ] as const)('%s with %d MHz at %d MHz has %d', (technology, bandwidthMhz, frequencyMhz, count) => {
    expect(resourceBlocks(technology, bandwidthMhz, frequencyMhz)).toEqual({ count, standard: true });
  });

  it('of a bandwidth outside the standard are reckoned, and it says so', () => {
    expect(resourceBlocks('4G', 12, 1800)).toEqual({ count: 60, standard: false });
    expect(resourceBlocks('5G', 55, 3500)).toEqual({ count: 137, standard: false });
    expect(resourceBlocks('4G', 0.1, 1800)).toEqual({ count: 1, standard: false });
  });
});

describe('the link budget', () => {
  it('gives RSRP of 20 MHz LTE: 46 dBm less 30.79 dB for 1200 subcarriers', () => {
    const carrier = { technology: '4G', frequencyMhz: 1840, bandwidthMhz: 20, txPowerDbm: 46 } as const;
    const eirp = referenceEirpDbm(carrier, 17.5, 0.5);
    expect(eirp).toBeCloseTo(46 - 30.792 + 17, 3);
    expect(
      receivedLevelDbm(eirp, { antennaDb: 3, pathLossDb: 120, entryLossDb: 10, marginDb: 10.25 }),
    ).toBeCloseTo(-111.042, 3);
  });

  it('gives the pilot for 3G and the whole carrier for 2G', () => {
    expect(referencePowerDbm({ technology: '3G', frequencyMhz: 2140, bandwidthMhz: 5, txPowerDbm: 43 })).toBe(
      33,
    );
    expect(
      referencePowerDbm({ technology: '2G', frequencyMhz: 945, bandwidthMhz: 0.2, txPowerDbm: 43 }),
    ).toBe(43);
  });
});

describe('the margin', () => {
  it.each([
    [0.5, 0],
    [0.75, 0.67449],
    [0.9, 1.28155],
    [0.95, 1.64485],
    [0.99, 2.32635],
    [0.01, -2.32635],
  ])('z(%d) is %d', (probability, z) => {
    expect(normalQuantile(probability)).toBeCloseTo(z, 5);
    expect(shadowMarginDb(probability, 8)).toBeCloseTo(8 * z, 4);
  });

  it('rises with the probability and is odd about 50 %', () => {
    const p = fc.double({ min: 0.001, max: 0.998, noNaN: true });
    fc.assert(
      fc.property(p, (probability) => {
        expect(normalQuantile(probability + 0.001)).toBeGreaterThan(normalQuantile(probability));
        expect(normalQuantile(1 - probability)).toBeCloseTo(-normalQuantile(probability), 6);
      }),
    );
  });

  it.each([0, 1, -1, NaN])('refuses %d', (probability) => {
    expect(() => normalQuantile(probability)).toThrow(RangeError);
  });
});
