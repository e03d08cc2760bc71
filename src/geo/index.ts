export * from './geojson.js';
export * from './area-geometry.js';
export * from './bbox.js';
export * from './distance.js';
export * from './point-in-polygon.js';
export * from './planar-ring.js';
export * from './utm.js';
