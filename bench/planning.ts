import { cellToLatLng, cellToParent } from 'h3-js';
import { projectX, projectY, type AreaGeometry } from '../src/geo/index.js';
import type { Progress } from '../src/console/progress.js';
import { textTable } from '../src/console/table.js';
import { generateDemo } from '../src/demo/province/index.js';
import {
  cellId,
  defaultParameters,
  TECHNOLOGIES,
  usableAreas,
  type CoverageGrid,
  type RunParameters,
  type SnapshotCell,
  type SnapshotSite,
} from '../src/modules/coverage/domain/index.js';
import { buildGrid } from '../src/modules/coverage/domain/grid.js';
import {
  bestSites,
  candidateCovers,
  cellAmounts,
  coveredCells,
  difference,
  partsOf,
  rankOutages,
  uncoveredDemand,
  weighed,
} from '../src/modules/coverage/domain/planning/index.js';
import { WarningCollector } from '../src/modules/coverage/domain/run-warning.js';
import { prepareTransmitters } from '../src/modules/coverage/domain/transmitters.js';
import { chooseEngine } from '../src/modules/coverage/engine/index.js';

const RESOLUTION = 10;
/** About 13,000 places in the province. */
const CANDIDATE_RESOLUTION = 9;
const K = 10;
const PROVE_MS = 2_000;
const TIMES = 20;
const OPERATORS = ['a', 'b', 'c', 'd'];
const ANY = { technology: null, operatorCode: null };
const OF_ONE = { technology: '5G', operatorCode: 'a' } as const;

interface Measured {
  question: string;
  medianMs: number;
  targetMs: number;
  ok: boolean;
}

/** The questions of planning on one warm thread, without the interface: 1,070 sites with 12,840 transmitters in 16 layers. */
export async function planning(progress: Progress): Promise<object> {
  const demo = generateDemo(1);
  const areas = usableAreas(
    demo.areas.flatMap(({ code, kind, validTo, boundary, population, households, parentCode }) =>
      kind === 'commune' && validTo !== null && boundary
        ? [
            {
              code,
              polygon: boundary as unknown as AreaGeometry,
              population,
              households,
              centres: [],
              parentCode,
            },
          ]
        : [],
    ),
  );
  const parameters = defaultParameters({ resolution: RESOLUTION, place: 'indoor', probability: 0.9 });
  const grid = buildGrid(areas, parameters);
  const prepare = (sites: readonly SnapshotSite[]) =>
    prepareTransmitters(sites, parameters, grid.projection, new WarningCollector());
  const sites = demo.sites.map(({ code, lon, lat }, n) => fullSite(code, lon, lat, OPERATORS[n % 4] ?? 'a'));
  const { engine } = chooseEngine();
  const openedAt = performance.now();
  const model = engine.openNetwork(grid, prepare(sites), parameters);
  const openMs = performance.now() - openedAt;
  progress.done(`${grid.cellCount} cells, ${model.layers.length} layers, engine ${engine.id}`);
  const amounts = cellAmounts(grid);
  const results: Measured[] = [];
  const put = (question: string, targetMs: number, times: number, ask: (nr: number) => unknown): void => {
    const medianMs = medianOf(times, ask);
    results.push({ question, medianMs, targetMs, ok: medianMs <= targetMs });
    progress.done(question);
  };

  put('outage of every site, all views', 10, TIMES, () => {
    rankOutages(model.outages(amounts), ANY, model.siteCodes, 'people', 100);
  });
  const moved = (nr: number): SnapshotSite => {
    const { code, lon, lat } = sites[(nr * 37) % sites.length] as SnapshotSite;
    return fullSite(`new-${nr}`, lon + 0.003, lat + 0.003, code.length % 2 === 0 ? 'a' : 'b');
  };
  put('what-if in the engine: add a site and take it back', 2, TIMES, (nr) => {
    model.apply({ put: [moved(nr)] });
    model.revert();
  });
  put('what-if with before and after of every commune', 100, TIMES, (nr) => {
    const before = coveredCells(model.layers, ANY, grid.cellCount);
    model.apply({ put: [moved(nr)], remove: [sites[nr]?.code ?? ''] });
    difference(grid, amounts, before, coveredCells(model.layers, ANY, grid.cellCount));
    model.revert();
  });

  const places = candidatesOf(grid);
  const template = prepare([{ ...fullSite('new', 105.6, 9.8, 'a'), cells: sectorsOf('5G', 'a') }]);
  const siting = (prove: (() => boolean) | null) => {
    const covered = coveredCells(model.layers, OF_ONE, grid.cellCount);
    const demand = uncoveredDemand(grid, covered, weighed(amounts, 'people'), partsOf('people'));
    const problem = candidateCovers(grid, parameters, template, places, demand);
    const found = bestSites(problem, K, () => true, prove);
    return { ...found, places: demand.cells.length, pairs: problem.list.length };
  };
  put(`best ${K} of ${places.x.length} candidates, greedy and exchanges`, 150, 5, () => siting(null));
  const until = (ms: number) => {
    const end = performance.now() + ms;
    return () => performance.now() < end;
  };
  put(`the same with a bound by relaxation`, 2_500, 1, () => siting(until(PROVE_MS)));
  const { total, upperBound, optimal, pairs, places: open, rounds } = siting(until(PROVE_MS));
  const gapPercent = (100 * (upperBound - total)) / total;
  progress.say(
    textTable(
      ['question', 'median', 'target', ''],
      results.map(({ question, medianMs, targetMs, ok }) => [
        question,
        `${medianMs.toFixed(2)} ms`,
        `${targetMs} ms`,
        ok ? 'met' : 'MISSED',
      ]),
    ),
  );
  progress.say(
    `opening the network: ${openMs.toFixed(0)} ms; ${open} places to cover, ${pairs} pairs; ` +
      (optimal
        ? `proven optimal in ${rounds} rounds`
        : `at most ${gapPercent.toFixed(3)} % above the choice`),
  );
  return { openMs, results, siting: { places: open, pairs, optimal, gapPercent, rounds } };
}

/** All technologies in three sectors. */
function fullSite(code: string, lon: number, lat: number, operatorCode: string): SnapshotSite {
  const cells = TECHNOLOGIES.flatMap((technology) => sectorsOf(technology, operatorCode));
  return { code, lon, lat, structureHeightM: null, cells };
}

function sectorsOf(technology: SnapshotCell['technology'], operatorCode: string): SnapshotCell[] {
  const defaults: RunParameters['cellDefaults'][typeof technology] =
    defaultParameters().cellDefaults[technology];
  return [0, 120, 240].map((azimuthDeg, n) => ({
    code: `${technology}-${n}`,
    operatorCode,
    technology,
    frequencyMhz: defaults.frequencyMhz,
    bandwidthMhz: defaults.bandwidthMhz,
    azimuthDeg,
    horizontalBeamwidthDeg: defaults.horizontalBeamwidthDeg,
    verticalBeamwidthDeg: defaults.verticalBeamwidthDeg,
    tiltDeg: defaults.tiltDeg,
    antennaHeightM: 35,
    txPowerDbm: defaults.txPowerDbm,
    gainDbi: defaults.gainDbi,
    feederLossDb: defaults.feederLossDb,
    referenceEirpDbm: null,
  }));
}

function candidatesOf(grid: CoverageGrid): { x: Float64Array; y: Float64Array } {
  const parents = new Set(
    Array.from({ length: grid.cellCount }, (_, i) => cellToParent(cellId(grid, i), CANDIDATE_RESOLUTION)),
  );
  const centres = [...parents].map((id) => cellToLatLng(id));
  return {
    x: Float64Array.from(centres, ([, lon]) => projectX(grid.projection, lon)),
    y: Float64Array.from(centres, ([lat]) => projectY(grid.projection, lat)),
  };
}

function medianOf(times: number, ask: (nr: number) => unknown): number {
  const taken: number[] = [];
  for (let nr = -Math.min(times, 5); nr < times; nr++) {
    const startedAt = performance.now();
    ask(nr + 5);
    if (nr >= 0) taken.push(performance.now() - startedAt);
  }
  return taken.toSorted((a, b) => a - b)[times >> 1] ?? Number.NaN;
}
