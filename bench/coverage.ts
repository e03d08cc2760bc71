import type { Progress } from '../src/console/progress.js';
import { textTable } from '../src/console/table.js';
import {
  cellId,
  defaultParameters,
  typescriptEngine,
  type CoverageGrid,
  type LayerLevels,
  type LevelEngine,
  type NetworkModel,
  type RunParameters,
  type SnapshotSite,
} from '../src/modules/coverage/domain/index.js';
import { WarningCollector } from '../src/modules/coverage/domain/run-warning.js';
import {
  prepareTransmitters,
  type PreparedTransmitters,
} from '../src/modules/coverage/domain/transmitters.js';
import { chooseEngine } from '../src/modules/coverage/engine/index.js';
import { numpyLevels } from './coverage/numpy.js';
import { gridOf, siteAt, sitesOf } from './coverage/province.js';
import { layerKey, straightforward } from './coverage/straightforward.js';

const SITES = 1_070;
const MANY_SITES = [1_070, 10_700, 50_000];
const VIEWS = [
  ['outdoor', 0.5],
  ['indoor', 0.9],
] as const;
/** Full reckoning of 12,840 transmitters on one warm thread by resolution, and other targets. */
const TARGET_MS: Record<number, number> = { 9: 40, 10: 220, 11: 1_200 };
const WHAT_IF_TARGET_MS = 2;
/** Distances on a sphere are off by up to 0.6 %, and bearings by a third of a degree. */
const NEAR_DB = 0.5;
const MEMORY_TARGET_MB = 200;
/** The slow ways reckon every so manyth site, and their time is taken as many times. */
const SAMPLE = { straightforward: 50, numpy: 10 };

interface Measured {
  what: string;
  value: number;
  unit: string;
  target: number | null;
  note: string;
}

/** Levels of a whole network at three resolutions, what-if, a growing network and memory; against plain ways to the same answer. */
export async function coverage(progress: Progress): Promise<object> {
  const { engine, missing } = chooseEngine();
  progress.done(`the engine ${engine.id} ${engine.version}${missing === null ? '' : `: ${missing}`}`);
  const sites = sitesOf(SITES);
  const grids = new Map<number, CoverageGrid>();
  const results: Measured[] = [];
  const put = (what: string, value: number, unit = 'ms', target: number | null = null, note = ''): void =>
    void results.push({ what, value, unit, target, note });

  for (const resolution of [9, 10, 11]) {
    const grid = gridOf(resolution);
    grids.set(resolution, grid);
    progress.done(`a grid of ${grid.cellCount} cells at resolution ${resolution}`);
    for (const [place, probability] of VIEWS) {
      const parameters = defaultParameters({ resolution, place, probability });
      const prepared = prepare(sites, parameters, grid);
      const before = memoryMb();
      const model = engine.openNetwork(grid, prepared, parameters);
      const usedMb = memoryMb() - before;
      const view = `${place} ${100 * probability} %, resolution ${resolution}`;
      const times = resolution > 10 ? 4 : 12;
      const full = best(times, () => model.reckonAll());
      put(`full, ${view}`, full.ms, 'ms', TARGET_MS[resolution] ?? null, cpu(full));
      if (resolution === 10 && place === 'outdoor')
        put('memory of the network', usedMb, 'MB', MEMORY_TARGET_MB);
      whatIfs(model, sites, (what, ms) =>
        put(`${what}, ${view}`, ms, 'ms', resolution === 10 ? WHAT_IF_TARGET_MS : null),
      );
    }
    progress.done(`full reckonings and what-ifs at resolution ${resolution}`);
  }
  const fine = grids.get(10) as CoverageGrid;
  const coarse = grids.get(9) as CoverageGrid;
  growth(engine, coarse, put);
  progress.done('a network that grows');
  await compare(engine, sites, coarse, fine, put, progress);
  progress.say(tableOf(results));
  return { engine: engine.id, results };
}

function prepare(
  sites: readonly SnapshotSite[],
  parameters: RunParameters,
  grid: CoverageGrid,
): PreparedTransmitters {
  return prepareTransmitters(sites, parameters, grid.projection, new WarningCollector());
}

interface Taken {
  ms: number;
  /** Processor time: less than the time where the machine does other things too. */
  cpuMs: number;
}

/** The quickest of some rounds, after a first that does not count: what else the machine does only adds. */
function best(times: number, work: () => unknown): Taken {
  work();
  const least: Taken = { ms: Infinity, cpuMs: Infinity };
  for (let n = 0; n < times; n++) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least.ms = Math.min(least.ms, performance.now() - startedAt);
    least.cpuMs = Math.min(least.cpuMs, (user + system) / 1000);
  }
  return least;
}

const cpu = ({ cpuMs }: Taken): string => `${cpuMs.toFixed(0)} ms of the processor`;

function median(times: number, work: (nr: number) => unknown, after: () => void): number {
  const taken: number[] = [];
  for (let nr = 0; nr < times; nr++) {
    const startedAt = performance.now();
    work(nr);
    taken.push(performance.now() - startedAt);
    after();
  }
  return taken.toSorted((a, b) => a - b)[times >> 1] ?? NaN;
}

function whatIfs(
  model: NetworkModel,
  sites: readonly SnapshotSite[],
  told: (what: string, ms: number) => void,
) {
  const pick = (nr: number): SnapshotSite => sites[(nr * 37) % sites.length] as SnapshotSite;
  const add = (nr: number) => {
    const { lon, lat } = pick(nr);
    return model.apply({ put: [siteAt(`t${nr}`, lon + 0.003, lat + 0.002, nr, 11 * nr)] });
  };
  const remove = (nr: number) => model.apply({ remove: [pick(nr).code] });
  const revert = (): void => model.revert();
  median(20, add, revert);
  told('a site is added', median(41, add, revert));
  told('a site is removed', median(41, remove, revert));
}

function growth(
  engine: LevelEngine,
  grid: CoverageGrid,
  put: (what: string, value: number, unit: string, target: number | null, note: string) => void,
): void {
  const parameters = defaultParameters({ resolution: 9 });
  let first = 0;
  for (const count of MANY_SITES) {
    const model = engine.openNetwork(grid, prepare(sitesOf(count), parameters, grid), parameters);
    const { ms, cpuMs } = best(count > 10_000 ? 1 : 5, () => model.reckonAll());
    first ||= cpuMs / count;
    const note = `${(cpuMs / count / first).toFixed(2)} of the processor time for each site`;
    put(`full, ${count} sites, outdoor 50 %, resolution 9`, ms, 'ms', null, note);
  }
}

async function compare(
  engine: LevelEngine,
  sites: readonly SnapshotSite[],
  coarse: CoverageGrid,
  fine: CoverageGrid,
  put: (what: string, value: number, unit: string, target: number | null, note: string) => void,
  progress: Progress,
): Promise<void> {
  const [place, probability] = VIEWS[0];
  const p9 = defaultParameters({ resolution: 9, place, probability });
  const p10 = defaultParameters({ resolution: 10, place, probability });
  const every = (nth: number) => sites.filter((_site, nr) => nr % nth === 0);
  const full9 = best(3, () => engine.computeLevels(coarse, prepare(sites, p9, coarse), p9));
  const full10 = best(3, () => engine.computeLevels(fine, prepare(sites, p10, fine), p10));
  put('from the sites on, resolution 9', full9.ms, 'ms', null, 'with tables, layout and copies');
  put('from the sites on, resolution 10', full10.ms, 'ms', null, 'with tables, layout and copies');
  const ratio = (ms: number, own: Taken): string => `${(ms / own.ms).toFixed(0)} times the engine`;

  const { ms: typescript10 } = best(1, () =>
    typescriptEngine.computeLevels(fine, prepare(sites, p10, fine), p10),
  );
  put('plain typed arrays, resolution 10', typescript10, 'ms', null, ratio(typescript10, full10));
  progress.done('the same in plain typed arrays');

  const few = every(SAMPLE.straightforward);
  const prepared9 = prepare(few, p9, coarse);
  const startedAt = performance.now();
  const heard = straightforward(coarse, prepared9, few, p9);
  const straight9 = ((performance.now() - startedAt) * sites.length) / few.length;
  const near = nearShare(coarse, engine.computeLevels(coarse, prepared9, p9), heard);
  put(
    'what one writes first, resolution 9',
    straight9,
    'ms',
    null,
    `extrapolated; ${ratio(straight9, full9)}`,
  );
  const straight10 = (straight9 * fine.cellCount) / coarse.cellCount;
  put(
    'what one writes first, resolution 10',
    straight10,
    'ms',
    null,
    `extrapolated; ${ratio(straight10, full10)}`,
  );
  put(
    `of its levels within ${NEAR_DB} dB`,
    100 * near,
    '%',
    null,
    'great circles on a sphere against the plane',
  );
  progress.done('what one writes first');

  const sample = every(SAMPLE.numpy);
  const numpy = numpyLevels(fine, prepare(sample, p10, fine), p10);
  if (!numpy) {
    progress.done('numpy is not there (Debian: python3-numpy)');
    return;
  }
  const numpyMs = (1000 * numpy.seconds * sites.length) / sample.length;
  put('numpy, resolution 10', numpyMs, 'ms', null, `extrapolated; ${ratio(numpyMs, full10)}`);
  const own = engine.computeLevels(fine, prepare(sample, p10, fine), p10);
  const served = own.reduce((sum, layer) => sum + layer.servingCells.filter((n) => n > 0).length, 0);
  put('served cells, numpy less the engine', numpy.served - served, '', null, `of ${served}`);
  progress.done(`numpy ${numpy.version}`);
}

/** How many of the levels that both hear are alike, 0–1. */
function nearShare(
  grid: CoverageGrid,
  layers: readonly LayerLevels[],
  heard: ReturnType<typeof straightforward>,
): number {
  let both = 0;
  let near = 0;
  for (const layer of layers) {
    const other = heard.get(layerKey(layer));
    for (let i = 0; i < grid.cellCount; i++) {
      const level = layer.levelDbm[i] as number;
      const theirs = other?.get(cellId(grid, i))?.levelDbm ?? -Infinity;
      if (!Number.isFinite(level) || !Number.isFinite(theirs)) continue;
      both++;
      if (Math.abs(level - theirs) <= NEAR_DB) near++;
    }
  }
  return near / both;
}

function memoryMb(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss / 1e6;
}

function tableOf(results: readonly Measured[]): string {
  return textTable(
    ['', 'measured', 'target', '', ''],
    results.map(({ what, value, unit, target, note }) => [
      what,
      `${value.toFixed(value < 10 ? 2 : 0)} ${unit}`,
      target === null ? '' : `${target} ${unit}`,
      target === null ? '' : value <= target ? 'ok' : 'MISSED',
      note,
    ]),
  );
}
