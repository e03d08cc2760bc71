import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { FibreModule } from '../fibre/index.js';
import { AttributesModule } from '../attributes/index.js';
import { HamletsModule } from '../hamlets/index.js';
import { SitesModule } from '../sites/index.js';
import { SpeakersModule } from '../speakers/index.js';
import { ApplyChanges } from './apply-changes.js';
import { FileCheck } from './check-file.js';
import { Corrections } from './corrections.js';
import { ExportsController } from './export/exports.controller.js';
import { ExportsService } from './export/exports.service.js';
import { RegisterExportsController } from './export/register-exports.controller.js';
import { RegisterRows } from './export/register-rows.js';
import { Snapshot } from './export/snapshot.js';
import { FileRemoval } from './file-removal.job.js';
import { ImportFiles } from './import-files.js';
import { ImportJob } from './import.job.js';
import { AreasImporter } from './importers/areas.importer.js';
import { CellsImporter } from './importers/cells.importer.js';
import { ClustersImporter } from './importers/clusters.importer.js';
import { CommunesReader } from './importers/communes-by-name.js';
import { FibreImporter } from './importers/fibre.importer.js';
import { LoudspeakersImporter } from './importers/loudspeakers.importer.js';
import { HamletsImporter } from './importers/hamlets.importer.js';
import { PlacesReader } from './importers/places.reader.js';
import { Importers } from './importers/registry.js';
import { SheetAttributes } from './importers/sheet-attributes.js';
import { SitesImporter } from './importers/sites.importer.js';
import { ImportsController } from './imports.controller.js';
import { ImportsService } from './imports.service.js';
import { ImportsStore } from './imports.store.js';
import { OperatorNamesReader } from './operator-names.js';
import { StagingStore } from './staging.store.js';

/** Brings files into the register and out of it, through the services of the modules whose data they hold. */
@Module({
  imports: [AreasModule, FibreModule, AttributesModule, HamletsModule, SitesModule, SpeakersModule],
  controllers: [ImportsController, ExportsController, RegisterExportsController],
  providers: [
    PlacesReader,
    SheetAttributes,
    SitesImporter,
    CellsImporter,
    FibreImporter,
    HamletsImporter,
    AreasImporter,
    CommunesReader,
    ClustersImporter,
    LoudspeakersImporter,
    Importers,
    OperatorNamesReader,
    ImportFiles,
    StagingStore,
    ImportsStore,
    FileCheck,
    ApplyChanges,
    Corrections,
    ImportsService,
    ImportJob,
    FileRemoval,
    Snapshot,
    RegisterRows,
    ExportsService,
  ],
})
export class ExchangeModule {}
