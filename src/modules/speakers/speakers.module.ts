import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { AttributesModule } from '../attributes/index.js';
import { IdentityModule } from '../identity/index.js';
import { BadMessages } from './bad-messages.js';
import { ClusterCountsReader } from './cluster-counts.reader.js';
import { ClusterOrders } from './cluster-orders.js';
import { ClusterOrdersController } from './cluster-orders.controller.js';
import { ClusterReader } from './cluster.reader.js';
import { ClusterService } from './cluster.service.js';
import { ClusterUnits } from './cluster-units.js';
import { ClusterWriter } from './cluster.writer.js';
import { ClustersController } from './clusters.controller.js';
import { CommandService } from './command.service.js';
import { DesiredDocuments } from './desired-documents.js';
import { EmergencyKeys } from './emergency-keys.js';
import { GroupService } from './group.service.js';
import { GroupsController } from './groups.controller.js';
import { KeyRollout } from './key-rollout.js';
import { PlainLoudspeakersController } from './plain-loudspeakers.controller.js';
import { PlainLoudspeakers } from './plain-loudspeakers.js';
import { PlayLogService } from './play-log.service.js';
import { TwinService } from './twin.service.js';

@Module({
  imports: [AreasModule, AttributesModule, IdentityModule],
  controllers: [ClustersController, ClusterOrdersController, GroupsController, PlainLoudspeakersController],
  providers: [
    BadMessages,
    ClusterCountsReader,
    ClusterOrders,
    ClusterReader,
    ClusterService,
    ClusterUnits,
    ClusterWriter,
    CommandService,
    DesiredDocuments,
    EmergencyKeys,
    GroupService,
    KeyRollout,
    PlainLoudspeakers,
    PlayLogService,
    TwinService,
  ],
  exports: [BadMessages, ClusterReader, ClusterService, CommandService, PlayLogService, TwinService],
})
export class SpeakersModule {}
