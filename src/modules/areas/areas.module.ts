import { Module } from '@nestjs/common';
import { AttributesModule } from '../attributes/index.js';
import { AreasController } from './areas.controller.js';
import { AreasReader } from './areas.reader.js';
import { AreasService } from './areas.service.js';
import { AreasWriter } from './areas.writer.js';

@Module({
  imports: [AttributesModule],
  controllers: [AreasController],
  providers: [AreasService, AreasReader, AreasWriter],
  exports: [AreasService, AreasWriter],
})
export class AreasModule {}
