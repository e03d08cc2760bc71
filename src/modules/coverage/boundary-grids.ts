import { Injectable } from '@nestjs/common';
import {
  defaultParameters,
  gridKey,
  gridOptionsOf,
  parameterDefaults,
  usableAreas,
  type CoverageGrid,
  type SnapshotArea,
  type SnapshotParent,
} from './domain/index.js';
import { RunDataReader } from './run-data.reader.js';
import { RegisterSnapshots, type RegisterSnapshot } from './run-snapshot.js';
import { RunStore } from './run-store.js';
import { RunBasis } from './sources/run-basis.js';
import { packArrays } from './typed-arrays.js';
import { runInWorker } from './worker/index.js';

/** The ground of a day's units: its grid, the communes in the order of the grid's codes, and what lies above them. */
export interface BoundaryGrid {
  grid: CoverageGrid;
  areas: SnapshotArea[];
  parents: readonly SnapshotParent[];
  /** Units by code. */
  units: RegisterSnapshot['units'];
}

/** Grids for whoever reckons something else over the same ground: the very ones that coverage runs use. */
@Injectable()
export class BoundaryGrids {
  constructor(
    private readonly snapshots: RegisterSnapshots,
    private readonly data: RunDataReader,
    private readonly store: RunStore,
    private readonly basis: RunBasis,
  ) {}

  /**
   * The grid of the units of a day (YYYY-MM-DD), kept from before or made in a thread. Throws `CoverageInputError` when no unit has a
   * boundary then, `CoverageCancelledError` when the signal aborts.
   */
  async of(
    boundaryDate: string,
    resolution: number,
    { signal, progress }: { signal?: AbortSignal; progress?: (fraction: number) => void } = {},
  ): Promise<BoundaryGrid> {
    const { defaults, sources } = await this.basis.of();
    const { snapshot, units } = await this.snapshots.take({
      boundaryDate,
      networkDate: boundaryDate,
      technologies: [],
      operators: [],
      ...sources,
    });
    const parameters = defaultParameters({ ...parameterDefaults(defaults.values), resolution });
    const areas = usableAreas(snapshot.areas);
    const key = gridKey(areas, gridOptionsOf(parameters, snapshot.ground));
    let grid = await this.data.findGrid(key);
    if (!grid) {
      const saved: Promise<void>[] = [];
      await runInWorker(snapshot, parameters, [], {
        signal,
        onProgress: ({ done, total }) => progress?.(total > 0 ? done / total : 0),
        onGrid: (made) => {
          grid = made;
          saved.push(this.keep(made));
        },
        onView: () => undefined,
      });
      await Promise.all(saved);
    }
    if (!grid) throw new Error('the grid of the boundaries was not made');
    return { grid, areas, parents: snapshot.parents, units };
  }

  private async keep(grid: CoverageGrid): Promise<void> {
    await this.store.saveGrid(grid.key, grid.resolution, grid.cellCount, await packArrays(grid));
  }
}
