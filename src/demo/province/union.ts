import { type Point, type Ring, inRing, signedArea } from './plane.js';

const name = (point: Point): string => `${point[0]} ${point[1]}`;

interface Edge {
  from: Point;
  to: Point;
}

/** Turn from direction a→b to b→c in (−π, π]: positive to the left. */
function turn(a: Point, b: Point, c: Point): number {
  const ux = b[0] - a[0];
  const uy = b[1] - a[1];
  const vx = c[0] - b[0];
  const vy = c[1] - b[1];
  return Math.atan2(ux * vy - uy * vx, ux * vx + uy * vy);
}

/**
 * Union of counter-clockwise rings that share whole edges and overlap nowhere: edges walked in both directions cancel, the rest
 * is the outline. Exact: no new vertex is made. Returns MultiPolygon coordinates, outer rings counter-clockwise, holes clockwise.
 */
export function unionOfRings(rings: readonly Ring[]): Ring[][] {
  const edges = new Map<string, Edge>();
  for (const ring of rings) {
    for (let k = 0; k + 1 < ring.length; k++) {
      const from = ring[k];
      const to = ring[k + 1];
      if (!from || !to) continue;
      const reverse = `${name(to)} ${name(from)}`;
      if (!edges.delete(reverse)) edges.set(`${name(from)} ${name(to)}`, { from, to });
    }
  }
  const leaving = new Map<string, Edge[]>();
  for (const edge of edges.values()) {
    const list = leaving.get(name(edge.from));
    if (list) list.push(edge);
    else leaving.set(name(edge.from), [edge]);
  }
  const take = (edge: Edge): void => {
    edges.delete(`${name(edge.from)} ${name(edge.to)}`);
    const list = leaving.get(name(edge.from));
    list?.splice(list.indexOf(edge), 1);
  };
  const outlines: Ring[] = [];
  for (const start of [...edges.values()]) {
    if (!edges.has(`${name(start.from)} ${name(start.to)}`)) continue;
    const outline: Ring = [start.from];
    let edge = start;
    take(edge);
    while (name(edge.to) !== name(start.from)) {
      outline.push(edge.to);
      const { from, to } = edge;
      // Where outlines touch in a point, the sharpest left turn keeps each of them simple.
      const next = leaving
        .get(name(to))
        ?.reduce((a, b) => (turn(from, to, b.to) > turn(from, to, a.to) ? b : a));
      if (!next) throw new Error(`the outline breaks off at ${name(to)}`);
      take(next);
      edge = next;
    }
    outline.push(start.from);
    outlines.push(outline);
  }
  const outers = outlines.filter((ring) => signedArea(ring) > 0);
  const polygons = outers.map((outer) => [outer]);
  for (const hole of outlines.filter((ring) => signedArea(ring) < 0)) {
    const inner = hole[0];
    const owner = polygons.find(
      ([outer]) => inner !== undefined && outer !== undefined && inRing(inner, outer),
    );
    owner?.push(hole);
  }
  return polygons;
}
