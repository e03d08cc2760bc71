import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { encodeCursor } from '../../../common/http/page.js';
import { Problem } from '../../../common/http/problem.js';
import type { FeatureCollection, Polygon } from '../../../geo/index.js';
import { AreasService, type AreaKind } from '../../areas/index.js';
import type { LayerView } from '../coverage.types.js';
import type { Change, LevelChangeClass, LevelComparison } from '../domain/compare-levels.js';
import { differencesOf, type Difference } from '../domain/compare-values.js';
import { cellId, levelClass, type CoverageGrid, type LevelClass } from '../domain/index.js';
import { FiguresReader } from '../figures.reader.js';
import { RunDataReader } from '../run-data.reader.js';
import { scenarioOf, type ViewRequest } from '../run-view.js';
import { RunsReader } from '../runs.reader.js';
import { hexagon, levelOrNull } from './cell-features.js';
import { Kept } from './kept.js';
import { numberCursor, provenanceOf, type DoneRun, type ProvenanceDto } from './provenance.js';
import { RunViews, viewKey, type RunView } from './run-views.js';
import { answerInWorker } from './worker/answer-in-worker.js';
import type { ComparedRun } from './worker/tasks.js';

export interface ChangeView {
  cells: number;
  areaKm2: number;
  population: number;
  households: number;
}

/** What a unit gained and lost from the earlier run to this one. */
export interface UnitDifference {
  areaCode: string;
  areaKind: AreaKind;
  areaName: string;
  /** Covered, in percent of the unit in each run's own figures. Null: unknown, or that run has not the unit. */
  before: { areaPercent: number | null; populationPercent: number | null };
  after: { areaPercent: number | null; populationPercent: number | null };
  /** Null where the runs' grids are not the same: then only their figures can be compared. */
  gained: ChangeView | null;
  lost: ChangeView | null;
}

export interface Differences extends LayerView {
  before: ProvenanceDto;
  after: ProvenanceDto;
  /** The same cells: differences are known cell by cell. */
  sameGrid: boolean;
  note: { en: string; vi: string } | null;
  /** Where the manifests differ. */
  manifest: Difference[];
  levels: LevelChangeView[] | null;
  units: UnitDifference[];
}

export type LevelChangeView = Omit<LevelChangeClass, 'areaM2'> & { areaKm2: number };

export interface ChangedCell {
  change: 'gained' | 'lost';
  beforeDbm: number | null;
  afterDbm: number | null;
  beforeClass: LevelClass;
  afterClass: LevelClass;
  population: number;
}

export type ChangedCells = FeatureCollection<Polygon, ChangedCell> &
  LayerView & {
    before: ProvenanceDto;
    after: ProvenanceDto;
    numberMatched: number;
    numberReturned: number;
    nextCursor: string | null;
  };

const MOST_DIFFERENCES = 200;
const COMPARISONS_KEPT = 2;

/** What changed from one finished run to another. */
@Injectable()
export class DifferencesReader {
  private readonly comparisons = new Kept<LevelComparison>(COMPARISONS_KEPT);

  constructor(
    private readonly views: RunViews,
    private readonly runs: RunsReader,
    private readonly data: RunDataReader,
    private readonly figures: FiguresReader,
    private readonly areas: AreasService,
    private readonly uow: UnitOfWork,
  ) {}

  /** Throws 404, 409, 400 for a view that either run has not. */
  async differences(
    runId: string,
    since: string,
    request: ViewRequest & { by?: AreaKind },
  ): Promise<Differences> {
    const { found, before } = await this.both(runId, since, request);
    const { run, view } = found;
    const grid = gridOfBoth(run, before) ? await this.data.grid(run.manifest.grid.key) : null;
    const comparison = grid && (await this.comparison(found, before, grid));
    const changes = grid && comparison ? await this.byUnit(run, grid, comparison) : null;
    const figuresOf = async (of: DoneRun) =>
      new Map(
        (
          await this.figures.all(of.id, {
            by: request.by,
            technology: view.technology,
            operator: view.operator ?? 'any',
            environment: view.environment,
            probability: view.probability,
          })
        ).map((figure) => [figure.areaCode, figure]),
      );
    const [was, is] = [await figuresOf(before), await figuresOf(run)];
    return {
      ...view,
      before: provenanceOf(before, view.technology),
      after: provenanceOf(run, view.technology),
      sameGrid: grid !== null,
      note: grid === null ? OTHER_GRID : null,
      manifest: differencesOf(comparable(before), comparable(run), MOST_DIFFERENCES),
      levels:
        comparison?.levels.map(({ areaM2, ...level }) => ({
          ...level,
          areaKm2: km2(areaM2),
          population: tenths(level.population),
        })) ?? null,
      units: [...new Map([...was, ...is]).values()].map(({ areaCode, areaKind, areaName }) => {
        const change = changes?.get(areaCode);
        const shares = (figures: typeof was) => ({
          areaPercent: figures.get(areaCode)?.areaPercent ?? null,
          populationPercent: figures.get(areaCode)?.populationPercent ?? null,
        });
        return {
          areaCode,
          areaKind,
          areaName,
          before: shares(was),
          after: shares(is),
          gained: change ? viewOf(change.gained) : null,
          lost: change ? viewOf(change.lost) : null,
        };
      }),
    };
  }

  /** Cells that are covered in one run alone, in the order of the grid. Throws 409 too where the grids differ. */
  async cells(
    runId: string,
    since: string,
    request: ViewRequest,
    page: { limit: number; cursor?: string },
  ): Promise<ChangedCells> {
    const { found, before } = await this.both(runId, since, request);
    const { run, view } = found;
    const after = Number(numberCursor(page.cursor) ?? -1);
    if (!gridOfBoth(run, before)) throw Problem.conflict('OTHER_GRID', OTHER_GRID);
    const grid = await this.data.grid(run.manifest.grid.key);
    const { change, beforeDbm, afterDbm } = await this.comparison(found, before, grid);
    const changed: number[] = [];
    change.forEach((step, i) => step !== 0 && changed.push(i));
    const rest = changed.filter((i) => i > after);
    const shown = rest.slice(0, page.limit);
    const last = shown.at(-1);
    const thresholdOf = (of: DoneRun) => of.manifest.parameters.thresholds[view.technology];
    return {
      type: 'FeatureCollection',
      ...view,
      before: provenanceOf(before, view.technology),
      after: provenanceOf(run, view.technology),
      numberMatched: changed.length,
      numberReturned: shown.length,
      nextCursor: rest.length > shown.length && last !== undefined ? encodeCursor(String(last)) : null,
      features: shown.map((i) => ({
        type: 'Feature',
        id: cellId(grid, i),
        geometry: hexagon(cellId(grid, i)),
        properties: {
          change: (change[i] as number) > 0 ? 'gained' : 'lost',
          beforeDbm: levelOrNull(beforeDbm[i] as number),
          afterDbm: levelOrNull(afterDbm[i] as number),
          beforeClass: levelClass(thresholdOf(before), beforeDbm[i] as number),
          afterClass: levelClass(thresholdOf(run), afterDbm[i] as number),
          population: tenths(grid.population[i] as number),
        },
      })),
    };
  }

  private async both(
    runId: string,
    since: string,
    request: ViewRequest,
  ): Promise<{ found: RunView; before: DoneRun }> {
    const found = await this.views.find(runId, request);
    const before = await this.runs.getDone(since);
    const { environment, probability } = found.view;
    scenarioOf(before, { environment, probability });
    return { found, before };
  }

  /** A network that the earlier run had not has gained all that it covers. */
  private async comparison(found: RunView, before: DoneRun, grid: CoverageGrid): Promise<LevelComparison> {
    return this.comparisons.get(`${before.id}|${viewKey(found)}`, async () => {
      const { h3, x, y, cellCount, projection, resolution, landCover } = grid;
      const { areaM2, population, areaCodes, shareStart, shareArea, shareFraction } = grid;
      const { sharePopulation, shareHouseholds, shareSubPoints } = grid;
      return answerInWorker({
        kind: 'compare',
        grid: {
          ...{ h3, x, y, cellCount, projection, resolution, landCover },
          ...{ areaM2, population, areaCodes, shareStart, shareArea, shareFraction },
          ...{ sharePopulation, shareHouseholds, shareSubPoints },
        },
        before: await this.compared({ run: before, view: found.view }),
        after: await this.compared(found),
      });
    });
  }

  private async compared(found: RunView): Promise<ComparedRun> {
    const { run, view } = found;
    return {
      layers: (await this.views.load(found)).layers,
      transmitters: await this.data.transmitters(run.id),
      parameters: { ...run.manifest.parameters, place: view.environment, probability: view.probability },
    };
  }

  /** Changes of communes, and of the units above them, by code. */
  private async byUnit(
    run: DoneRun,
    grid: CoverageGrid,
    { gained, lost }: LevelComparison,
  ): Promise<Map<string, { gained: Change; lost: Change }>> {
    const units = await this.uow.reader.query<{ id: string; code: string }[]>(
      `select distinct area_id as id, area_code as code from coverage_figures
        where run_id = $1 and area_kind = 'commune'`,
      [run.id],
    );
    const chains = await this.areas.chains(units.map(({ id }) => id));
    const above = new Map(
      units.map(({ id, code }) => [code, (chains.get(id) ?? []).map((unit) => unit.code)]),
    );
    const sums = new Map<string, { gained: Change; lost: Change }>();
    grid.areaCodes.forEach((commune, a) => {
      for (const code of new Set([commune, ...(above.get(commune) ?? [])])) {
        const sum = sums.get(code) ?? { gained: { ...NOTHING }, lost: { ...NOTHING } };
        add(sum.gained, gained[a]);
        add(sum.lost, lost[a]);
        sums.set(code, sum);
      }
    });
    return sums;
  }
}

const OTHER_GRID = {
  en: 'The runs have different grids (other units, people or resolution): they can be compared by the figures of their units only.',
  vi: 'Hai lần tính có lưới khác nhau (khác đơn vị hành chính, dân số hoặc độ phân giải): chỉ so sánh được theo số liệu của đơn vị.',
};
const NOTHING: Change = { cells: 0, areaM2: 0, population: 0, households: 0 };

const gridOfBoth = (a: DoneRun, b: DoneRun): boolean => a.manifest.grid.key === b.manifest.grid.key;

/** What of a manifest was decided or given: not what came of it. */
function comparable({ manifest }: DoneRun): object {
  const { scenarios, ...given } = manifest;
  return {
    ...given,
    scenarios: scenarios.map(({ environment, probability, marginDb }) => ({
      environment,
      probability,
      marginDb,
    })),
  };
}

function add(sum: Change, change: Change | undefined): void {
  if (!change) return;
  sum.cells += change.cells;
  sum.areaM2 += change.areaM2;
  sum.population += change.population;
  sum.households += change.households;
}

function viewOf({ cells, areaM2, population, households }: Change): ChangeView {
  return { cells, areaKm2: km2(areaM2), population: tenths(population), households: tenths(households) };
}

const km2 = (m2: number): number => Math.round(m2) / 1e6;
const tenths = (value: number): number => Math.round(value * 10) / 10;
