import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { Config } from '../config/config.js';
import type { DatabaseListener } from './database/listener.js';
import { UnitOfWork } from './database/unit-of-work.js';
import { EventBus } from './events/event-bus.js';
import { JobRunner } from './jobs/job-runner.js';
import type { Logger } from './logging/logger.js';
import { CONFIG, DATABASE_LISTENER, LOGGER } from './tokens.js';

/** The glue every module may inject: unit of work, events, jobs, the logger. */
@Global()
@Module({})
export class CommonModule {
  static with(parts: {
    config: Config;
    dataSource: DataSource;
    listener: DatabaseListener;
    logger: Logger;
  }): DynamicModule {
    const events = new EventBus((error, event) =>
      parts.logger.error({ err: error, event }, 'a listener failed after the commit'),
    );
    const providers = [
      { provide: CONFIG, useValue: parts.config },
      { provide: LOGGER, useValue: parts.logger },
      { provide: DATABASE_LISTENER, useValue: parts.listener },
      { provide: EventBus, useValue: events },
      { provide: UnitOfWork, useValue: new UnitOfWork(parts.dataSource, events) },
      {
        provide: JobRunner,
        useValue: new JobRunner(() => parts.dataSource.manager, parts.listener, parts.logger),
      },
    ];
    return { module: CommonModule, providers, exports: providers };
  }
}
