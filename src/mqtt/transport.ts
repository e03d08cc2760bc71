import { Inject, Injectable } from '@nestjs/common';
import type { DatabaseListener } from '../common/database/listener.js';
import { UnitOfWork } from '../common/database/unit-of-work.js';
import type { Logger } from '../common/logging/logger.js';
import { DATABASE_LISTENER, LOGGER } from '../common/tokens.js';
import { BadMessages, CommandService, PlayLogService, TwinService } from '../modules/speakers/index.js';
import { MqttConnection } from './connection.js';
import { InboundRouter } from './inbound.js';
import { MosquittoWatch } from './mosquitto-watch.js';
import { OutboxRelay } from './relay.js';

/** The broker, and who the server is there. */
export interface BrokerAccount {
  url: string;
  username: string;
  password?: string;
  /** MQTT 5, or 4 for 3.1.1. */
  protocol: 4 | 5;
}

@Injectable()
export class InboundModules {
  constructor(
    readonly twins: TwinService,
    readonly commands: CommandService,
    readonly playLog: PlayLogService,
    readonly badMessages: BadMessages,
  ) {}
}

/** Brings the modules' messages to the broker and the clusters' words to the modules. Runs in workers only. */
@Injectable()
export class MqttTransport {
  private parts: { connection: MqttConnection; relay: OutboxRelay; router: InboundRouter } | undefined;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly modules: InboundModules,
    private readonly mosquitto: MosquittoWatch,
    @Inject(DATABASE_LISTENER) private readonly listener: DatabaseListener,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Whether there is a connection to the broker now. */
  get connected(): boolean {
    return this.parts?.connection.isUp ?? false;
  }

  /** Begins; does not wait for a broker that is away. */
  start(account: BrokerAccount): void {
    if (this.parts) throw new Error('the transport is started already');
    const router = new InboundRouter(this.modules, this.logger);
    const connection = new MqttConnection({
      ...account,
      logger: this.logger,
      take: (message) => router.take(message),
    });
    const relay = new OutboxRelay(this.uow, this.listener, connection, this.logger);
    this.parts = { connection, relay, router };
    this.mosquitto.start();
    relay.start();
    connection.start();
  }

  /** Resolves when every message received so far has been dealt with. */
  async idle(): Promise<void> {
    await this.parts?.router.idle();
  }

  async stop(): Promise<void> {
    const { parts } = this;
    this.parts = undefined;
    if (!parts) return;
    await this.mosquitto.stop();
    await parts.relay.stop();
    await parts.connection.stop();
    await parts.router.stop();
  }
}
