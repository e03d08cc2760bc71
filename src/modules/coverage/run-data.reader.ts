import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import type { LayerView, Scenario } from './coverage.types.js';
import type { CoverageGrid, StoredLevels, Technology } from './domain/index.js';
import type { StoredTransmitter } from './reckon-run.js';
import { unpackArrays } from './typed-arrays.js';

/** Grids are large, and the same one is asked for again and again. */
const GRIDS_KEPT = 2;

/** What a run has stored for each cell of its grid, unpacked. */
@Injectable()
export class RunDataReader {
  /** By key, the last used last. A grid never changes. */
  private readonly grids = new Map<string, Promise<CoverageGrid | undefined>>();

  constructor(private readonly uow: UnitOfWork) {}

  /** Undefined when there is none of that key. */
  async findGrid(key: string): Promise<CoverageGrid | undefined> {
    const kept = this.grids.get(key) ?? this.loadGrid(key);
    this.grids.delete(key);
    this.grids.set(key, kept);
    const oldest = this.grids.keys().next().value;
    if (this.grids.size > GRIDS_KEPT && oldest !== undefined) this.grids.delete(oldest);
    try {
      const grid = await kept;
      if (!grid) this.grids.delete(key);
      return grid;
    } catch (error) {
      this.grids.delete(key);
      throw error;
    }
  }

  /** The grid of a finished run. */
  async grid(key: string): Promise<CoverageGrid> {
    const grid = await this.findGrid(key);
    if (!grid) throw new Error(`the coverage grid ${key} is missing`);
    return grid;
  }

  /** The layers of a view, by technology and operator; no technology: all of them. */
  async layers(runId: string, scenario: Scenario, technology?: Technology): Promise<StoredLevels[]> {
    const rows = await this.uow.reader.query<{ data: Buffer }[]>(
      `select data from coverage_layers
        where run_id = $1 and environment = $2 and probability = $3 and ($4::text is null or technology = $4)
        order by technology, operator`,
      [runId, scenario.environment, scenario.probability, technology ?? null],
    );
    return Promise.all(rows.map(({ data }) => unpackArrays<StoredLevels>(data)));
  }

  /** Which layers a run has, without their data. */
  async views(runId: string): Promise<Pick<LayerView, 'technology' | 'operator'>[]> {
    return await this.uow.reader.query<Pick<LayerView, 'technology' | 'operator'>[]>(
      `select distinct technology, operator from coverage_layers where run_id = $1 order by technology, operator`,
      [runId],
    );
  }

  async transmitters(runId: string): Promise<StoredTransmitter[]> {
    const rows = await this.uow.reader.query<{ data: Buffer }[]>(
      `select data from coverage_transmitters where run_id = $1`,
      [runId],
    );
    if (!rows[0]) throw new Error(`the transmitters of the coverage run ${runId} are missing`);
    return (await unpackArrays<{ transmitters: StoredTransmitter[] }>(rows[0].data)).transmitters;
  }

  private async loadGrid(key: string): Promise<CoverageGrid | undefined> {
    const rows = await this.uow.reader.query<
      {
        data: Buffer;
      }[]
    >(`select data from coverage_grids where key = $1`, [key]);
    return rows[0] && unpackArrays<CoverageGrid>(rows[0].data);
  }
}
