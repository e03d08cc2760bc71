import type { HamletInput, HamletRecord } from './domain/hamlet-rules.js';

/** What may change of a hamlet. */
export type HamletPatch = Partial<Omit<HamletInput, 'code'>>;

/** A hamlet as stored. */
export interface StoredHamlet extends HamletRecord {
  id: string;
  version: number;
}

/** The commune that holds a hamlet on the day that was asked for. */
export interface HamletCommune {
  id: string;
  code: string;
  name: string;
}

export interface Hamlet extends StoredHamlet {
  /** Null when no commune with a boundary was in force there. */
  commune: HamletCommune | null;
  createdAt: Date;
  updatedAt: Date;
}

/** What another module's figures about a hamlet need to know of it. */
export interface HamletRef {
  id: string;
  code: string;
  name: string;
  /** Null is unknown. */
  households: number | null;
  commune: HamletCommune | null;
}

/** A hamlet as a place where people of a commune live. */
export interface Settlement {
  code: string;
  communeCode: string;
  lon: number;
  lat: number;
  /** Null is unknown. */
  population: number | null;
  households: number | null;
  source: string | null;
}
