import { Module } from '@nestjs/common';
import { CoverageModule } from '../coverage/index.js';
import { ClusterDependence } from './cluster-dependence.js';
import { ClusterUplinks } from './cluster-uplinks.js';
import { DependenceController } from './dependence.controller.js';

@Module({
  imports: [CoverageModule],
  controllers: [DependenceController],
  providers: [ClusterDependence, ClusterUplinks],
})
export class DependenceModule {}
