import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { AttributesModule } from '../attributes/index.js';
import { CollectionAccess } from './collection-access.js';
import { FeaturesReader } from './features.reader.js';
import { OgcController } from './ogc.controller.js';
import { OgcService } from './ogc.service.js';
import { OpenDataController } from './open-data.controller.js';
import { TilesController } from './tiles.controller.js';
import { TilesService } from './tiles.service.js';

/** The register as others read it: OGC API – Features and vector tiles. */
@Module({
  imports: [AreasModule, AttributesModule],
  controllers: [OgcController, OpenDataController, TilesController],
  providers: [CollectionAccess, FeaturesReader, OgcService, TilesService],
})
export class OpenDataModule {}
