export * from './ground-classes.js';
export * from './world-cover.js';
export type { RasterPlace } from './raster-place.js';
export type { ClassRaster } from './class-raster.js';
export type { Ground } from './ground.js';
