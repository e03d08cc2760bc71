import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { CollectionAccess } from './collection-access.js';
import { FeaturesReader } from './features.reader.js';
import { OgcController } from './ogc.controller.js';
import { OgcService } from './ogc.service.js';
import { OpenDataController } from './open-data.controller.js';

/** The register as others read it: OGC API – Features. */
@Module({
  imports: [AreasModule],
  controllers: [OgcController, OpenDataController],
  providers: [CollectionAccess, FeaturesReader, OgcService],
})
export class OpenDataModule {}
