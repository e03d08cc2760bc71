import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { AttributesModule } from '../attributes/index.js';
import { HamletsController } from './hamlets.controller.js';
import { HamletsReader } from './hamlets.reader.js';
import { HamletsWriter } from './hamlets.writer.js';

@Module({
  imports: [AreasModule, AttributesModule],
  controllers: [HamletsController],
  providers: [HamletsReader, HamletsWriter],
  exports: [HamletsReader, HamletsWriter],
})
export class HamletsModule {}
