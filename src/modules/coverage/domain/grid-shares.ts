import {
  cellToBoundary,
  cellToLatLng,
  cellToParent,
  polygonToCellsExperimental,
  POLYGON_TO_CELLS_FLAGS,
} from 'h3-js';
import {
  polygonsOf,
  projectX,
  projectY,
  RingClipper,
  signedArea,
  toPlanarRing,
  type LocalProjection,
  type PlanarRing,
  type Position,
} from '../../../geo/index.js';
import { step, type RunHooks } from './progress.js';
import type { GridArea } from './snapshot.js';
import { ALL_SUB_POINTS, SUB_POINTS, subPointsOf, type SubPoints } from './sub-points.js';

/** Which part of each cell lies in which area; cells in the order of their H3 index, shares of cell i from start[i] to start[i + 1]. */
export interface GridShares {
  ids: string[];
  areaM2: Float64Array;
  start: Uint32Array;
  area: Uint16Array;
  fraction: Float64Array;
  /** Which sub-points of the cell lie in the area. */
  subPoints: Uint32Array;
}

/** Less than this part of a cell is the noise of clipping along an edge. */
const LEAST_FRACTION = 1e-9;

/**
 * Cuts the cells by the areas exactly: a cell that a boundary crosses is clipped against the polygon in the local plane, so that an
 * area's shares add up to its own area. Cells that H3 reports as wholly inside are taken whole.
 */
export function sharesOf(
  areas: readonly GridArea[],
  resolution: number,
  projection: LocalProjection,
  hooks: RunHooks,
): GridShares {
  const cells = new CellShapes(projection);
  const points = subPointsOf(projection, resolution);
  const found: Found = new Map();
  areas.forEach((area, index) => {
    step(hooks, 'grid', index, areas.length);
    for (const rings of polygonsOf(area.polygon)) {
      addPolygon(rings, index);
    }
  });

  function addPolygon(rings: Position[][], index: number): void {
    if (!rings[0] || rings[0].length < 4) return;
    const touched = polygonToCellsExperimental(
      rings,
      resolution,
      POLYGON_TO_CELLS_FLAGS.containmentOverlapping,
      true,
    );
    const whole = new Set(
      polygonToCellsExperimental(rings, resolution, POLYGON_TO_CELLS_FLAGS.containmentFull, true),
    );
    const planar = rings.map((ring) => toPlanarRing(projection, ring));
    const cut: string[] = [];
    for (const id of touched) {
      if (whole.has(id)) addShare(id, index, 1, ALL_SUB_POINTS);
      else cut.push(id);
    }
    for (const group of byParent(cut, resolution)) {
      const near = clipToBox(planar, group, cells);
      for (const id of group) {
        const fraction = cells.clippedArea(near, id) / cells.areaM2(id);
        if (fraction > LEAST_FRACTION) addShare(id, index, fraction, cells.subPointsWithin(near, id, points));
      }
    }
  }

  function addShare(id: string, index: number, fraction: number, inside: number): void {
    let shares = found.get(id);
    if (!shares) found.set(id, (shares = new Map<number, Share>()));
    const before = shares.get(index);
    shares.set(index, {
      fraction: Math.min(1, (before?.fraction ?? 0) + fraction),
      subPoints: (before?.subPoints ?? 0) | inside,
    });
  }

  return flatten(found, cells);
}

interface Share {
  fraction: number;
  subPoints: number;
}
/** Shares by cell and place of the area. */
type Found = Map<string, Map<number, Share>>;

function flatten(found: Found, cells: CellShapes): GridShares {
  const ids = [...found.keys()].sort();
  const start = new Uint32Array(ids.length + 1);
  const area: number[] = [];
  const fraction: number[] = [];
  const subPoints: number[] = [];
  ids.forEach((id, i) => {
    for (const [index, part] of [...(found.get(id) ?? [])].sort((a, b) => a[0] - b[0])) {
      area.push(index);
      fraction.push(part.fraction);
      subPoints.push(part.subPoints);
    }
    start[i + 1] = area.length;
  });
  return {
    ids,
    areaM2: Float64Array.from(ids, (id) => cells.areaM2(id)),
    start,
    area: Uint16Array.from(area),
    fraction: Float64Array.from(fraction),
    subPoints: Uint32Array.from(subPoints),
  };
}

/** Cells near each other, so that a polygon of many points is cut down once for all of them. */
function byParent(ids: readonly string[], resolution: number): Iterable<string[]> {
  const groups = new Map<string, string[]>();
  for (const id of ids) {
    const parent = cellToParent(id, resolution - 2);
    const group = groups.get(parent);
    if (group) group.push(id);
    else groups.set(parent, [id]);
  }
  return groups.values();
}

function clipToBox(rings: readonly PlanarRing[], ids: readonly string[], cells: CellShapes): PlanarRing[] {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const id of ids) {
    const shape = cells.shape(id);
    for (let i = 0; i < shape.length; i += 2) {
      west = Math.min(west, shape[i] as number);
      east = Math.max(east, shape[i] as number);
      south = Math.min(south, shape[i + 1] as number);
      north = Math.max(north, shape[i + 1] as number);
    }
  }
  const box = [west, south, east, south, east, north, west, north];
  return rings.map((ring) => cells.clipper.clippedRing(ring, box));
}

/** The hexagons in the local plane, anticlockwise. */
class CellShapes {
  readonly clipper = new RingClipper();
  private readonly areas = new Map<string, number>();

  constructor(private readonly projection: LocalProjection) {}

  shape(id: string): PlanarRing {
    const corners = cellToBoundary(id);
    const shape = new Float64Array(2 * corners.length);
    corners.forEach(([lat, lon], i) => {
      shape[2 * i] = projectX(this.projection, lon);
      shape[2 * i + 1] = projectY(this.projection, lat);
    });
    return shape;
  }

  areaM2(id: string): number {
    let area = this.areas.get(id);
    if (area === undefined) this.areas.set(id, (area = Math.abs(signedArea(this.shape(id)))));
    return area;
  }

  /** Area of the polygon (outer ring, then holes) within the cell. */
  clippedArea(rings: readonly PlanarRing[], id: string): number {
    const shape = this.shape(id);
    return rings.reduce((sum, ring, i) => {
      const part = Math.abs(this.clipper.clippedArea(ring, shape));
      return i === 0 ? sum + part : sum - part;
    }, 0);
  }

  /** Which sub-points of the cell lie in the polygon. */
  subPointsWithin(rings: readonly PlanarRing[], id: string, points: SubPoints): number {
    const [lat, lon] = cellToLatLng(id);
    const x = projectX(this.projection, lon);
    const y = projectY(this.projection, lat);
    let inside = 0;
    for (let k = 0; k < SUB_POINTS; k++) {
      const px = x + (points.east[k] as number);
      const py = y + (points.north[k] as number);
      if (rings.reduce((odd, ring) => odd !== crossesOddly(ring, px, py), false)) inside |= 1 << k;
    }
    return inside;
  }
}

/** Whether a line from a point to the east crosses the ring an odd number of times: the point lies within it. */
function crossesOddly(ring: PlanarRing, x: number, y: number): boolean {
  let odd = false;
  const last = ring.length - 2;
  for (let i = 0, j = last; i <= last; j = i, i += 2) {
    const [ay, by] = [ring[i + 1] as number, ring[j + 1] as number];
    if (ay > y === by > y) continue;
    const [ax, bx] = [ring[i] as number, ring[j] as number];
    if (x < ax + ((y - ay) / (by - ay)) * (bx - ax)) odd = !odd;
  }
  return odd;
}
