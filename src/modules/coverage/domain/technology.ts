/** Generations of mobile networks: GSM, UMTS, LTE, NR. */
export const TECHNOLOGIES = ['2G', '3G', '4G', '5G'] as const;
export type Technology = (typeof TECHNOLOGIES)[number];

/** Classes of land cover that a grid cell has; the place in this list is the code in the grid's `landCover`. */
export const LAND_COVERS = ['urban', 'suburban', 'open'] as const;
export type LandCover = (typeof LAND_COVERS)[number];
