import type { ClassMapping, ClassRaster } from '../domain/index.js';

export const LAND_COVER_KINDS = ['land-cover', 'water'] as const;
export type LandCoverKind = (typeof LAND_COVER_KINDS)[number];

/** Classes of the ground, and who found them out. Only whether it is active ever changes. */
export interface LandCoverSource {
  id: string;
  /** Counts up; runs take the newest active one of each kind unless they are asked otherwise. */
  version: number;
  kind: LandCoverKind;
  format: 'geotiff' | 'geojson';
  title: string;
  source: string;
  active: boolean;
  /** What its classes stand for; null: as the coverage settings have it for ESA WorldCover. */
  mapping: ClassMapping | null;
  /** Each class with its pixels, in the box about the administrative units. */
  classes: { code: string; pixels: number }[];
  createdBy: string;
  createdAt: Date;
}

export type NewLandCoverSource = Pick<LandCoverSource, 'kind' | 'format' | 'title' | 'source' | 'mapping'> & {
  raster: ClassRaster;
};
