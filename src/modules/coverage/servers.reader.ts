import { Injectable } from '@nestjs/common';
import { latLngToCell } from 'h3-js';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import type { StoredManifest } from './coverage.types.js';
import type { CoverageGrid, Technology } from './domain/index.js';
import { indexOfCell } from './domain/grid-lookup.js';
import { servingSites, type ServingSite } from './domain/servers-at.js';
import type { StoredTransmitter } from './reckon-run.js';
import { RunDataReader } from './run-data.reader.js';

/** A finished run of coverage outdoors, and the probability of its most careful view. */
export interface ServersRun {
  id: string;
  title: string;
  boundaryDate: string;
  networkDate: string;
  probability: number;
  finishedAt: Date;
}

/** Whose network is asked about, where. */
export interface ServedPlace {
  lon: number;
  lat: number;
  operator: string;
}

/** Which sites serve places outdoors, as the newest run has it. */
@Injectable()
export class ServersReader {
  /** What the newest run was reckoned with; nothing of it ever changes. */
  private loaded: { runId: string; what: Promise<Loaded> } | undefined;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly data: RunDataReader,
  ) {}

  /** The newest finished run that has a view outdoors of this technology; undefined when there is none. */
  async newestRun(technology: Technology): Promise<ServersRun | undefined> {
    const rows = await this.uow.reader.query<ServersRun[]>(
      `select r.id, r.title, r.boundary_date::text as "boundaryDate", r.manifest->>'networkDate' as "networkDate",
              r.finished_at as "finishedAt", v.probability
         from coverage_runs r
         join lateral (select max(l.probability) as probability from coverage_layers l
                        where l.run_id = r.id and l.environment = 'outdoor' and l.technology = $1) v
           on v.probability is not null
        where r.state = 'done' order by r.created_at desc, r.id desc limit 1`,
      [technology],
    );
    return rows[0];
  }

  /** For each place the sites that serve it, the best first; null for places outside of the run's grid. */
  async servers(
    run: ServersRun,
    technology: Technology,
    places: readonly ServedPlace[],
  ): Promise<(ServingSite[] | null)[]> {
    const { grid, parameters, transmitters } = await this.load(run.id);
    const view = { ...parameters, place: 'outdoor' as const, probability: run.probability };
    const networks = new Map<string, StoredTransmitter[]>();
    const networkOf = (operator: string): StoredTransmitter[] => {
      let network = networks.get(operator);
      if (!network) {
        network = transmitters.filter((t) => t.technology === technology && t.operatorCode === operator);
        networks.set(operator, network);
      }
      return network;
    };
    return places.map(({ lon, lat, operator }) => {
      const cell = indexOfCell(grid, BigInt(`0x${latLngToCell(lat, lon, grid.resolution)}`));
      return cell === undefined ? null : servingSites(grid, cell, networkOf(operator), view);
    });
  }

  private async load(runId: string): Promise<Loaded> {
    if (this.loaded?.runId !== runId) this.loaded = { runId, what: this.read(runId) };
    const { what } = this.loaded;
    try {
      return await what;
    } catch (error) {
      if (this.loaded.what === what) this.loaded = undefined;
      throw error;
    }
  }

  private async read(runId: string): Promise<Loaded> {
    const [row] = await this.uow.reader.query<{ manifest: StoredManifest }[]>(
      `select manifest from coverage_runs where id = $1`,
      [runId],
    );
    if (!row) throw new Error(`the coverage run ${runId} is missing`);
    const { manifest } = row;
    return {
      parameters: manifest.parameters,
      grid: await this.data.grid(manifest.grid.key),
      transmitters: await this.data.transmitters(runId),
    };
  }
}

interface Loaded {
  parameters: StoredManifest['parameters'];
  grid: CoverageGrid;
  transmitters: StoredTransmitter[];
}
