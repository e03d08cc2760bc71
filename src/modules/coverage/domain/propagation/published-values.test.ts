import { cost231Hata } from './cost231.js';
import { extendedHata } from './extended-hata.js';
import { freeSpace, freeSpaceDb } from './free-space.js';
import { rangeWarnings, type Environment, type PropagationModel } from './model.js';
import { okumuraHata } from './okumura-hata.js';
import { rmaLosDb, rmaNlosDb } from './rma.js';
import { umaLosDb, umaNlosDb } from './uma.js';

/** Published to two to four decimals; all must be met within 0.01 dB. */
function expectDb(actual: number, published: number): void {
  expect(Math.abs(actual - published)).toBeLessThanOrEqual(0.01);
}

function loss(
  model: PropagationModel,
  [frequencyMhz, baseHeightM, mobileHeightM, distanceM]: [number, number, number, number],
  environment: Environment,
): number {
  return model.pathLossDb({ frequencyMhz, baseHeightM, mobileHeightM, distanceM, environment });
}

describe('values that other implementations published', () => {
  it.each([
    ['metropolitan', 137.93],
    ['urban', 137.88],
    ['suburban', 128.03],
  ] as const)('Okumura-Hata 869 MHz, 30 m, 1 m, 2 km: %s', (environment, published) => {
    expectDb(loss(okumuraHata, [869, 30, 1, 2000], environment), published);
  });

  it('COST-231 2114 MHz, 30 m, 1 m, 2 km, C = 0, with its range warning', () => {
    expectDb(loss(cost231Hata, [2114, 30, 1, 2000], 'urban'), 150.64);
    expect(
      rangeWarnings(cost231Hata, {
        frequencyMhz: 2114,
        baseHeightM: 30,
        mobileHeightM: 1,
        distanceM: 2000,
        environment: 'urban',
      }),
    ).toEqual(['frequency']);
  });

  it.each([
    [10, 77.3784],
    [100, 87.2965],
    [1000, 108.5577],
    [10_000, 140.3896],
  ])('RMa with line of sight, 5 GHz, 35 m, 1.5 m, %d m', (distanceM, published) => {
    expectDb(rmaLosDb(5000, distanceM, 35, 1.5), published);
  });

  it.each([
    [10, 77.3784],
    [100, 95.7718],
    [1000, 133.5223],
    [5000, 160.5169],
  ])('RMa without line of sight, %d m', (distanceM, published) => {
    expectDb(rmaNlosDb(5000, distanceM, 35, 1.5), published);
  });

  it.each([
    [10, 72.938],
    [100, 86.2362],
    [1000, 109.7252],
    [5000, 137.6794],
  ])('UMa with line of sight, 5 GHz, 25 m, 1.5 m, %d m', (distanceM, published) => {
    expectDb(umaLosDb(5000, distanceM, 25, 1.5), published);
  });

  it.each([
    [10, 82.5131],
    [100, 106.1356],
    [1000, 144.7641],
    [5000, 172.0753],
  ])('UMa without line of sight, %d m', (distanceM, published) => {
    expectDb(umaNlosDb(5000, distanceM, 25, 1.5), published);
  });

  it.each([
    [800, 500, 'suburban', 108.51],
    [1800, 5000, 'urban', 164.34],
    [700, 25_000, 'urban', 177.24],
  ] as const)(
    'Extended Hata %d MHz, 20 m, 1.5 m, %d m, %s',
    (frequencyMhz, distanceM, environment, published) => {
      expectDb(loss(extendedHata, [frequencyMhz, 20, 1.5, distanceM], environment), published);
    },
  );

  it('free space over the slant distance, 800 MHz, 20 m, 1.5 m, 1000 m', () => {
    expectDb(loss(freeSpace, [800, 20, 1.5, 1000], 'open'), 90.46);
  });

  it('free space by the textbook: 2400 MHz over 1 km', () => {
    expectDb(freeSpaceDb(2400, 1), 100.05);
  });
});

describe('errors known in public code are not repeated', () => {
  it('open-area Hata is 109.520, not 109.66', () => {
    expect(loss(okumuraHata, [869, 30, 1, 2000], 'open')).toBeCloseTo(109.52, 2);
  });

  it('COST-231 in a metropolis is 153.640, not 148.55', () => {
    expect(loss(cost231Hata, [2114, 30, 1, 2000], 'metropolitan')).toBeCloseTo(153.64, 2);
  });

  it('Extended Hata at 0.09 km is 100.572, not 76.82', () => {
    expect(loss(extendedHata, [1800, 20, 1.5, 90], 'urban')).toBeCloseTo(100.572, 3);
  });

  it('COST-231 keeps the fractions of its constants (46 and 33 lose 3.23 dB at 1800 MHz)', () => {
    const logF = Math.log10(1800);
    const logHb = Math.log10(30);
    const mobile = (1.1 * logF - 0.7) * 1.5 - (1.56 * logF - 0.8);
    const truncated = 46 + 33 * logF - 13.82 * logHb - mobile + (44.9 - 6.55 * logHb) * Math.log10(2);
    expect(loss(cost231Hata, [1800, 30, 1.5, 2000], 'urban') - truncated).toBeCloseTo(3.23, 2);
  });
});
