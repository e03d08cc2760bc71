import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { HamletsReader } from './hamlets.reader.js';
import { HamletsWriter } from './hamlets.writer.js';

@Module({
  imports: [AreasModule],
  providers: [HamletsReader, HamletsWriter],
  exports: [HamletsReader, HamletsWriter],
})
export class HamletsModule {}
