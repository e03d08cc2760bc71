import type { INestApplicationContext } from '@nestjs/common';
import type { Logger } from './common/logging/logger.js';
import type { Config } from './config/config.js';
import { EmbeddedBroker } from './embedded/broker/embedded-broker.js';
import { MESSAGES } from './contract/index.js';
import { BrokerAccess, type BrokerAccount, type BrokerPrincipal } from './mqtt/index.js';

/** Whatever the contract allows passes; nothing larger is worth reading. */
const LARGEST_MESSAGE_BYTES = Math.max(...Object.values(MESSAGES).map(({ maxBytes }) => maxBytes));

export interface StartedBroker {
  account: BrokerAccount;
  stop(): Promise<void>;
}

/** The broker by `MQTT_URL`, or the embedded one, which asks the application who may do what. */
export async function startBroker(
  app: INestApplicationContext,
  config: Config,
  logger: Logger,
): Promise<StartedBroker> {
  if (config.mqttUrl !== undefined) {
    const account = {
      url: config.mqttUrl,
      username: config.mqttUsername,
      password: config.mqttPassword,
      protocol: config.mqttProtocol,
    };
    return { account, stop: async () => undefined };
  }
  const access = app.get(BrokerAccess);
  const broker = new EmbeddedBroker<BrokerPrincipal>({
    host: config.host,
    port: config.mqttPort,
    maxPayloadBytes: LARGEST_MESSAGE_BYTES,
    authenticate: (login) => access.authenticate(login),
    authorizePublish: (principal, topic) => access.authorizePublish(principal, topic),
    authorizeSubscribe: (principal, filter) => access.authorizeSubscribe(principal, filter),
    log: (level, message, detail) => logger[level](detail ?? {}, message),
  });
  await broker.start();
  access.onRightsChanged((username) => broker.disconnect(username));
  const account = {
    url: `mqtt://${addressOf(config.host)}:${broker.port}`,
    ...access.server,
    protocol: 4 as const,
  };
  return { account, stop: () => broker.stop() };
}

/** Listening everywhere is reached here. */
function addressOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
