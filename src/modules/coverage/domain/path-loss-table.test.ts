import fc from 'fast-check';
import { defaultParameters } from './defaults.js';
import { shadowMarginDb } from './link-budget.js';
import {
  entryLossDb,
  leastLossFrom,
  lossAt,
  LossTables,
  modelFor,
  reachSquaredM2,
} from './path-loss-table.js';
import { MODEL_IDS, type ModelId } from './propagation/registry.js';
import { LAND_COVERS, type LandCover } from './technology.js';

const withModel = (id: ModelId) => {
  const everywhere = { urban: id, suburban: id, open: id };
  return defaultParameters({
    place: 'indoor',
    probability: 0.9,
    models: { '2G': everywhere, '3G': everywhere, '4G': everywhere, '5G': everywhere },
  });
};

describe('loss tables', () => {
  it.each(MODEL_IDS)('are within 0.05 dB of %s, entry loss and margin included', (id) => {
    const parameters = withModel(id);
    const tables = new LossTables(parameters);
    fc.assert(
      fc.property(
        fc.double({ min: 10, max: 9_999, noNaN: true }),
        fc.constantFrom(12, 25, 33.5, 60),
        fc.constantFrom(900, 1840, 2600, 3500),
        fc.constantFrom<LandCover>(...LAND_COVERS),
        (distanceM, baseHeightM, frequencyMhz, landCover) => {
          const table = tables.table('4G', frequencyMhz, baseHeightM);
          const exact =
            modelFor(parameters, '4G', landCover).pathLossDb({
              frequencyMhz,
              distanceM,
              baseHeightM,
              mobileHeightM: parameters.mobileHeightM,
              environment: parameters.environments[landCover],
            }) +
            entryLossDb(parameters, landCover, frequencyMhz) +
            shadowMarginDb(0.9, parameters.shadowSigmaDb);
          const code = LAND_COVERS.indexOf(landCover);
          expect(Math.abs(lossAt(table, code, distanceM * distanceM) - exact)).toBeLessThan(0.05);
          const least = leastLossFrom(table, [0, 1, 2], distanceM * distanceM);
          expect(least).toBeLessThanOrEqual(lossAt(table, code, distanceM * distanceM));
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('know how far a loss reaches', () => {
    const table = new LossTables(withModel('extended-hata')).table('4G', 1840, 30);
    const openLoss = lossAt(table, LAND_COVERS.indexOf('open'), 3000 ** 2);
    const reach = Math.sqrt(reachSquaredM2(table, openLoss));
    expect(reach).toBeGreaterThanOrEqual(3000);
    expect(reach).toBeLessThan(3000 * 1.06);
    expect(reachSquaredM2(table, 10)).toBe(0);
    expect(reachSquaredM2(table, 500)).toBeGreaterThanOrEqual(10_000 ** 2);
  });

  it('are made once for a frequency and height', () => {
    const tables = new LossTables(defaultParameters());
    expect(tables.table('4G', 1840, 30)).toBe(tables.table('4G', 1840, 30));
    expect(tables.table('4G', 1840, 31)).not.toBe(tables.table('4G', 1840, 30));
  });
});
