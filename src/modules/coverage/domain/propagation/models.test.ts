import fc from 'fast-check';
import { buildingEntryLossDb } from './building-entry.js';
import { extendedHata } from './extended-hata.js';
import { freeSpaceSlantDb } from './free-space.js';
import { ENVIRONMENTS, rangeWarnings } from './model.js';
import { largeCityMobileCorrectionDb, okumuraHata } from './okumura-hata.js';
import { findModel, MODEL_IDS } from './registry.js';
import { rmaLosDb, rmaLosProbability, rmaModel, rmaNlosDb } from './rma.js';
import { umaLosDb, umaLosProbability, umaModel, umaNlosDb } from './uma.js';

const params = fc.record({
  frequencyMhz: fc.double({ min: 150, max: 4000, noNaN: true }),
  baseHeightM: fc.double({ min: 5, max: 150, noNaN: true }),
  mobileHeightM: fc.double({ min: 1.2, max: 4, noNaN: true }),
  distanceM: fc.double({ min: 1, max: 35_000, noNaN: true }),
  environment: fc.constantFrom(...ENVIRONMENTS),
});

describe('every model', () => {
  it('is found by its id, and only so', () => {
    for (const id of MODEL_IDS) expect(findModel(id)?.id).toBe(id);
    expect(findModel('itm')).toBeUndefined();
  });

  it.each(MODEL_IDS)('%s gives a number everywhere, and a greater one further away', (id) => {
    const model = findModel(id);
    if (!model) throw new Error(id);
    fc.assert(
      fc.property(params, (p) => {
        const near = model.pathLossDb(p);
        // 3GPP's curves have small steps down at the breakpoint (RMa 0.1 dB, UMa with low masts more), so a wide step is taken.
        const far = model.pathLossDb({ ...p, distanceM: p.distanceM * 1.5 + 20 });
        expect(Number.isFinite(near)).toBe(true);
        expect(far).toBeGreaterThan(near);
      }),
    );
  });
});

describe('rangeWarnings', () => {
  it('names each parameter outside, and none at the ends of the range', () => {
    const atEnd = {
      frequencyMhz: 150,
      baseHeightM: 200,
      mobileHeightM: 10,
      distanceM: 1000,
      environment: 'open',
    } as const;
    expect(rangeWarnings(okumuraHata, atEnd)).toEqual([]);
    expect(
      rangeWarnings(okumuraHata, {
        frequencyMhz: 149,
        baseHeightM: 29,
        mobileHeightM: 0.9,
        distanceM: 999,
        environment: 'open',
      }),
    ).toEqual(['frequency', 'base-height', 'mobile-height', 'distance']);
    expect(rangeWarnings(extendedHata, { ...atEnd, environment: 'metropolitan' })).toEqual(['environment']);
  });

  it('warns of UMa with a mast taller than 25 m', () => {
    const p = { frequencyMhz: 3500, mobileHeightM: 1.5, distanceM: 500, environment: 'urban' } as const;
    expect(rangeWarnings(umaModel(), { ...p, baseHeightM: 25 })).toEqual([]);
    expect(rangeWarnings(umaModel(), { ...p, baseHeightM: 42 })).toEqual(['base-height']);
  });
});

describe('Hata', () => {
  it('has 18.6 dB between suburb and open country at 900 MHz', () => {
    const p = { frequencyMhz: 900, baseHeightM: 30, mobileHeightM: 1.5, distanceM: 3000 };
    const suburban = okumuraHata.pathLossDb({ ...p, environment: 'suburban' });
    const open = okumuraHata.pathLossDb({ ...p, environment: 'open' });
    expect(suburban - open).toBeCloseTo(18.6, 1);
  });

  it('takes the low curve of a large city at 150 MHz', () => {
    expect(largeCityMobileCorrectionDb(150, 3)).toBeCloseTo(8.29 * Math.log10(4.62) ** 2 - 1.1, 10);
  });
});

describe('Extended Hata', () => {
  it('is never below free space', () => {
    fc.assert(
      fc.property(params, (p) => {
        const floor = freeSpaceSlantDb(p.frequencyMhz, p.distanceM, p.baseHeightM, p.mobileHeightM);
        expect(extendedHata.pathLossDb(p)).toBeGreaterThanOrEqual(floor);
      }),
    );
  });

  it.each([40, 100, 20_000])('has no step at %d m', (distanceM) => {
    for (const environment of ['urban', 'suburban', 'open'] as const) {
      const p = { frequencyMhz: 1800, baseHeightM: 35, mobileHeightM: 1.5, environment };
      const before = extendedHata.pathLossDb({ ...p, distanceM: distanceM * (1 - 1e-9) });
      const after = extendedHata.pathLossDb({ ...p, distanceM: distanceM * (1 + 1e-9) });
      expect(Math.abs(after - before)).toBeLessThan(1e-3);
    }
  });

  it.each([
    [150, 0],
    [1500, 1.156],
    [2000, 0],
  ])('has at %d MHz the step that its publication has', (f, published) => {
    const p = { baseHeightM: 35, mobileHeightM: 1.5, environment: 'urban', distanceM: 3000 } as const;
    const below = extendedHata.pathLossDb({ ...p, frequencyMhz: f });
    const above = extendedHata.pathLossDb({ ...p, frequencyMhz: f + 1e-6 });
    expect(above - below).toBeCloseTo(published, 3);
  });
});

describe('38.901', () => {
  it('knows how likely sight is', () => {
    expect(rmaLosProbability(10)).toBe(1);
    expect(rmaLosProbability(1010)).toBeCloseTo(Math.exp(-1), 10);
    expect(umaLosProbability(18)).toBe(1);
    expect(umaLosProbability(63)).toBeCloseTo(18 / 63 + Math.exp(-1) * (1 - 18 / 63), 10);
  });

  it('blends between the two curves, and the conservative mode is the curve without sight', () => {
    fc.assert(
      fc.property(params, (p) => {
        const los = rmaLosDb(p.frequencyMhz, p.distanceM, p.baseHeightM, p.mobileHeightM);
        const nlos = rmaNlosDb(p.frequencyMhz, p.distanceM, p.baseHeightM, p.mobileHeightM);
        const blend = rmaModel('blend').pathLossDb(p);
        expect(blend).toBeGreaterThanOrEqual(los - 1e-9);
        expect(blend).toBeLessThanOrEqual(nlos + 1e-9);
        expect(rmaModel('nlos').pathLossDb(p)).toBe(nlos);
        const uma = umaModel('blend').pathLossDb(p);
        expect(uma).toBeLessThanOrEqual(
          umaNlosDb(p.frequencyMhz, p.distanceM, p.baseHeightM, p.mobileHeightM) + 1e-9,
        );
        expect(uma).toBeGreaterThanOrEqual(
          umaLosDb(p.frequencyMhz, p.distanceM, p.baseHeightM, p.mobileHeightM) - 1e-9,
        );
      }),
    );
  });
});

describe('loss into buildings', () => {
  it('is what the two mixtures of table 7.4.3-2 give at 1.8 and 3.5 GHz', () => {
    // By hand for 1.8 GHz: glass 2.36, coated glass 23.54, concrete 12.2 dB.
    expect(buildingEntryLossDb('low', 1800)).toBeCloseTo(
      5 - 10 * Math.log10(0.3 * 0.58076 + 0.7 * 0.060256),
      3,
    );
    expect(buildingEntryLossDb('high', 1800)).toBeCloseTo(
      5 - 10 * Math.log10(0.7 * 0.0044259 + 0.3 * 0.060256),
      3,
    );
    expect(buildingEntryLossDb('high', 3500)).toBeGreaterThan(buildingEntryLossDb('low', 3500) + 10);
  });
});
