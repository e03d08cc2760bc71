import type {
  AskedParameters,
  CoverageFigure,
  CoverageWarning,
  Scenario,
  StoredManifest,
} from './coverage.types.js';
import {
  RUN_STAGES,
  TECHNOLOGIES,
  type CoverageGrid,
  type LayerLevels,
  type RunManifest,
  type RunParameters,
  type RunResult,
  type RunStage,
  type RunView,
  type StoredLevels,
  type Transmitter,
} from './domain/index.js';
import { histogramsOf, type HistogramRow } from './reckon-histograms.js';
import { parametersOf, scenariosOf } from './run-request.js';
import type { RegisterSnapshot } from './run-snapshot.js';
import { packArrays } from './typed-arrays.js';
import type { CoverageProgress, RunInWorkerOptions } from './worker/index.js';

/** A figure as it is stored: the percentages follow from the numbers, the name from the unit. */
export type FigureRow = Omit<
  CoverageFigure,
  'areaName' | 'areaPercent' | 'populationPercent' | 'householdsPercent'
>;

/** What `bestCell` of a layer points into. */
export type StoredTransmitter = Transmitter & { operatorCode: string };

/** All that came out of a run, ready to be stored. */
export interface ReckonedRun {
  manifest: StoredManifest;
  warnings: CoverageWarning[];
  figures: FigureRow[];
  histograms: HistogramRow[];
  layers: (Scenario & { technology: string; operator: string; data: Buffer })[];
  transmitters: { count: number; data: Buffer };
}

export interface ReckonHooks {
  /** Reckons all views of one preparation, in their order, and tells what comes meanwhile. */
  compute: (parameters: RunParameters, views: readonly RunView[], told: ViewsTold) => Promise<void>;
  /** A grid that had to be made. */
  madeGrid: (grid: CoverageGrid) => Promise<void>;
  /** 0–1, and what is being done. */
  progress: (fraction: number, note: string) => void;
}

/** What comes while views are reckoned. */
export type ViewsTold = Required<Pick<RunInWorkerOptions, 'onProgress' | 'onGrid' | 'onView'>>;

/** Of the whole work, until only storing is left. */
const RECKONING_SHARE = 0.9;

/** Reckons all views of a run, on one grid; each is packed while the next is reckoned. */
export async function reckonRun(
  asked: AskedParameters,
  register: RegisterSnapshot,
  hooks: ReckonHooks,
): Promise<ReckonedRun> {
  const scenarios = scenariosOf(asked);
  const [any] = scenarios;
  if (!any) throw new Error('a run without a view');
  const views = scenarios.map(({ environment, probability }) => ({ place: environment, probability }));
  const ranges: StoredManifest['scenarios'] = [];
  const figures: FigureRow[] = [];
  const histograms: HistogramRow[] = [];
  const layers: Promise<ReckonedRun['layers'][number]>[] = [];
  const saved: Promise<void>[] = [];
  const firsts: RunResult[] = [];
  const onView = (result: RunResult, view: number): void => {
    const scenario = scenarios[view];
    if (!scenario) throw new Error(`there is no view ${view}`);
    if (view === 0) firsts.push(result);
    ranges.push({ ...scenario, marginDb: result.manifest.marginDb, ranges: result.manifest.ranges });
    figures.push(...figuresOf(result, scenario, register));
    histograms.push(...histogramsOf(result, scenario, register));
    for (const layer of result.cells.layers) layers.push(packed(scenario, layer));
  };
  try {
    await hooks.compute(parametersOf(asked, any), views, {
      onProgress: (progress) => hooks.progress(...progressOf(progress, scenarios)),
      onGrid: (grid) => saved.push(hooks.madeGrid(grid)),
      onView,
    });
  } finally {
    // Nothing of it goes on behind the back of whoever hears that the run has failed.
    await Promise.allSettled([...saved, ...layers]);
  }
  hooks.progress(RECKONING_SHARE, 'storing');
  await Promise.all(saved);
  const [first] = firsts;
  if (!first || ranges.length < scenarios.length) throw new Error('a view was not reckoned');
  const transmitters = transmittersOf(first);
  return {
    manifest: manifestOf(first.manifest, ranges, asked, register),
    warnings: [...first.manifest.warnings, ...warningsOfAbsent(first, asked)],
    figures,
    histograms,
    layers: await Promise.all(layers),
    transmitters: { count: transmitters.length, data: await packArrays({ transmitters }) },
  };
}

async function packed(scenario: Scenario, layer: LayerLevels): Promise<ReckonedRun['layers'][number]> {
  const { servingSiteXor: _reckonedAnew, ...kept } = layer;
  const { technology, operatorCode: operator } = kept;
  return { ...scenario, technology, operator, data: await packArrays(kept satisfies StoredLevels) };
}

const VIEW_STAGES: readonly RunStage[] = ['levels', 'aggregates'];
const PREPARING_STAGES = RUN_STAGES.filter((stage) => !VIEW_STAGES.includes(stage));

/** What is prepared counts as much as a view. */
function progressOf(
  { view, stage, done, total }: CoverageProgress,
  scenarios: readonly Scenario[],
): [fraction: number, note: string] {
  const stages = view === null ? PREPARING_STAGES : VIEW_STAGES;
  const part = (stages.indexOf(stage) + (total > 0 ? done / total : 1)) / stages.length;
  const before = view === null ? 0 : view + 1;
  const scenario = view === null ? undefined : scenarios[view];
  const what = scenario ? `${scenario.environment} ${Math.round(scenario.probability * 100)} %` : 'preparing';
  return [(RECKONING_SHARE * (before + part)) / (scenarios.length + 1), `${what}: ${stage}`];
}

/** With the operator by name: the list outlives the order of layers that it was made with. */
function transmittersOf({ cells: { layers, transmitters } }: RunResult): StoredTransmitter[] {
  return transmitters.map((transmitter) => {
    const layer = layers[transmitter.layerIndex];
    if (!layer) throw new Error(`the cell ${transmitter.cellCode} is in no layer`);
    return { ...transmitter, operatorCode: layer.operatorCode };
  });
}

function figuresOf(result: RunResult, scenario: Scenario, register: RegisterSnapshot): FigureRow[] {
  const { units, coverage } = result.aggregates;
  const totals = new Map(units.map((unit) => [unit.unitCode, unit]));
  return coverage.map((row): FigureRow => {
    const total = totals.get(row.unitCode);
    const unit = register.units.get(row.unitCode);
    if (!total || !unit)
      throw new Error(`the figures name a unit that is not in the snapshot: ${row.unitCode}`);
    const people = total.populationUnknown < total.communes;
    const homes = total.householdsUnknown < total.communes;
    return {
      areaId: unit.id,
      areaCode: row.unitCode,
      areaKind: unit.kind,
      technology: row.technology,
      operator: row.operatorCode,
      ...scenario,
      areaKm2: km2(total.areaM2),
      areaCoveredKm2: km2(row.covered.areaM2),
      population: people ? thousandths(total.population) : null,
      populationCovered: people ? thousandths(row.covered.population) : null,
      households: homes ? thousandths(total.households) : null,
      householdsCovered: homes ? thousandths(row.covered.households) : null,
      communes: total.communes,
      communesWithoutPopulation: total.populationUnknown,
      communesWithoutHouseholds: total.householdsUnknown,
    };
  });
}

/** To a square metre, and to a thousandth of a person: beyond that is the noise of adding up. */
const km2 = (m2: number): number => Math.round(m2) / 1e6;
const thousandths = (value: number): number => Math.round(value * 1000) / 1000;

/** What is alike in all views once, and apart what is not. */
function manifestOf(
  manifest: RunManifest,
  scenarios: StoredManifest['scenarios'],
  asked: AskedParameters,
  register: RegisterSnapshot,
): StoredManifest {
  const { parameters: _one, marginDb: _margin, ranges: _ranges, warnings: _warnings, ...common } = manifest;
  return {
    ...common,
    parameters: asked.reckoning,
    settings: asked.settings,
    populationSource: asked.populationSource ?? null,
    landCoverSource: asked.landCoverSource ?? null,
    waterSource: asked.waterSource ?? null,
    scenarios,
    networkDate: asked.networkDate,
    technologies: asked.technologies,
    operators: asked.operators,
    sources: register.sources,
    synthetic: register.synthetic,
  };
}

/** Networks that were asked for by name and have no cell on air: they have no figures, which must not pass unseen. */
function warningsOfAbsent(result: RunResult, asked: AskedParameters): CoverageWarning[] {
  const { layers } = result.cells;
  const missing = (wanted: readonly string[] | null, found: readonly string[]) =>
    (wanted ?? []).filter((name) => !found.includes(name));
  const operators = missing(
    asked.operators,
    layers.map(({ operatorCode }) => operatorCode),
  );
  const technologies = missing(
    asked.technologies,
    layers.map(({ technology }) => technology),
  );
  const warnings: CoverageWarning[] = [];
  if (operators.length > 0)
    warnings.push({
      code: 'operator.no-cells',
      field: 'operators',
      messageEn: 'The operator has no usable cell on air: there are no figures of it.',
      messageVi: 'Nhà mạng không có cell đang phát dùng được: không có số liệu.',
      count: operators.length,
      subjects: operators.slice(0, 100),
    });
  if (technologies.length > 0)
    warnings.push({
      code: 'technology.no-cells',
      field: 'technologies',
      messageEn: 'The technology has no usable cell on air: there are no figures of it.',
      messageVi: 'Công nghệ không có cell đang phát dùng được: không có số liệu.',
      count: technologies.length,
      subjects: TECHNOLOGIES.filter((technology) => technologies.includes(technology)),
    });
  return warnings;
}
