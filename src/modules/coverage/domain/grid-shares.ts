import { cellToBoundary, cellToParent, polygonToCellsExperimental, POLYGON_TO_CELLS_FLAGS } from 'h3-js';
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

/** Which part of each cell lies in which area; cells in the order of their H3 index, shares of cell i from start[i] to start[i + 1]. */
export interface GridShares {
  ids: string[];
  areaM2: Float64Array;
  start: Uint32Array;
  area: Uint16Array;
  fraction: Float64Array;
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
  const found = new Map<string, Map<number, number>>();
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
      if (whole.has(id)) addShare(id, index, 1);
      else cut.push(id);
    }
    for (const group of byParent(cut, resolution)) {
      const near = clipToBox(planar, group, cells);
      for (const id of group) {
        const fraction = cells.clippedArea(near, id) / cells.areaM2(id);
        if (fraction > LEAST_FRACTION) addShare(id, index, Math.min(1, fraction));
      }
    }
  }

  function addShare(id: string, index: number, fraction: number): void {
    let shares = found.get(id);
    if (!shares) found.set(id, (shares = new Map<number, number>()));
    shares.set(index, Math.min(1, (shares.get(index) ?? 0) + fraction));
  }

  return flatten(found, cells);
}

function flatten(found: Map<string, Map<number, number>>, cells: CellShapes): GridShares {
  const ids = [...found.keys()].sort();
  const start = new Uint32Array(ids.length + 1);
  const area: number[] = [];
  const fraction: number[] = [];
  ids.forEach((id, i) => {
    for (const [index, part] of [...(found.get(id) ?? [])].sort((a, b) => a[0] - b[0])) {
      area.push(index);
      fraction.push(part);
    }
    start[i + 1] = area.length;
  });
  return {
    ids,
    areaM2: Float64Array.from(ids, (id) => cells.areaM2(id)),
    start,
    area: Uint16Array.from(area),
    fraction: Float64Array.from(fraction),
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
}
