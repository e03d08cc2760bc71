import type { StoredLevels } from './layer-levels.js';
import { TECHNOLOGIES, type Technology } from './technology.js';

/** How many operators reach the threshold, in each cell of the grid. */
export interface TechnologyOperators {
  /** Null: with any technology. */
  technology: Technology | null;
  operatorCount: Uint8Array;
}

/** How many operators serve each cell of the grid, for each technology that occurs and for any. */
export function countOperators(levels: readonly StoredLevels[], cellCount: number): TechnologyOperators[] {
  const used = TECHNOLOGIES.filter((technology) => levels.some((layer) => layer.technology === technology));
  return [null, ...used].map((technology): TechnologyOperators => {
    const operatorCount = new Uint8Array(cellCount);
    const wanted = levels.filter((layer) => technology === null || layer.technology === technology);
    for (const operatorCode of new Set(wanted.map((layer) => layer.operatorCode))) {
      const layers = wanted.filter((layer) => layer.operatorCode === operatorCode);
      for (let i = 0; i < cellCount; i++) {
        if (layers.some((layer) => (layer.servingCells[i] as number) > 0)) {
          operatorCount[i] = (operatorCount[i] as number) + 1;
        }
      }
    }
    return { technology, operatorCount };
  });
}
