import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { BadMessages } from './bad-messages.js';
import { ClusterReader } from './cluster.reader.js';
import { ClusterService } from './cluster.service.js';
import { ClusterWriter } from './cluster.writer.js';
import { CommandService } from './command.service.js';
import { DesiredDocuments } from './desired-documents.js';
import { GroupService } from './group.service.js';
import { PlainLoudspeakers } from './plain-loudspeakers.js';
import { PlayLogService } from './play-log.service.js';
import { TwinService } from './twin.service.js';

@Module({
  imports: [AreasModule],
  providers: [
    BadMessages,
    ClusterReader,
    ClusterService,
    ClusterWriter,
    CommandService,
    DesiredDocuments,
    GroupService,
    PlainLoudspeakers,
    PlayLogService,
    TwinService,
  ],
  exports: [BadMessages, ClusterService, CommandService, PlayLogService, TwinService],
})
export class SpeakersModule {}
