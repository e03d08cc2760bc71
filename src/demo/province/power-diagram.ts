import { type Point, distance, signedArea } from './plane.js';

/** A generator of a power diagram: it owns the points x with the least |x − at|² − weight. */
export interface Generator {
  at: Point;
  weight: number;
}

/** A convex cell, counter-clockwise. `neighbours[k]` is the generator across the edge from vertex k to k + 1, negative = the frame. */
export interface PowerCell {
  vertices: Point[];
  neighbours: number[];
}

/** The frame's half side in km: far outside of everything the demo knows. */
const FRAME_KM = 80;

function frame(): PowerCell {
  const f = FRAME_KM;
  return {
    vertices: [
      [-f, -f],
      [f, -f],
      [f, f],
      [-f, f],
    ],
    neighbours: [-1, -2, -3, -4],
  };
}

/** Keeps the part of a convex cell where normal · x ≤ offset; the new edge gets the label. */
function clip(cell: PowerCell, nx: number, ny: number, offset: number, label: number): PowerCell {
  let cuts = false;
  for (const v of cell.vertices) cuts ||= nx * v[0] + ny * v[1] > offset;
  if (!cuts) return cell;
  const side = cell.vertices.map((v) => nx * v[0] + ny * v[1] - offset);
  const vertices: Point[] = [];
  const neighbours: number[] = [];
  const n = cell.vertices.length;
  for (let k = 0; k < n; k++) {
    const next = (k + 1) % n;
    const a = cell.vertices[k];
    const b = cell.vertices[next];
    const sa = side[k];
    const sb = side[next];
    const across = cell.neighbours[k];
    if (!a || !b || sa === undefined || sb === undefined || across === undefined) continue;
    if (sa <= 0) {
      vertices.push(a);
      neighbours.push(across);
    }
    if (sa <= 0 !== sb <= 0) {
      const t = sa / (sa - sb);
      vertices.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
      neighbours.push(sa <= 0 ? label : across);
    }
  }
  return { vertices, neighbours };
}

/** The cell of one generator (no vertices when others cover it all). */
export function powerCell(generators: readonly Generator[], index: number): PowerCell {
  const own = generators[index];
  if (!own) throw new Error(`no generator ${index}`);
  const [x, y] = own.at;
  const self = x * x + y * y - own.weight;
  let cell = frame();
  for (let j = 0; j < generators.length; j++) {
    const other = generators[j];
    if (j === index || !other) continue;
    const [ox, oy] = other.at;
    cell = clip(cell, 2 * (ox - x), 2 * (oy - y), ox * ox + oy * oy - other.weight - self, j);
    if (cell.vertices.length === 0) break;
  }
  return cell;
}

/** Solves a symmetric positive definite system by Cholesky's method; the matrix is overwritten. */
function solve(matrix: Float64Array[], right: readonly number[]): number[] {
  const n = right.length;
  const at = (i: number, j: number): number => matrix[i]?.[j] ?? 0;
  const put = (i: number, j: number, value: number): void => {
    const row = matrix[i];
    if (row) row[j] = value;
  };
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = at(i, j);
      for (let k = 0; k < j; k++) sum -= at(i, k) * at(j, k);
      put(i, j, i === j ? Math.sqrt(sum) : sum / at(j, j));
    }
  }
  const z: number[] = [];
  for (let i = 0; i < n; i++) {
    let sum = right[i] ?? 0;
    for (let k = 0; k < i; k++) sum -= at(i, k) * (z[k] ?? 0);
    z.push(sum / at(i, i));
  }
  const x: number[] = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    let sum = z[i] ?? 0;
    for (let k = i + 1; k < n; k++) sum -= at(k, i) * (x[k] ?? 0);
    x[i] = sum / at(i, i);
  }
  return x;
}

const areasOf = (cells: readonly PowerCell[]): number[] => cells.map((c) => Math.abs(signedArea(c.vertices)));

/**
 * Weights under which the first `targets.length` cells have the target areas (km²); the other generators keep theirs and take up
 * the rest of the plane. Damped Newton method for semi-discrete optimal transport (Kitagawa, Mérigot, Thibert 2019): it
 * converges from any start in which no fitted cell is empty, so an empty one sends all fitted weights back to zero.
 * Returns the fitted cells.
 */
export function fitAreas(generators: Generator[], targets: readonly number[]): PowerCell[] {
  const n = targets.length;
  const cellsNow = (): PowerCell[] => targets.map((_, i) => powerCell(generators, i));
  const setWeights = (weights: readonly number[]): void => {
    weights.forEach((weight, i) => {
      const generator = generators[i];
      if (generator) generator.weight = weight;
    });
  };
  let cells = cellsNow();
  if (areasOf(cells).some((a) => a === 0)) {
    setWeights(targets.map(() => 0));
    cells = cellsNow();
  }
  let areas = areasOf(cells);
  const floor = Math.min(...areas, ...targets) / 2;
  for (let round = 0; round < 60; round++) {
    const missing = targets.map((target, i) => target - (areas[i] ?? 0));
    const error = Math.hypot(...missing);
    if (error < 1e-9) break;
    // dA_i/dw_j = −length_ij / (2 distance_ij) across each edge.
    const jacobian = targets.map(() => new Float64Array(n));
    cells.forEach((cell, i) => {
      const row = jacobian[i];
      const own = generators[i];
      cell.vertices.forEach((a, k) => {
        const b = cell.vertices[(k + 1) % cell.vertices.length];
        const j = cell.neighbours[k] ?? -1;
        const other = generators[j];
        if (!b || !other || !own || !row) return;
        const slope = distance(a, b) / (2 * distance(own.at, other.at));
        row[i] = (row[i] ?? 0) + slope;
        if (j < n) row[j] = (row[j] ?? 0) - slope;
      });
    });
    const step = solve(jacobian, missing);
    const start = generators.slice(0, n).map((g) => g.weight);
    let accepted = false;
    for (let t = 1; t > 1e-4 && !accepted; t /= 2) {
      setWeights(start.map((w, i) => w + t * (step[i] ?? 0)));
      const trial = cellsNow();
      const trialAreas = areasOf(trial);
      const trialError = Math.hypot(...targets.map((target, i) => target - (trialAreas[i] ?? 0)));
      if (Math.min(...trialAreas) >= floor && trialError <= (1 - t / 2) * error) {
        cells = trial;
        areas = trialAreas;
        accepted = true;
      }
    }
    if (!accepted) {
      setWeights(start);
      break;
    }
  }
  return cells;
}
