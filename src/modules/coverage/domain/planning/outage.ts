import type { Amounts } from '../aggregate.js';
import type { LayerLevels } from '../layer-levels.js';
import { TECHNOLOGIES, type Technology } from '../technology.js';
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
/** Sites that can be told apart. */
const MAX_SITES = 0xffff;

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
  const { views, technologies, operators, together } = outageViews(layers, siteCount);
  const losses = new Float64Array(views.length * siteCount * NUMBERS);
  const cellCount = amounts.areaM2.length;
  const servers = Array.from({ length: together }, () => new Int32Array(BLOCK));
  const [any] = servers as [Int32Array];
  const ofLayer = new Int32Array(BLOCK);
  for (let from = 0; from < cellCount; from += BLOCK) {
    const count = Math.min(BLOCK, cellCount - from);
    for (const known of servers) known.fill(0);
    layers.forEach((layer, l) => {
      const ofTechnology = servers[1 + technologies.indexOf(layer.technology)] as Int32Array;
      const ofOperator = servers[
        1 + technologies.length + operators.indexOf(layer.operatorCode)
      ] as Int32Array;
      findServers(layer, from, count, ofLayer, ofTechnology, ofOperator);
      addLosses(losses, (together + l) * siteCount, ofLayer, from, count, amounts);
    });
    for (let t = 1; t <= technologies.length; t++) {
      const ofTechnology = servers[t] as Int32Array;
      for (let k = 0; k < count; k++) any[k] = (any[k] as number) | (ofTechnology[k] as number);
    }
    servers.forEach((known, view) => addLosses(losses, view * siteCount, known, from, count, amounts));
  }
  return { views, sites: siteCount, losses };
}

/** The views that are told apart: those of several layers together, `together` of them, then the layers. Throws `RangeError` for too many sites. */
export function outageViews(
  layers: readonly Pick<LayerLevels, 'technology' | 'operatorCode'>[],
  siteCount: number,
): { views: NetworkView[]; technologies: Technology[]; operators: string[]; together: number } {
  if (siteCount > MAX_SITES) throw new RangeError(`There are more than ${MAX_SITES} sites.`);
  const technologies = TECHNOLOGIES.filter((technology) => layers.some((l) => l.technology === technology));
  const operators = [...new Set(layers.map(({ operatorCode }) => operatorCode))].sort(byText);
  const views: NetworkView[] = [
    { technology: null, operatorCode: null },
    ...technologies.map((technology) => ({ technology, operatorCode: null })),
    ...operators.map((operatorCode) => ({ technology: null, operatorCode })),
    ...layers.map(({ technology, operatorCode }) => ({ technology, operatorCode })),
  ];
  const together = 1 + technologies.length + operators.length;
  return { views, technologies, operators, together };
}

/**
 * Writes down who serves each cell: nothing for nobody, the bits of a site's number and of their opposite for one site, all bits for several.
 * The bits of several views together are those of all of them: of one site alone where none is set together with its opposite. No step here
 * depends on what another has found, which is what makes it quick.
 */
function findServers(
  { servingSites, servingSiteXor }: LayerLevels,
  from: number,
  count: number,
  ofLayer: Int32Array,
  ofTechnology: Int32Array,
  ofOperator: Int32Array,
): void {
  for (let k = 0; k < count; k++) {
    const sites = servingSites[from + k] as number;
    const site = servingSiteXor[from + k] as number;
    const several = ~((sites - 2) >> 31);
    const some = -sites >> 31;
    const bits = ((site << 16) | (~site & 0xffff) | several) & some;
    ofLayer[k] = bits;
    ofTechnology[k] = (ofTechnology[k] as number) | bits;
    ofOperator[k] = (ofOperator[k] as number) | bits;
  }
}

/** Adds up what each site serves alone. Neighbouring cells go with the same site more often than not: such runs are written once. */
function addLosses(
  losses: Float64Array,
  firstSite: number,
  servers: Int32Array,
  from: number,
  count: number,
  { areaM2, population, households }: CellAmounts,
): void {
  for (let k = 0; k < count;) {
    const bits = servers[k] as number;
    const site = bits >>> 16;
    const start = k;
    if ((site ^ (bits & 0xffff)) !== 0xffff) {
      k++;
      continue;
    }
    let area = 0;
    let people = 0;
    let homes = 0;
    for (; k < count && servers[k] === bits; k++) {
      area += areaM2[from + k] as number;
      people += population[from + k] as number;
      homes += households[from + k] as number;
    }
    const at = (firstSite + site - 1) * NUMBERS;
    losses[at] = (losses[at] as number) + area;
    losses[at + 1] = (losses[at + 1] as number) + people;
    losses[at + 2] = (losses[at + 2] as number) + homes;
    losses[at + 3] = (losses[at + 3] as number) + k - start;
  }
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
