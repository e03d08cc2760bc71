import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { EventBus } from '../common/events/event-bus.js';
import { CONFIG } from '../common/tokens.js';
import type { Config } from '../config/config.js';
import {
  buildTopic,
  clusterMayPublish,
  clusterMaySubscribe,
  MESSAGES,
  parseTopic,
  serverFilters,
} from '../contract/index.js';
import { DEVICE_CREDENTIAL_CHANGED, DeviceCredentials } from '../modules/identity/index.js';
import { CLUSTERS_CHANGED, ClusterService } from '../modules/speakers/index.js';

/** Who is connected to the embedded broker. */
export type BrokerPrincipal =
  { kind: 'server' } | { kind: 'device'; id: string; /** As of the login. */ areaChain: readonly string[] };

/**
 * Rule 12: what the embedded broker asks. Rights are read at the login; whoever's rights change is named to
 * `onRightsChanged`, for their connection to be ended: they come back by themselves, or not.
 */
@Injectable()
export class BrokerAccess {
  /** The server's own account on the embedded broker, made anew at each start. */
  readonly server: { username: string; password: string };
  private readonly listeners: ((username: string) => void)[] = [];

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly credentials: DeviceCredentials,
    private readonly clusters: ClusterService,
    events: EventBus,
  ) {
    this.server = { username: config.mqttUsername, password: randomBytes(32).toString('base64url') };
    events.afterCommit(DEVICE_CREDENTIAL_CHANGED, (changes) =>
      this.changed(changes.map(({ deviceId }) => deviceId)),
    );
    events.afterCommit(CLUSTERS_CHANGED, (changes) =>
      this.changed(changes.flatMap(({ rightsOf }) => rightsOf)),
    );
  }

  onRightsChanged(listener: (username: string) => void): void {
    this.listeners.push(listener);
  }

  /** Null: refused. A cluster's client id is its name. */
  async authenticate(login: {
    username: string;
    password: string;
    clientId: string;
  }): Promise<BrokerPrincipal | null> {
    const { username, password, clientId } = login;
    if (username === this.server.username)
      return same(password, this.server.password) ? { kind: 'server' } : null;
    if (clientId !== username || !(await this.credentials.verify(username, password))) return null;
    const areaChain = (await this.clusters.areaChains([username])).get(username);
    return areaChain === undefined ? null : { kind: 'device', id: username, areaChain };
  }

  /** The server speaks to clusters and of itself, and never as a cluster. */
  authorizePublish(principal: BrokerPrincipal, topic: string): boolean {
    if (principal.kind === 'device') return clusterMayPublish(principal.id, topic);
    const kind = parseTopic(topic)?.kind;
    return kind !== undefined && MESSAGES[kind].from === 'server';
  }

  authorizeSubscribe(principal: BrokerPrincipal, filter: string): boolean {
    if (principal.kind === 'device') return clusterMaySubscribe(principal.id, principal.areaChain, filter);
    return serverFilters().includes(filter) || filter === buildTopic({ kind: 'serverState' });
  }

  private changed(usernames: readonly string[]): void {
    for (const username of new Set(usernames)) for (const listener of this.listeners) listener(username);
  }
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
