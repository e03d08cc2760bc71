import type { Cell, SiteRecord, Technology } from './domain/site-model.js';

/** A network or mast operator. */
export interface Operator {
  code: string;
  name: string;
  brand: string | null;
  source: string | null;
}

/** Attributes as they are given: those left out stay as they are stored, null takes one away. Anything else is checked. */
interface WithAttributes {
  attributes?: Readonly<Record<string, unknown>>;
}

/** What must be said of a cell; the rest is unknown when left out. */
export type CellInput = Pick<Cell, 'code' | 'operatorCode' | 'technology'> &
  Partial<Omit<Cell, 'attributes'>> &
  WithAttributes;

/**
 * What must be said of a site; the rest is unknown when left out. Left out, `tenantCodes` are the networks of the cells,
 * `lifecycle` is active and `confidence` is estimated.
 */
export type SiteInput = Pick<SiteRecord, 'code' | 'name' | 'lon' | 'lat'> &
  Partial<Omit<SiteRecord, 'cells' | 'attributes'>> &
  WithAttributes & { cells?: readonly CellInput[] };

/** What may change of a site. Cells, when given, replace all that were there. */
export type SitePatch = Partial<Omit<SiteInput, 'code'>>;

/** The commune that holds a site on the day that was asked for. */
export interface SiteCommune {
  id: string;
  code: string;
  name: string;
}

/** A site as stored. Cells are in the order of their codes. */
export interface StoredSite extends SiteRecord {
  id: string;
  version: number;
}

export interface Site extends StoredSite {
  /** Null when no commune with a boundary was in force there. */
  commune: SiteCommune | null;
}

/** A site in a list: what its cells are, without them. */
export interface SiteSummary extends Omit<Site, 'cells'> {
  cellCount: number;
  technologies: Technology[];
}

/** One cell that is on air, with where it hangs: what coverage is computed from. */
export interface CellSnapshot extends Omit<Cell, 'source' | 'attributes' | 'onAirSince' | 'onAirUntil'> {
  siteId: string;
  siteCode: string;
  lon: number;
  lat: number;
  structureHeightM: number | null;
}

/** A site as the lists give it. */
export interface ListedSite extends SiteSummary {
  updatedAt: Date;
  /** From the place that was asked for. */
  distanceM?: number;
}
