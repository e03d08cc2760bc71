import { Injectable } from '@nestjs/common';
import { Problem } from '../../../common/http/problem.js';
import type { CoverageRun, Scenario, StoredManifest } from '../coverage.types.js';
import { checkParameters, type CoverageGrid, type RunParameters, type Technology } from '../domain/index.js';
import type { PreparedTransmitters } from '../domain/transmitters.js';
import type { StoredTransmitter } from '../reckon-run.js';
import { RunDataReader } from '../run-data.reader.js';
import { scenarioOf } from '../run-view.js';
import { RunsReader } from '../runs.reader.js';
import type { Opening } from './desk.js';
import { PlanningUnitsReader, type PlanningUnit } from './planning-units.reader.js';

export type DoneRun = CoverageRun & { manifest: StoredManifest };

/** A run's network in one view, as questions need it. */
export interface PlanningNetwork {
  run: DoneRun;
  scenario: Scenario;
  grid: CoverageGrid;
  parameters: RunParameters;
  units: PlanningUnit[];
  technologies: Technology[];
  operators: string[];
  opening: Opening;
}

/** Finds what a run has stored: runs never change, and nothing of today's register comes into it. */
@Injectable()
export class PlanningNetworks {
  constructor(
    private readonly runs: RunsReader,
    private readonly data: RunDataReader,
    private readonly units: PlanningUnitsReader,
  ) {}

  /** Throws 404, 409 when the run is not done or was reckoned too long ago to be opened, 400 for a view that it has not. */
  async of(runId: string, request: Partial<Scenario>): Promise<PlanningNetwork> {
    const run = await this.runs.getDone(runId);
    const scenario = scenarioOf(run, request);
    const { environment: place, probability } = scenario;
    const parameters: RunParameters = { ...run.manifest.parameters, place, probability };
    try {
      checkParameters(parameters);
    } catch {
      throw Problem.conflict('RUN_TOO_OLD', {
        en: 'The run was reckoned by an older version, which its network cannot be opened from. Please run it again.',
        vi: 'Lần tính này do phiên bản cũ thực hiện, không mở lại được mạng lưới. Vui lòng tính lại.',
      });
    }
    const grid = await this.data.grid(run.manifest.grid.key);
    const layers = await this.data.views(run.id);
    const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
    return {
      run,
      scenario,
      grid,
      parameters,
      units: await this.units.of(run.id, scenario, grid.areaCodes),
      technologies: distinct(layers.map(({ technology }) => technology)),
      operators: distinct(layers.flatMap(({ operator }) => operator ?? [])),
      opening: {
        key: `${run.id}|${place}|${probability}`,
        load: async () => ({ grid, parameters, prepared: preparedOf(await this.data.transmitters(run.id)) }),
      },
    };
  }
}

/** The list as it was made: complete, checked and in its order. */
function preparedOf(stored: readonly StoredTransmitter[]): PreparedTransmitters {
  const layers: PreparedTransmitters['layers'] = [];
  const transmitters = stored.map(({ operatorCode, ...transmitter }) => {
    layers[transmitter.layerIndex] ??= { operatorCode, technology: transmitter.technology };
    return transmitter;
  });
  return {
    layers,
    transmitters,
    cellsGiven: stored.length,
    cellsSkipped: 0,
    assumed: {},
    cellsWithAssumedValues: 0,
  };
}
