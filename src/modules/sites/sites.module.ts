import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { AttributesModule } from '../attributes/index.js';
import { OperatorsService } from './operators.service.js';
import { OperatorsController, SitesController } from './sites.controller.js';
import { SiteAttributes } from './site-attributes.js';
import { SiteCountsReader } from './site-counts.reader.js';
import { SiteFiguresController } from './site-figures.controller.js';
import { SiteUpkeepReader } from './site-upkeep.reader.js';
import { SiteRowsReader } from './site-rows.reader.js';
import { SiteTransitionsController } from './site-transitions.controller.js';
import { SiteTransitions } from './site-transitions.service.js';
import { SitesReader } from './sites.reader.js';
import { SitesService } from './sites.service.js';
import { SitesWriter } from './sites.writer.js';

@Module({
  imports: [AreasModule, AttributesModule],
  controllers: [SiteTransitionsController, SiteFiguresController, SitesController, OperatorsController],
  providers: [
    OperatorsService,
    SitesService,
    SitesReader,
    SiteAttributes,
    SitesWriter,
    SiteTransitions,
    SiteCountsReader,
    SiteUpkeepReader,
    SiteRowsReader,
  ],
  exports: [OperatorsService, SitesService, SitesWriter, SiteRowsReader],
})
export class SitesModule {}
