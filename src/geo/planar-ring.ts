import { projectX, projectY, type LocalProjection } from './distance.js';
import type { Ring } from './geojson.js';

/** A ring in a plane as x0, y0, x1, y1, … without the closing repetition. */
export type PlanarRing = Float64Array;

/** A GeoJSON ring in metres about the projection's reference point. */
export function toPlanarRing(projection: LocalProjection, ring: Ring): PlanarRing {
  const first = ring[0];
  const last = ring[ring.length - 1];
  const closed = first && last && ring.length > 1 && first[0] === last[0] && first[1] === last[1];
  const count = closed ? ring.length - 1 : ring.length;
  const out = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) {
    const [lon, lat] = ring[i] as [number, number];
    out[2 * i] = projectX(projection, lon);
    out[2 * i + 1] = projectY(projection, lat);
  }
  return out;
}

/** Area of a ring, positive when it runs anticlockwise (shoelace formula about the first point). */
export function signedArea(ring: ArrayLike<number>, length: number = ring.length): number {
  if (length < 6) return 0;
  const x0 = ring[0] as number;
  const y0 = ring[1] as number;
  let sum = 0;
  let ax = 0;
  let ay = 0;
  for (let i = 2; i < length; i += 2) {
    const bx = (ring[i] as number) - x0;
    const by = (ring[i + 1] as number) - y0;
    sum += ax * by - bx * ay;
    ax = bx;
    ay = by;
  }
  return sum / 2;
}

/** Two scratch lists that clipping alternates between, so that a loop over many cells allocates nothing. */
export class RingClipper {
  private from: number[] = [];
  private to: number[] = [];

  /**
   * Cuts a ring of any shape by a convex, anticlockwise one (Sutherland–Hodgman). A concave ring may come out with parts joined by
   * lines of no width, so only the area is to be used. Returns the signed area of what remains.
   */
  clippedArea(ring: PlanarRing, convex: ArrayLike<number>): number {
    return signedArea(this.from, this.clip(ring, convex));
  }

  /** As `clippedArea`, but gives the remaining ring (a copy), to be cut again by something smaller inside. */
  clippedRing(ring: PlanarRing, convex: ArrayLike<number>): PlanarRing {
    const length = this.clip(ring, convex);
    return Float64Array.from(this.from.slice(0, length));
  }

  /** Leaves the result in `from` and returns its length. */
  private clip(ring: PlanarRing, convex: ArrayLike<number>): number {
    let length = ring.length;
    for (let i = 0; i < length; i++) this.from[i] = ring[i] as number;
    const corners = convex.length;
    for (let c = 0; c < corners && length > 0; c += 2) {
      const ax = convex[c] as number;
      const ay = convex[c + 1] as number;
      const ex = (convex[(c + 2) % corners] as number) - ax;
      const ey = (convex[(c + 3) % corners] as number) - ay;
      length = this.cutByLine(length, ax, ay, ex, ey);
    }
    return length;
  }

  /** Keeps what lies left of the line through (ax, ay) along (ex, ey). */
  private cutByLine(length: number, ax: number, ay: number, ex: number, ey: number): number {
    const from = this.from;
    const to = this.to;
    let n = 0;
    let px = from[length - 2] as number;
    let py = from[length - 1] as number;
    let pSide = ex * (py - ay) - ey * (px - ax);
    for (let i = 0; i < length; i += 2) {
      const qx = from[i] as number;
      const qy = from[i + 1] as number;
      const qSide = ex * (qy - ay) - ey * (qx - ax);
      if (qSide >= 0 !== pSide >= 0) {
        const t = pSide / (pSide - qSide);
        to[n++] = px + (qx - px) * t;
        to[n++] = py + (qy - py) * t;
      }
      if (qSide >= 0) {
        to[n++] = qx;
        to[n++] = qy;
      }
      px = qx;
      py = qy;
      pSide = qSide;
    }
    this.from = to;
    this.to = from;
    return n;
  }
}
