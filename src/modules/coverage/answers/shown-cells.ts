import type { ShownCells } from '../domain/cell-pyramid.js';
import { countOperators } from '../domain/count-operators.js';
import type { LoadedView } from './run-views.js';

/** The best server of a view in each cell, and how many operators serve it with the view's technology. Equal levels go to the first. */
export function shownCells({ grid, layers, technologyLayers, view }: LoadedView): ShownCells {
  const levelDbm = new Float32Array(grid.cellCount).fill(-Infinity);
  const server = new Int32Array(grid.cellCount).fill(-1);
  for (const layer of layers)
    for (let i = 0; i < grid.cellCount; i++) {
      if ((layer.levelDbm[i] as number) <= (levelDbm[i] as number)) continue;
      levelDbm[i] = layer.levelDbm[i] as number;
      server[i] = layer.bestCell[i] as number;
    }
  const counted = countOperators(technologyLayers, grid.cellCount).find(
    ({ technology }) => technology === view.technology,
  );
  return { levelDbm, server, operators: counted?.operatorCount ?? new Uint8Array(grid.cellCount) };
}
