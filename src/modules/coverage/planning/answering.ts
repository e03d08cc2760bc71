import { cellToLatLng, cellToParent } from 'h3-js';
import { projectX, projectY, unproject } from '../../../geo/index.js';
import {
  cellId,
  CoverageInputError,
  type CoverageGrid,
  type NetworkModel,
  type RunHooks,
} from '../domain/index.js';
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
  type CandidatePlaces,
  type CellAmounts,
  type NetworkView,
  type SiteOutages,
} from '../domain/planning/index.js';
import { WarningCollector } from '../domain/run-warning.js';
import { prepareTransmitters } from '../domain/transmitters.js';
import type { Answers, Change, Question, QuestionOf } from './desk.types.js';

export const MAX_CANDIDATES = 20_000;
/** The finest places that are tried when none are named: about 13,000 in a province. */
const CANDIDATE_RESOLUTION = 9;
/** Exchanges are improvements: after so long what was found is good enough. */
const SWAP_MS = 2000;

/** Answers questions about one open network. Whatever a question changes is taken back before the next. */
export class Answering {
  private readonly amounts: CellAmounts;
  private outages: SiteOutages | undefined;

  constructor(
    private readonly model: NetworkModel,
    private readonly now: () => number,
  ) {
    this.amounts = cellAmounts(model.grid);
  }

  /** Throws `CoverageCancelledError` when cancelled, `CoverageInputError` for what cannot be answered. */
  answer(question: Question, hooks: RunHooks): Answers[Question['kind']] {
    switch (question.kind) {
      case 'what-if':
        return this.whatIf(question);
      case 'outage':
        return this.outage(question);
      case 'criticality':
        return this.criticality(question);
      case 'siting':
        return this.siting(question, hooks);
    }
  }

  private whatIf({ view, put, remove }: QuestionOf<'what-if'>): Answers['what-if'] {
    const unknown = this.unknown(remove);
    return { unknown, change: unknown.length > 0 ? null : this.change(view, view, put, remove) };
  }

  /** A network that fails altogether is left out of the view: its masts still carry the others. */
  private outage({ view, sites, operator }: QuestionOf<'outage'>): Answers['outage'] {
    const unknown = this.unknown(sites);
    if (unknown.length > 0) return { unknown, change: null };
    return { unknown, change: this.change(view, { ...view, without: operator }, [], sites) };
  }

  private criticality({ view, weight, limit }: QuestionOf<'criticality'>): Answers['criticality'] {
    const { grid, siteCodes, transmitters } = this.model;
    this.outages ??= this.model.outages(this.amounts);
    const { sites, critical } = rankOutages(this.outages, view, siteCodes, weight, limit);
    const places = new Map(transmitters.map(({ siteCode, x, y }) => [siteCode, { x, y }]));
    return {
      sites: sites.map((site) => {
        const { x = 0, y = 0 } = places.get(site.siteCode) ?? {};
        const [lon, lat] = unproject(grid.projection, x, y);
        return { ...site, lon, lat };
      }),
      critical,
      all: places.size,
    };
  }

  private siting(question: QuestionOf<'siting'>, hooks: RunHooks): Answers['siting'] {
    const { view, weight, k, template, proveMs } = question;
    const { grid, parameters, layers } = this.model;
    const places = this.candidates(question);
    const parts = partsOf(weight);
    const covered = coveredCells(layers, view, grid.cellCount);
    const demand = uncoveredDemand(grid, covered, weighed(this.amounts, weight), parts);
    const warnings = new WarningCollector();
    const prepared = prepareTransmitters([template], parameters, grid.projection, warnings);
    const problem = candidateCovers(grid, parameters, prepared, places, demand, hooks);
    const within = (ms: number) => {
      const end = this.now() + ms;
      return (): boolean => !hooks.isCancelled?.() && this.now() < end;
    };
    const found = bestSites(problem, k, within(SWAP_MS), proveMs > 0 ? within(proveMs) : null);
    const picks = found.picks.map(({ candidate, gain }) => {
      const [lon, lat] = unproject(
        grid.projection,
        places.x[candidate] as number,
        places.y[candidate] as number,
      );
      return { candidate, lon, lat, gain: gain / parts };
    });
    const put = picks.map(({ lon, lat }, n) => ({
      ...template,
      code: `${template.code}-${n + 1}`,
      lon,
      lat,
    }));
    return {
      ...this.change(view, view, put, []),
      warnings: warnings.list(),
      picks,
      candidates: places.x.length,
      total: found.total / parts,
      upperBound: found.upperBound / parts,
      coverable: found.coverable / parts,
      uncovered: demand.weight.reduce((sum, w) => sum + w, 0) / parts,
      optimal: found.optimal,
      rounds: found.rounds,
    };
  }

  private change(
    before: NetworkView,
    after: NetworkView & { without?: string | null },
    put: QuestionOf<'what-if'>['put'],
    remove: string[],
  ): Change {
    const { model, amounts } = this;
    const { grid } = model;
    const was = coveredCells(model.layers, before, grid.cellCount);
    const applied = model.apply({ put, remove });
    try {
      const layers = model.layers.filter(({ operatorCode }) => operatorCode !== after.without);
      const is = coveredCells(layers, after, grid.cellCount);
      const { warnings, cellsSkipped } = applied;
      return { ...difference(grid, amounts, was, is), warnings, cellsSkipped };
    } finally {
      model.revert();
    }
  }

  private unknown(codes: readonly string[]): string[] {
    const known = new Set(this.model.siteCodes);
    return codes.filter((code) => code === '' || !known.has(code));
  }

  private candidates({ candidates }: QuestionOf<'siting'>): CandidatePlaces {
    const { grid } = this.model;
    const { lon, lat } = candidates ?? centresOf(grid);
    if (lon.length > MAX_CANDIDATES) throw tooManyCandidates(lon.length);
    return {
      x: Float64Array.from(lon, (degrees) => projectX(grid.projection, degrees)),
      y: Float64Array.from(lat, (degrees) => projectY(grid.projection, degrees)),
    };
  }
}

/** The centres of the hexagons that the grid lies in, at the finest resolution that gives no more than can be tried. */
function centresOf(grid: CoverageGrid): { lon: Float64Array; lat: Float64Array } {
  let resolution = Math.min(grid.resolution, CANDIDATE_RESOLUTION);
  for (;;) {
    const ids = new Set<string>();
    for (let i = 0; i < grid.cellCount; i++) {
      const id = cellId(grid, i);
      ids.add(resolution === grid.resolution ? id : cellToParent(id, resolution));
    }
    if (ids.size > MAX_CANDIDATES && resolution > 0) {
      resolution--;
      continue;
    }
    const places = [...ids].map((id) => cellToLatLng(id));
    return {
      lon: Float64Array.from(places, ([, lon]) => lon),
      lat: Float64Array.from(places, ([lat]) => lat),
    };
  }
}

function tooManyCandidates(count: number): CoverageInputError {
  return new CoverageInputError(
    'siting.candidates',
    `There are ${count} candidates; ${MAX_CANDIDATES} at most can be compared.`,
    `Có ${count} vị trí; chỉ so sánh được nhiều nhất ${MAX_CANDIDATES} vị trí.`,
  );
}
