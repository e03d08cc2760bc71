import { cellToBoundary } from 'h3-js';
import { LAND_COVERS } from '../technology.js';
import type { ClassRaster } from './class-raster.js';
import { countClasses } from './class-raster.js';
import type { ClassMapping } from './ground-classes.js';

/** What is known of the ground beside who lives there. */
export interface Ground {
  /** Changes with anything in it. */
  key: string;
  landCover: { raster: ClassRaster; mapping: ClassMapping } | null;
  /** Every known class of it is water; what it does not know is land. */
  water: ClassRaster | null;
}

/** Of each cell, in their order. */
export interface GroundCells {
  /** Place in `LAND_COVERS`, or `BY_DENSITY` or `BUILT_UP`. */
  landCover: Uint8Array;
  /** The part of the cell that is water, 0–1; undefined when no source knows of water. */
  water: Float32Array | undefined;
}

/** No source knows: by the density of people. */
export const BY_DENSITY = 255;
/** Built up, as a source has it: urban where people live densely, else suburban. */
export const BUILT_UP = 254;

const OPEN = LAND_COVERS.indexOf('open');
const CODES = {
  urban: LAND_COVERS.indexOf('urban'),
  suburban: LAND_COVERS.indexOf('suburban'),
  open: OPEN,
  'built-up': BUILT_UP,
} as const;

/**
 * The class that most of a cell has, and how much of it is water. A cell that is mostly water is open. Of two equal classes the
 * first in the order urban, suburban, open, built-up is taken.
 */
export function groundOfCells(ids: readonly string[], ground: Ground): GroundCells {
  const { landCover, water } = ground;
  const hasWater = water !== null || Object.values(landCover?.mapping ?? {}).includes('water');
  const found: GroundCells = {
    landCover: new Uint8Array(ids.length).fill(BY_DENSITY),
    water: hasWater ? new Float32Array(ids.length) : undefined,
  };
  const landCounts = landCover && new Uint32Array(landCover.raster.codes.length + 1);
  const waterCounts = water && new Uint32Array(water.codes.length + 1);
  const classOf = landCover?.raster.codes.map((code) => landCover.mapping[code]);
  ids.forEach((id, i) => {
    const outline = cellToBoundary(id).map(([lat, lon]) => [lon, lat] as const);
    let wet = 0;
    if (landCover && landCounts && classOf) {
      landCounts.fill(0);
      countClasses(landCover.raster, outline, landCounts);
      const sums = { urban: 0, suburban: 0, open: 0, 'built-up': 0, water: 0 };
      let known = 0;
      classOf.forEach((name, k) => {
        if (name === undefined) return;
        const count = landCounts[k + 1] as number;
        sums[name] += count;
        known += count;
      });
      if (known > 0) {
        found.landCover[i] = majority(sums);
        wet = sums.water / known;
      }
    }
    if (water && waterCounts) {
      waterCounts.fill(0);
      countClasses(water, outline, waterCounts);
      const all = waterCounts.reduce((a, b) => a + b, 0);
      // Both may know of the same river: the larger of the two, not their sum.
      if (all > 0) wet = Math.max(wet, 1 - (waterCounts[0] as number) / all);
    }
    if (found.water) found.water[i] = wet;
  });
  return found;
}

function majority({ water, ...land }: Record<keyof typeof CODES | 'water', number>): number {
  let [best, most]: [keyof typeof CODES, number] = ['open', water];
  for (const name of Object.keys(CODES) as (keyof typeof CODES)[])
    if (land[name] > most) [best, most] = [name, land[name]];
  return CODES[best];
}
