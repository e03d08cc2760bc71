import { type DynamicModule, Module } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { ApiDocsModule } from './api-docs/api-docs.module.js';
import { CommonModule } from './common/common.module.js';
import type { DatabaseListener } from './common/database/listener.js';
import type { Logger } from './common/logging/logger.js';
import type { Config } from './config/config.js';
import { AreasModule } from './modules/areas/index.js';
import { AttributesModule } from './modules/attributes/index.js';
import { AuditModule } from './modules/audit/index.js';
import { BroadcastsModule } from './modules/broadcasts/index.js';
import { CoverageModule } from './modules/coverage/index.js';
import { DependenceModule } from './modules/dependence/index.js';
import { EmergenciesModule } from './modules/emergencies/index.js';
import { ExchangeModule } from './modules/exchange/index.js';
import { FibreModule } from './modules/fibre/index.js';
import { HamletsModule } from './modules/hamlets/index.js';
import { HealthModule } from './modules/health/index.js';
import { IdentityModule } from './modules/identity/index.js';
import { MediaModule } from './modules/media/index.js';
import { OperationsModule } from './modules/operations/index.js';
import { OpenDataModule } from './modules/open-data/index.js';
import { ProgrammesModule } from './modules/programmes/index.js';
import { ReachModule } from './modules/reach/index.js';
import { ReportsModule } from './modules/reports/index.js';
import { SitesModule } from './modules/sites/index.js';
import { SpeakersModule } from './modules/speakers/index.js';
import { WebhooksModule } from './modules/webhooks/index.js';
import { MqttModule } from './mqtt/index.js';

/** What the application is assembled from; `program.ts` and the tests provide it. */
export interface AppParts {
  config: Config;
  logger: Logger;
  dataSource: DataSource;
  listener: DatabaseListener;
}

@Module({})
export class AppModule {
  static with(parts: AppParts): DynamicModule {
    return {
      module: AppModule,
      imports: [
        CommonModule.with(parts),
        IdentityModule,
        AuditModule,
        WebhooksModule,
        AttributesModule,
        AreasModule,
        HamletsModule,
        SitesModule,
        FibreModule,
        CoverageModule,
        SpeakersModule,
        ReachModule,
        DependenceModule,
        MediaModule,
        BroadcastsModule,
        EmergenciesModule,
        ProgrammesModule,
        ExchangeModule,
        ReportsModule,
        OpenDataModule,
        OperationsModule,
        MqttModule,
        ApiDocsModule,
        HealthModule,
      ],
    };
  }
}
