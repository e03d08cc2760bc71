import fs from 'node:fs';
import path from 'node:path';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { DataSource } from 'typeorm';
import { migrations } from '../migrations/index.js';
import { createApp } from './bootstrap.js';
import { createDataSource, migrate } from './common/database/connection.js';
import { DatabaseListener } from './common/database/listener.js';
import { JobRunner } from './common/jobs/job-runner.js';
import { pruneJobs } from './common/jobs/job-store.js';
import type { Logger } from './common/logging/logger.js';
import type { Config } from './config/config.js';
import type { Progress } from './console/progress.js';
import { entities } from './database.js';
import { runDemo } from './demo/run-demo.js';
import { startBroker } from './start-broker.js';
import { ReadinessChecks } from './modules/health/index.js';
import { UsersService } from './modules/identity/index.js';
import { MqttTransport } from './mqtt/index.js';
import { assertPortFree } from './ports.js';
import { type StartedDatabase, startDatabase } from './start-database.js';

/** The whole program: starts its parts in order and stops them in the opposite one. */
export class Program {
  private readonly stops: { name: string; stop: () => Promise<void> }[] = [];
  private readonly stopping = new AbortController();
  private app: NestFastifyApplication | undefined;

  constructor(
    private readonly config: Config,
    private readonly logger: Logger,
    private readonly progress: Progress,
  ) {}

  async start(): Promise<void> {
    const { config, progress } = this;
    await assertPortFree('PORT', config.host, config.port);
    if (config.mqttUrl === undefined) await assertPortFree('MQTT_PORT', config.host, config.mqttPort);

    const database = await this.openDatabase();
    const dataSource = await this.openPool(database);
    const applied = await migrate(dataSource, database.connection);
    progress.done(
      applied.length > 0 ? `database is ready, ${applied.length} migrations applied` : 'database is ready',
    );
    for (const warning of database.warnings) progress.say(`         ${warning}`);

    const listener = new DatabaseListener(database.connection, this.logger);
    await listener.start();
    this.onStop('listener', () => listener.stop());
    const app = await createApp({ config, logger: this.logger, dataSource, listener });
    this.app = app;
    this.onStop('HTTP', () => app.close());
    await this.firstAdministrator(app);

    const worker = config.role !== 'api';
    let loaded = false;
    app.get(ReadinessChecks).add('start', () => {
      if (!loaded) throw new Error('still starting');
    });
    const mqttUrl = worker ? await this.startTransport(app) : config.mqttUrl!;
    await app.listen(config.port, config.host);
    this.writePidFile();
    const serverUrl = config.port === 0 ? await app.getUrl() : config.publicUrl;
    if (worker) {
      const jobs = app.get(JobRunner);
      keepHouse(jobs, dataSource);
      await jobs.start();
      this.onStop('jobs', () => jobs.stop());
    }
    loaded = true;
    progress.done(`serving ${serverUrl}/api/v1 (page to try it: ${serverUrl}/api/docs)`);
    if (config.demo && worker) await this.demo(app, { serverUrl, mqttUrl });
    progress.done(`Phủ Sóng is ready: ${serverUrl}/api/docs, user admin, Ctrl-C stops it`);
  }

  /** Stops every part that was started, the last one first. One that fails does not keep the others. */
  async stop(): Promise<void> {
    this.stopping.abort(new Error('the program is stopping'));
    let failed: unknown;
    for (const part of this.stops.splice(0).reverse()) {
      try {
        await part.stop();
      } catch (error) {
        failed ??= error;
        this.logger.error({ err: error }, `${part.name} did not stop cleanly`);
      }
    }
    if (failed !== undefined)
      throw failed instanceof Error ? failed : new Error('a part did not stop cleanly');
  }

  /** The running application, for tests of whole flows. */
  get application(): NestFastifyApplication {
    if (!this.app) throw new Error('the program has not started');
    return this.app;
  }

  private onStop(name: string, stop: () => Promise<void>): void {
    this.stops.push({ name, stop });
  }

  private async openDatabase(): Promise<StartedDatabase> {
    this.progress.doing(this.config.databaseUrl ? 'reaching the database' : 'starting the embedded database');
    const database = await startDatabase(this.config, this.logger);
    this.onStop('database', () => database.stop());
    return database;
  }

  private async openPool({ connection }: StartedDatabase): Promise<DataSource> {
    const dataSource = await createDataSource({
      connection,
      poolSize: this.config.databasePoolSize,
      entities,
      migrations,
      onPoolError: (error) => this.logger.warn({ err: error }, 'a database connection was lost'),
    }).initialize();
    this.onStop('database pool', () => dataSource.destroy());
    return dataSource;
  }

  private async firstAdministrator(app: NestFastifyApplication): Promise<void> {
    const first = await app.get(UsersService).ensureFirstAdministrator(this.config.adminPassword);
    if (first.generatedPassword !== undefined)
      this.progress.say(
        `\n  First administrator: user admin, password ${first.generatedPassword}  (shown this once)\n`,
      );
  }

  /** The broker's address, once the transport has been told to connect to it. */
  private async startTransport(app: NestFastifyApplication): Promise<string> {
    const broker = await startBroker(app, this.config, this.logger);
    this.onStop('broker', () => broker.stop());
    const transport = app.get(MqttTransport);
    transport.start(broker.account);
    this.onStop('MQTT', () => transport.stop());
    app.get(ReadinessChecks).add('broker', () => {
      if (!transport.connected) throw new Error('not connected');
    });
    return broker.account.url;
  }

  private async demo(
    app: NestFastifyApplication,
    addresses: { serverUrl: string; mqttUrl: string },
  ): Promise<void> {
    const clusters = await runDemo(app, this.config, addresses, this.progress, this.stopping.signal);
    if (clusters) this.onStop('simulated clusters', () => clusters.stop());
  }

  /** For whoever has to signal this very process and not the npm that started it. */
  private writePidFile(): void {
    const file = path.join(this.config.dataDir, 'server.pid');
    fs.mkdirSync(this.config.dataDir, { recursive: true });
    fs.writeFileSync(file, String(process.pid));
    this.onStop('pid file', async () => fs.rmSync(file, { force: true }));
  }
}

const KEEP_ENDED_JOBS_DAYS = 30;

/** Ended jobs are kept for a look and then removed; the relay does the same for sent messages. */
function keepHouse(jobs: JobRunner, { manager }: DataSource): void {
  jobs.repeat('housekeeping', 3_600, async () => {
    await pruneJobs(manager, KEEP_ENDED_JOBS_DAYS);
  });
}
