import { Module } from '@nestjs/common';
import { AreasModule } from '../areas/index.js';
import { ReportsController } from './reports.controller.js';
import { ReportsReader } from './reports.reader.js';

/** Proof of play: reports of what was planned and what clusters themselves say became of it. It reads and changes nothing. */
@Module({ imports: [AreasModule], controllers: [ReportsController], providers: [ReportsReader] })
export class ReportsModule {}
