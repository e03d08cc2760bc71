import { smallProvince } from './fixtures/small-province.js';
import { defaultParameters } from './defaults.js';
import { computeRun } from './run.js';
import { servingSites } from './servers-at.js';

describe('the sites that serve a place', () => {
  const parameters = defaultParameters({ resolution: 9, probability: 0.9 });
  const { grid, cells } = computeRun(smallProvince(40), parameters);
  const layer = cells.layers.find(
    ({ technology, operatorCode }) => technology === '4G' && operatorCode === 'op1',
  );

  it('are those that the run has counted, its best one first', () => {
    if (!layer) throw new Error('the fixture has no 4G of op1');
    const own = cells.transmitters.filter(({ layerIndex }) => cells.layers[layerIndex] === layer);
    let [otherCount, otherBest, compared] = [0, 0, 0];
    for (let i = 0; i < grid.cellCount; i += 3) {
      const sites = servingSites(grid, i, own, parameters);
      const served = (layer.servingSites[i] as number) > 0;
      if (sites.length !== layer.servingSites[i]) otherCount++;
      if (!served || !sites[0]) continue;
      compared++;
      if (sites[0].siteCode !== cells.transmitters[layer.bestCell[i] as number]?.siteCode) otherBest++;
      else if (Math.abs(sites[0].levelDbm - (layer.levelDbm[i] as number)) > 0.1) otherBest++;
    }
    expect(compared).toBeGreaterThan(100);
    // Levels within some hundredths of a decibel of a threshold, or of each other, may fall to either side.
    expect(otherCount / compared).toBeLessThan(0.01);
    expect(otherBest / compared).toBeLessThan(0.01);
  });

  it('are none out of range, and none without transmitters', () => {
    expect(servingSites(grid, 0, [], parameters)).toEqual([]);
    const [any] = cells.transmitters;
    if (!any) throw new Error('the fixture has no transmitter');
    expect(servingSites(grid, 0, [{ ...any, x: 1e6 }], parameters)).toEqual([]);
  });
});
