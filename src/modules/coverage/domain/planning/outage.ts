import type { Amounts } from '../aggregate.js';
import type { LayerLevels } from '../layer-levels.js';
import { TECHNOLOGIES } from '../technology.js';
import { byText } from '../transmitters.js';
import { weightOf, type CellAmounts, type NetworkView, type Weight } from './amounts.js';

/** What goes when one site alone fails, for every site and every view. */
export interface SiteOutages {
  /** Any technology of any operator, then each technology, each operator, each layer. */
  views: NetworkView[];
  sites: number;
  /** By view and site, four numbers each: m², people, households, cells of the grid. */
  losses: Float64Array;
}

const NUMBERS = 4;
/** Cells that are followed through all layers at once: what is known of them stays in the nearest cache. */
const BLOCK = 2048;
/** More than one site serves. */
const MANY = -1;

/**
 * One pass over all layers. A cell of the grid goes with a site when no other site serves it in the view: a count of sites and the exclusive
 * or of their numbers say so for each layer, and layers are put together by comparing them. A site is a mast: what several operators have
 * on it fails together.
 */
export function siteOutages(
  amounts: CellAmounts,
  layers: readonly LayerLevels[],
  siteCount: number,
): SiteOutages {
  const technologies = TECHNOLOGIES.filter((technology) => layers.some((l) => l.technology === technology));
  const operators = [...new Set(layers.map(({ operatorCode }) => operatorCode))].sort(byText);
  const views: NetworkView[] = [
    { technology: null, operatorCode: null },
    ...technologies.map((technology) => ({ technology, operatorCode: null })),
    ...operators.map((operatorCode) => ({ technology: null, operatorCode })),
    ...layers.map(({ technology, operatorCode }) => ({ technology, operatorCode })),
  ];
  const together = 1 + technologies.length + operators.length;
  const losses = new Float64Array(views.length * siteCount * NUMBERS);
  const { areaM2, population, households } = amounts;
  const lose = (view: number, site: number, i: number): void => {
    const at = (view * siteCount + site) * NUMBERS;
    losses[at] = (losses[at] as number) + (areaM2[i] as number);
    losses[at + 1] = (losses[at + 1] as number) + (population[i] as number);
    losses[at + 2] = (losses[at + 2] as number) + (households[i] as number);
    losses[at + 3] = (losses[at + 3] as number) + 1;
  };
  // 0: none serves so far; a number: that site alone; MANY.
  const sole = Array.from({ length: together }, () => new Int32Array(BLOCK));
  const [any] = sole as [Int32Array];
  const cellCount = areaM2.length;
  for (let from = 0; from < cellCount; from += BLOCK) {
    const count = Math.min(BLOCK, cellCount - from);
    for (const known of sole) known.fill(0);
    layers.forEach(({ technology, operatorCode, servingSites, servingSiteXor }, l) => {
      const ofTechnology = sole[1 + technologies.indexOf(technology)] as Int32Array;
      const ofOperator = sole[1 + technologies.length + operators.indexOf(operatorCode)] as Int32Array;
      for (let k = 0; k < count; k++) {
        const i = from + k;
        const sites = servingSites[i] as number;
        if (sites === 0) continue;
        let site = MANY;
        if (sites === 1) {
          site = servingSiteXor[i] as number;
          lose(together + l, site - 1, i);
        }
        put(any, k, site);
        put(ofTechnology, k, site);
        put(ofOperator, k, site);
      }
    });
    sole.forEach((known, view) => {
      for (let k = 0; k < count; k++) {
        const site = known[k] as number;
        if (site > 0) lose(view, site - 1, from + k);
      }
    });
  }
  return { views, sites: siteCount, losses };
}

function put(known: Int32Array, k: number, site: number): void {
  const before = known[k] as number;
  if (before === 0) known[k] = site;
  else if (before !== site) known[k] = MANY;
}

/** A site's place in the ranking of what its outage costs. */
export interface RankedSite extends Amounts {
  /** From 1; equal weights share none: the lower code comes first. */
  rank: number;
  siteCode: string;
  cells: number;
}

export interface OutageRanking {
  /** Those whose outage costs anything, the gravest first. */
  sites: RankedSite[];
  /** How many there are of them in all. */
  critical: number;
}

/** The gravest outages of a view; a view that the outages have none of costs nothing. */
export function rankOutages(
  outages: SiteOutages,
  view: NetworkView,
  siteCodes: readonly string[],
  weight: Weight,
  limit: number,
): OutageRanking {
  const { views, sites, losses } = outages;
  const v = views.findIndex(
    ({ technology, operatorCode }) => technology === view.technology && operatorCode === view.operatorCode,
  );
  const found: Omit<RankedSite, 'rank'>[] = [];
  for (let site = 0; v >= 0 && site < sites; site++) {
    const at = (v * sites + site) * NUMBERS;
    const cells = losses[at + 3] as number;
    if (cells === 0) continue;
    found.push({
      siteCode: siteCodes[site] ?? '',
      areaM2: losses[at] as number,
      population: losses[at + 1] as number,
      households: losses[at + 2] as number,
      cells,
    });
  }
  found.sort((a, b) => weightOf(b, weight) - weightOf(a, weight) || byText(a.siteCode, b.siteCode));
  return {
    sites: found.slice(0, limit).map((site, i) => ({ rank: i + 1, ...site })),
    critical: found.length,
  };
}
