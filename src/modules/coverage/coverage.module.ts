import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { HamletsModule } from '../hamlets/index.js';
import { SitesModule } from '../sites/index.js';
import { DifferencesReader } from './answers/differences.reader.js';
import { HamletStatusReader } from './answers/hamlets.reader.js';
import { HistogramsReader } from './answers/histograms.reader.js';
import { RegionsReader } from './answers/regions.reader.js';
import { RegisterPlaces } from './answers/register-places.js';
import { RunDifferencesController } from './answers/run-differences.controller.js';
import { RunFilesController } from './answers/run-files.controller.js';
import { RunFilesReader } from './answers/run-files.reader.js';
import { RunFiguresController } from './answers/run-figures.controller.js';
import { RunPlacesController } from './answers/run-places.controller.js';
import { RunViews } from './answers/run-views.js';
import { CellTilesReader } from './answers/tiles/cell-tiles.reader.js';
import { RunTilesController } from './answers/tiles/run-tiles.controller.js';
import { BoundaryGrids } from './boundary-grids.js';
import { CellsReader } from './cells.reader.js';
import { CoverageController } from './coverage.controller.js';
import { CoverageService } from './coverage.service.js';
import { FiguresReader } from './figures.reader.js';
import { LandCoverSourcesController } from './land-cover/land-cover-sources.controller.js';
import { LandCoverSources } from './land-cover/land-cover-sources.js';
import { MapReader } from './map.reader.js';
import { OutageConsequences } from './planning/outage-consequences.js';
import { PlanningController } from './planning/planning.controller.js';
import { PLANNING_PROVIDERS } from './planning/providers.js';
import { PopulationSourcesController } from './people/population-sources.controller.js';
import { PopulationSources } from './people/population-sources.js';
import { RunDataReader } from './run-data.reader.js';
import { RunJob } from './run.job.js';
import { RunBasis } from './sources/run-basis.js';
import { UnitsExtent } from './sources/units-extent.js';
import { CoverageSettings } from './settings/coverage-settings.js';
import { CoverageSettingsController } from './settings/settings.controller.js';
import { RegisterSnapshots } from './run-snapshot.js';
import { RunStore } from './run-store.js';
import { RunsReader } from './runs.reader.js';
import { ServersReader } from './servers.reader.js';

@Module({
  imports: [AreasModule, HamletsModule, SitesModule],
  controllers: [
    CoverageController,
    PlanningController,
    CoverageSettingsController,
    PopulationSourcesController,
    LandCoverSourcesController,
    RunFiguresController,
    RunPlacesController,
    RunDifferencesController,
    RunTilesController,
    RunFilesController,
  ],
  providers: [
    ...PLANNING_PROVIDERS,
    BoundaryGrids,
    CoverageService,
    CoverageSettings,
    PopulationSources,
    LandCoverSources,
    RunBasis,
    UnitsExtent,
    RunStore,
    RunsReader,
    RunDataReader,
    FiguresReader,
    CellsReader,
    MapReader,
    RegisterSnapshots,
    RunJob,
    ServersReader,
    HistogramsReader,
    RunViews,
    RegisterPlaces,
    RegionsReader,
    HamletStatusReader,
    DifferencesReader,
    CellTilesReader,
    RunFilesReader,
  ],
  exports: [BoundaryGrids, CoverageService, OutageConsequences, ServersReader],
})
export class CoverageModule {}
