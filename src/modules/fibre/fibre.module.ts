import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { SitesModule } from '../sites/index.js';
import { FibreController } from './fibre.controller.js';
import { FibreReader } from './fibre.reader.js';
import { FibreService } from './fibre.service.js';

@Module({
  imports: [AreasModule, SitesModule],
  controllers: [FibreController],
  providers: [FibreService, FibreReader],
  exports: [FibreService, FibreReader],
})
export class FibreModule {}
