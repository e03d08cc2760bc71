import { Injectable } from '@nestjs/common';
import type { AskedParameters, RunRequest } from '../coverage.types.js';
import type { CoverageDefaults } from '../domain/index.js';
import { LandCoverSources } from '../land-cover/land-cover-sources.js';
import { PopulationSources } from '../people/population-sources.js';
import { CoverageSettings } from '../settings/coverage-settings.js';

/** The sources that a run is reckoned with. */
export type SourcesUsed = Required<
  Pick<AskedParameters, 'populationSource' | 'landCoverSource' | 'waterSource'>
>;

/** What runs are reckoned from beside the register: the settings, and the sources of people and ground. */
@Injectable()
export class RunBasis {
  constructor(
    private readonly settings: CoverageSettings,
    private readonly population: PopulationSources,
    private readonly landCover: LandCoverSources,
  ) {}

  /** What a request takes of all. Throws 400 for a source that there is not. */
  async of(request: RunRequest = {}): Promise<{ defaults: CoverageDefaults; sources: SourcesUsed }> {
    const defaults = await this.settings.current();
    const populationSource = await this.population.wanted(request.populationSource);
    const ground = await this.landCover.wanted(request, defaults.values.worldCover);
    return { defaults, sources: { populationSource, ...ground } };
  }
}
