import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { AttributesModule } from '../attributes/index.js';
import { HamletsModule } from '../hamlets/index.js';
import { SitesModule } from '../sites/index.js';
import { FibreAllotment } from './fibre-allotment.js';
import { FibreDrafts } from './fibre-drafts.js';
import { FibrePlanController } from './fibre-plan.controller.js';
import { FibrePlanService } from './fibre-plan.service.js';
import { FibreSnapshotsController } from './fibre-snapshots.controller.js';
import { FibreSnapshotsService } from './fibre-snapshots.service.js';
import { FibreStock } from './fibre-stock.js';
import { FibreTotalsReader } from './fibre-totals.reader.js';
import { FibreController } from './fibre.controller.js';
import { FibreReader } from './fibre.reader.js';
import { FibreService } from './fibre.service.js';
import { QuarterFiguresReader } from './quarter-figures.js';

@Module({
  imports: [AreasModule, AttributesModule, HamletsModule, SitesModule],
  controllers: [FibreController, FibrePlanController, FibreSnapshotsController],
  providers: [
    FibreDrafts,
    FibreService,
    FibreAllotment,
    FibreReader,
    QuarterFiguresReader,
    FibreTotalsReader,
    FibrePlanService,
    FibreSnapshotsService,
    FibreStock,
  ],
  exports: [FibreService, FibreReader, FibreStock],
})
export class FibreModule {}
