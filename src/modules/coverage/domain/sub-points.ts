import { cellToBoundary, cellToLatLng, latLngToCell } from 'h3-js';
import { projectX, projectY, type LocalProjection } from '../../../geo/index.js';

/** Each of a hexagon's six triangles is halved along its sides into four; their centres stand for equal parts of the cell. */
export const SUB_POINTS = 24;
/** A set of sub-points is a number: bit k stands for sub-point k. */
export const ALL_SUB_POINTS = 2 ** SUB_POINTS - 1;

/** How many sub-points are in a set. */
export function countSubPoints(set: number): number {
  let v = set - ((set >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Where sub-points lie about the centre of their cell, metres in the local plane. */
export interface SubPoints {
  east: Float64Array;
  north: Float64Array;
  /** From the centre to the farthest corner. */
  radiusM: number;
}

/**
 * The sub-points of a grid. All cells take those of the one at the projection's reference point: within a province cells are nearly
 * congruent.
 */
export function subPointsOf(projection: LocalProjection, resolution: number): SubPoints {
  const id = latLngToCell(projection.lat0, projection.lon0, resolution);
  const place = ([lat, lon]: [number, number]): [number, number] => [
    projectX(projection, lon),
    projectY(projection, lat),
  ];
  const [x, y] = place(cellToLatLng(id));
  const corners = cellToBoundary(id).map((corner): [number, number] => {
    const [cornerX, cornerY] = place(corner);
    return [cornerX - x, cornerY - y];
  });
  // The few cells across an edge of H3's icosahedron have further corners; every other one of the first six is off by little.
  const six = corners.slice(0, 6);
  const points = six.flatMap((a, k) => {
    const b = six[(k + 1) % six.length] as [number, number];
    return PARTS.map(([u, v]) => [a[0] * u + b[0] * v, a[1] * u + b[1] * v] as const);
  });
  return {
    east: Float64Array.from({ length: SUB_POINTS }, (_, k) => points[k % points.length]?.[0] ?? 0),
    north: Float64Array.from({ length: SUB_POINTS }, (_, k) => points[k % points.length]?.[1] ?? 0),
    radiusM: Math.max(...corners.map((corner) => Math.hypot(...corner))),
  };
}

/** Centres of a triangle's four parts, as parts of the two corners that are not the cell's centre. */
const PARTS = [
  [1 / 6, 1 / 6],
  [2 / 3, 1 / 6],
  [1 / 6, 2 / 3],
  [1 / 3, 1 / 3],
] as const;
