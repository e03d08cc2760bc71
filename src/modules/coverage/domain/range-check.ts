import type { LayerLevels } from './layer-levels.js';
import type { CoverageGrid } from './grid.js';
import type { RunParameters } from './parameters.js';
import { MIN_DISTANCE_M, modelFor } from './path-loss-table.js';
import { rangeWarnings, type RangeWarning } from './propagation/model.js';
import type { ModelId } from './propagation/registry.js';
import { LAND_COVERS, TECHNOLOGIES, type LandCover, type Technology } from './technology.js';
import type { Transmitter } from './transmitters.js';

/** How much of a technology was reckoned outside of the range that its models' publications claim. */
export interface RangeReport {
  technology: Technology;
  /** Levels reckoned: cells of the grid that receive something, over all operators. */
  levels: number;
  /** Of them outside for any reason, and as a share 0–1. */
  outside: number;
  outsideShare: number;
  /** A level may be outside for several reasons. */
  reasons: { model: ModelId; warning: RangeWarning; levels: number }[];
}

/** Looks at the best server of each cell of the grid: whether its model was made for such a frequency, height and distance. */
export function checkRanges(
  grid: CoverageGrid,
  levels: readonly LayerLevels[],
  transmitters: readonly Transmitter[],
  parameters: RunParameters,
): RangeReport[] {
  const fixedOf = fixedWarnings(transmitters, parameters);
  const reports: RangeReport[] = [];
  for (const technology of TECHNOLOGIES) {
    const layers = levels.filter((layer) => layer.technology === technology);
    if (layers.length === 0) continue;
    const spans = LAND_COVERS.map(
      (landCover) => modelFor(parameters, technology, landCover).validity.distanceM,
    );
    const counts = new Map<string, number>();
    const count = (landCover: number, warning: RangeWarning): void => {
      const key = `${parameters.models[technology][LAND_COVERS[landCover] as LandCover]}|${warning}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    };
    let reckoned = 0;
    let outside = 0;
    for (const { bestCell } of layers) {
      for (let i = 0; i < grid.cellCount; i++) {
        const best = bestCell[i] as number;
        if (best < 0) continue;
        reckoned++;
        const landCover = grid.landCover[i] as number;
        const fixed = fixedOf(best, landCover);
        const t = transmitters[best] as Transmitter;
        const dx = (grid.x[i] as number) - t.x;
        const dy = (grid.y[i] as number) - t.y;
        const distanceM = Math.max(MIN_DISTANCE_M, Math.sqrt(dx * dx + dy * dy));
        const [near, far] = spans[landCover] as readonly [number, number];
        const tooNearOrFar = distanceM < near || distanceM > far;
        if (tooNearOrFar) count(landCover, 'distance');
        for (const warning of fixed) count(landCover, warning);
        if (tooNearOrFar || fixed.length > 0) outside++;
      }
    }
    reports.push({
      technology,
      levels: reckoned,
      outside,
      outsideShare: reckoned > 0 ? outside / reckoned : 0,
      reasons: [...counts].map(([key, number]) => {
        const [model, warning] = key.split('|') as [ModelId, RangeWarning];
        return { model, warning, levels: number };
      }),
    });
  }
  return reports;
}

/** The warnings of a transmitter and land cover that do not depend on distance, each looked up once. */
function fixedWarnings(
  transmitters: readonly Transmitter[],
  parameters: RunParameters,
): (transmitter: number, landCover: number) => readonly RangeWarning[] {
  const known = new Array<RangeWarning[] | undefined>(transmitters.length * LAND_COVERS.length).fill(
    undefined,
  );
  return (transmitter, landCover) => {
    const slot = transmitter * LAND_COVERS.length + landCover;
    let warnings = known[slot];
    if (!warnings) {
      const { technology, frequencyMhz, heightM } = transmitters[transmitter] as Transmitter;
      const cover = LAND_COVERS[landCover] as LandCover;
      const model = modelFor(parameters, technology, cover);
      warnings = rangeWarnings(model, {
        frequencyMhz,
        baseHeightM: heightM,
        mobileHeightM: parameters.mobileHeightM,
        distanceM: model.validity.distanceM[1],
        environment: parameters.environments[cover],
      });
      known[slot] = warnings;
    }
    return warnings;
  };
}
