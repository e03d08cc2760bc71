import { Inject, Injectable } from '@nestjs/common';
import { EventBus } from '../common/events/event-bus.js';
import type { Logger } from '../common/logging/logger.js';
import { CONFIG, LOGGER } from '../common/tokens.js';
import type { Config } from '../config/config.js';
import { DEVICE_CREDENTIAL_CHANGED } from '../modules/identity/index.js';
import { CLUSTERS_CHANGED } from '../modules/speakers/index.js';
import { MosquittoFiles } from './mosquitto-files.js';

/** How long a change that another process has made may take to reach the files. */
const EVERY_MS = 5_000;

/** Keeps Mosquitto's files as the database says, when a folder for them is configured. */
@Injectable()
export class MosquittoWatch {
  private timer: NodeJS.Timeout | undefined;
  private writing: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly files: MosquittoFiles,
    events: EventBus,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const changed = () => {
      if (this.timer) this.write();
    };
    events.afterCommit(DEVICE_CREDENTIAL_CHANGED, changed);
    events.afterCommit(CLUSTERS_CHANGED, changed);
  }

  start(): void {
    if (this.config.mosquittoDir === undefined) return;
    this.timer = setInterval(() => this.write(), EVERY_MS);
    this.write();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.timer = undefined;
    this.again = false;
    await this.writing;
  }

  private write(): void {
    const { mosquittoDir: dir, mqttUsername: username, mqttPassword: password } = this.config;
    if (dir === undefined || password === undefined) return;
    if (this.writing) {
      this.again = true;
      return;
    }
    this.writing = this.files
      .write(dir, { username, password })
      .then((written) => {
        if (written) this.logger.info({ dir }, 'wrote the password and ACL files of Mosquitto');
      })
      .catch((error: unknown) =>
        this.logger.error({ err: error, dir }, 'the files of Mosquitto were not written'),
      )
      .finally(() => {
        this.writing = undefined;
        if (!this.again) return;
        this.again = false;
        this.write();
      });
  }
}
