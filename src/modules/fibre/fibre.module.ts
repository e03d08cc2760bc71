import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { SitesModule } from '../sites/index.js';
import { FibrePlanController } from './fibre-plan.controller.js';
import { FibrePlanService } from './fibre-plan.service.js';
import { FibreController } from './fibre.controller.js';
import { FibreReader } from './fibre.reader.js';
import { FibreService } from './fibre.service.js';

@Module({
  imports: [AreasModule, SitesModule],
  controllers: [FibreController, FibrePlanController],
  providers: [FibreService, FibreReader, FibrePlanService],
  exports: [FibreService, FibreReader],
})
export class FibreModule {}
