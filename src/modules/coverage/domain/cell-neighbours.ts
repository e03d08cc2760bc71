import { cellToLatLng, gridDisk } from 'h3-js';
import { projectX, projectY } from '../../../geo/index.js';
import { cellId, type CoverageGrid } from './grid.js';

type Places = Pick<CoverageGrid, 'h3' | 'x' | 'y' | 'cellCount' | 'projection'>;

/** Neighbours' centres are up to this much farther apart than about the middle of the grid; the next ones are 1.7 times as far. */
const SLACK = 1.25;

/**
 * The cells of the grid that touch a cell. Found by where their centres lie, which is many times faster than asking H3 for each; away
 * from H3's twelve pentagons (none is on land) it is the same.
 */
export function cellNeighbours(grid: Places): (cell: number) => number[] {
  const { x, y, cellCount } = grid;
  const reachM = SLACK * spacingM(grid);
  const [west, south] = [lowest(x), lowest(y)];
  const columns = 1 + Math.floor((highest(x) - west) / reachM);
  const rows = 1 + Math.floor((highest(y) - south) / reachM);
  const columnOf = (i: number) => Math.floor(((x[i] as number) - west) / reachM);
  const rowOf = (i: number) => Math.floor(((y[i] as number) - south) / reachM);
  // Cells sorted by the square that they lie in.
  const start = new Uint32Array(columns * rows + 1);
  for (let i = 0; i < cellCount; i++) {
    const bin = rowOf(i) * columns + columnOf(i) + 1;
    start[bin] = (start[bin] as number) + 1;
  }
  for (let bin = 0; bin < columns * rows; bin++)
    start[bin + 1] = (start[bin + 1] as number) + (start[bin] as number);
  const next = start.slice();
  const members = new Uint32Array(cellCount);
  for (let i = 0; i < cellCount; i++) {
    const bin = rowOf(i) * columns + columnOf(i);
    members[next[bin] as number] = i;
    next[bin] = (next[bin] as number) + 1;
  }
  return (cell) => {
    const found: number[] = [];
    const [column, row] = [columnOf(cell), rowOf(cell)];
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      const from = start[r * columns + Math.max(0, column - 1)] as number;
      const to = start[r * columns + Math.min(columns - 1, column + 1) + 1] as number;
      for (let m = from; m < to; m++) {
        const i = members[m] as number;
        const dx = (x[i] as number) - (x[cell] as number);
        const dy = (y[i] as number) - (y[cell] as number);
        if (i !== cell && dx * dx + dy * dy <= reachM * reachM) found.push(i);
      }
    }
    return found;
  };
}

/** How far the farthest of the neighbours of a cell in the middle of the list is. */
function spacingM(grid: Places): number {
  const middle = Math.floor(grid.cellCount / 2);
  const id = cellId(grid, middle);
  const place = (cell: string): [number, number] => {
    const [lat, lon] = cellToLatLng(cell);
    return [projectX(grid.projection, lon), projectY(grid.projection, lat)];
  };
  const [x, y] = place(id);
  const distances = gridDisk(id, 1).map((cell) => Math.hypot(place(cell)[0] - x, place(cell)[1] - y));
  return Math.max(...distances);
}

const lowest = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b), Infinity);
const highest = (values: Float64Array): number => values.reduce((a, b) => Math.max(a, b), -Infinity);
