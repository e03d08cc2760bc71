import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { OperatorsService } from './operators.service.js';
import { OperatorsController, SitesController } from './sites.controller.js';
import { SitesReader } from './sites.reader.js';
import { SitesService } from './sites.service.js';
import { SitesWriter } from './sites.writer.js';

@Module({
  imports: [AreasModule],
  controllers: [SitesController, OperatorsController],
  providers: [OperatorsService, SitesService, SitesReader, SitesWriter],
  exports: [OperatorsService, SitesService, SitesWriter],
})
export class SitesModule {}
