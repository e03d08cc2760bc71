import fc from 'fast-check';
import { defaultParameters } from '../defaults.js';
import { smallAreas, smallSites } from '../fixtures/small-province.js';
import { buildGrid } from '../grid.js';
import type { LayerLevels } from '../layer-levels.js';
import { WarningCollector } from '../run-warning.js';
import type { SnapshotSite } from '../snapshot.js';
import { TECHNOLOGIES } from '../technology.js';
import { prepareTransmitters } from '../transmitters.js';
import { typescriptEngine } from '../typescript-engine.js';
import { cellAmounts, coveredCells, difference, sumOf, type NetworkView } from './amounts.js';
import { rankOutages, siteOutages } from './outage.js';

const parameters = defaultParameters({ resolution: 8, place: 'indoor', probability: 0.9 });
const grid = buildGrid(smallAreas(), parameters);
const amounts = cellAmounts(grid);
const ALL_AREAS = [...grid.areaCodes.keys()];

function levelsOf(sites: readonly SnapshotSite[]): { layers: LayerLevels[]; codes: string[] } {
  const prepared = prepareTransmitters(sites, parameters, grid.projection, new WarningCollector());
  const codes = sites.map(({ code }) => code).sort();
  return { layers: typescriptEngine.computeLevels(grid, prepared, parameters), codes };
}

/** Two operators on every mast: what hangs on it fails together. */
function shared(sites: readonly SnapshotSite[]): SnapshotSite[] {
  return sites.map((site, n) => ({
    ...site,
    cells: site.cells.map((cell, i) =>
      n % 2 === 0 && i % 2 === 0 ? { ...cell, operatorCode: 'op9' } : { ...cell },
    ),
  }));
}

describe('outages of single sites', () => {
  it('are for every view what a reckoning without the site comes to', () => {
    const sites = shared(smallSites(9, 5));
    const { layers, codes } = levelsOf(sites);
    const outages = siteOutages(amounts, layers, codes.length);
    const operators = ['op1', 'op2', 'op3', 'op9'];
    expect(outages.views).toHaveLength(1 + TECHNOLOGIES.length + operators.length + layers.length);
    let losses = 0;
    for (const code of codes) {
      const without = levelsOf(sites.filter((site) => site.code !== code)).layers;
      for (const view of outages.views) {
        const change = difference(
          grid,
          amounts,
          coveredCells(layers, view, grid.cellCount),
          coveredCells(without, view, grid.cellCount),
        );
        expect(change.gained).toHaveLength(0);
        const ranked = rankOutages(outages, view, codes, 'people', 100).sites.find(
          ({ siteCode }) => siteCode === code,
        );
        expect(ranked?.cells ?? 0).toBe(change.lost.length);
        for (const key of ['areaM2', 'population', 'households'] as const) {
          const [before, after] = [sumOf(change.before, ALL_AREAS), sumOf(change.after, ALL_AREAS)];
          expect(ranked?.[key] ?? 0).toBeCloseTo(before[key] - after[key], 5);
          expect(change.lostAmounts[key]).toBeCloseTo(ranked?.[key] ?? 0, 5);
        }
        losses += change.lost.length;
      }
    }
    expect(losses).toBeGreaterThan(0);
  });

  it('are told by count and exclusive or alone, for any layers', () => {
    const SITES = 4;
    const CELLS = 6;
    const serving = fc.array(fc.array(fc.nat({ max: SITES - 1 }), { maxLength: 3 }), {
      minLength: CELLS,
      maxLength: CELLS,
    });
    const layer = fc.record({
      technology: fc.constantFrom(...TECHNOLOGIES),
      operatorCode: fc.constantFrom('a', 'b'),
      serving,
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(layer, {
          maxLength: 6,
          selector: (l) => `${l.technology}${l.operatorCode}`,
        }),
        (given) => {
          const places = given.map((l) => l.serving.map((sites) => new Set(sites)));
          const layers = given.map(
            ({ technology, operatorCode }, l) =>
              ({
                technology,
                operatorCode,
                servingSites: Uint16Array.from(places[l] ?? [], ({ size }) => size),
                servingSiteXor: Uint32Array.from(places[l] ?? [], (set) =>
                  [...set].reduce((xor, site) => xor ^ (site + 1), 0),
                ),
              }) as LayerLevels,
          );
          const ones = new Float64Array(CELLS).fill(1);
          const outages = siteOutages({ areaM2: ones, population: ones, households: ones }, layers, SITES);
          const codes = ['s0', 's1', 's2', 's3'];
          for (const view of outages.views) {
            const { sites } = rankOutages(outages, view, codes, 'area', SITES);
            for (let site = 0; site < SITES; site++) {
              let lost = 0;
              for (let i = 0; i < CELLS; i++) {
                const all = new Set(
                  layers.flatMap((l, k) => (inView(view, l) ? [...(places[k]?.[i] ?? [])] : [])),
                );
                if (all.size === 1 && all.has(site)) lost++;
              }
              expect(sites.find(({ siteCode }) => siteCode === codes[site])?.cells ?? 0).toBe(lost);
            }
          }
        },
      ),
    );
  });

  it('rank by what is asked for, and equal ones by code', () => {
    const view: NetworkView = { technology: '4G', operatorCode: 'a' };
    const outages = {
      views: [view],
      sites: 4,
      losses: Float64Array.from([5, 1, 9, 1, 5, 7, 9, 1, 0, 0, 0, 0, 6, 1, 9, 1]),
    };
    const codes = ['z', 'b', 'n', 'a'];
    const order = (weight: 'people' | 'households' | 'area', limit = 9) =>
      rankOutages(outages, view, codes, weight, limit).sites.map(
        ({ siteCode, rank }) => `${rank}${siteCode}`,
      );
    expect(order('people')).toEqual(['1b', '2a', '3z']);
    expect(order('households')).toEqual(['1a', '2b', '3z']);
    expect(order('area')).toEqual(['1a', '2b', '3z']);
    expect(order('area', 2)).toEqual(['1a', '2b']);
    expect(rankOutages(outages, view, codes, 'area', 1).critical).toBe(3);
    expect(rankOutages(outages, { technology: '2G', operatorCode: null }, codes, 'area', 1)).toEqual({
      sites: [],
      critical: 0,
    });
  });
});

function inView(view: NetworkView, layer: LayerLevels): boolean {
  return (
    (view.technology === null || view.technology === layer.technology) &&
    (view.operatorCode === null || view.operatorCode === layer.operatorCode)
  );
}
