/** Which layout this is: a kernel of another was built from other sources. */
export const LAYOUT = 3;

/** Offsets in bytes of what the kernel reads; kept equal to kernel/coverage.ts. */
export const MODEL = {
  tileStart: 0,
  tileX: 4,
  tileY: 8,
  tileRadius: 12,
  tileCovers: 16,
  x: 20,
  y: 24,
  cover: 28,
  layers: 32,
  rank: 36,
  maxAttenuation: 40,
  sideLobe: 44,
  bytes: 64,
} as const;

export const LAYER = {
  level: 0,
  best: 4,
  xor: 8,
  cells: 12,
  sites: 16,
  threshold: 20,
  weakest: 24,
  below: 28,
  batches: 32,
  batchX: 36,
  batchY: 40,
  batchReach: 44,
  records: 48,
  bytes: 64,
} as const;

export const BATCH = {
  x: 0,
  y: 8,
  loss: 16,
  bounds: 20,
  rise: 28,
  reachSquared: 32,
  site: 36,
  strongest: 40,
  faintest: 44,
  east: 48,
  north: 64,
  eirp: 80,
  horizontal: 96,
  vertical: 112,
  tilt: 128,
  id: 144,
  bytes: 192,
  /** Sectors of a batch. */
  width: 4,
} as const;

/** What tiles were: the results of their cells one tile after the other, as a layer has them. */
export const SAVED = {
  tiles: 0,
  cells: 4,
  numbers: 8,
  marks: 12,
  results: 16,
  bytes: 64,
} as const;

export const SCRATCH_BYTES = 4096;
/** Bytes of a candidate's bounds. */
export const BOUND_BYTES = 64;
/** The kernel's tiles have no more cells than this. */
export const MAX_TILE_CELLS = 64;
/** The kernel reads cells by fours, and so up to three beyond the end. */
export const CELL_PADDING = 4;
/** Where a batch is put that is not to be found. */
export const NOWHERE_M = 1e15;
/** EIRP of an unused place in a batch. */
export const SILENT_DBM = -1e6;
