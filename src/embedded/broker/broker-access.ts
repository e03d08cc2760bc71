import type { Client, PublishPacket } from 'aedes';
import { errorText, type EmbeddedLog } from '../embedded-error.js';
import type { RefusalLog } from './refusal-log.js';
import { RetainedBudget } from './retained-budget.js';

export interface BrokerCredentials {
  /** A name made by the broker when the client gave none. */
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
}

export interface PublishFlags {
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly payloadBytes: number;
}

/** Who may do what. The broker itself knows no topics and no users. */
export interface BrokerRules<Principal extends object> {
  /**
   * Who this is, or null to refuse. A device's client id must equal its username: that is for this function to say.
   * A rejection is told to the client as "server unavailable".
   */
  readonly authenticate: (credentials: BrokerCredentials) => Promise<Principal | null>;
  /** False ends the client's connection; nothing of the message is delivered. Wills are asked for as well. */
  readonly authorizePublish: (principal: Principal, topic: string, flags: PublishFlags) => boolean;
  /** False is answered by SUBACK 128. */
  readonly authorizeSubscribe: (principal: Principal, filter: string) => boolean;
}

export interface BrokerLimits {
  readonly payloadBytes: number;
  readonly retainedBytes: number;
}

/** CONNACK return codes of MQTT 3.1.1, table 3.1. */
const SERVER_UNAVAILABLE = 3;
const NOT_AUTHORIZED = 5;

interface Login<Principal> {
  readonly principal: Principal;
  readonly username: string;
}

/** Keeps who is logged in and asks the rules; whatever they do not allow, or fail to answer, is refused. */
export class BrokerAccess<Principal extends object> {
  private readonly logins = new WeakMap<Client, Login<Principal>>();
  private readonly retained: RetainedBudget;

  constructor(
    private readonly rules: BrokerRules<Principal>,
    private readonly limits: BrokerLimits,
    private readonly refusals: RefusalLog,
    private readonly log: EmbeddedLog,
  ) {
    this.retained = new RetainedBudget(limits.retainedBytes);
  }

  usernameOf(client: Client): string | undefined {
    return this.logins.get(client)?.username;
  }

  /**
   * Null when logged in, otherwise the CONNACK code. `present` is the connection that has the client id now: it
   * will be ended by this one, so nobody may take another's.
   */
  async login(
    client: Client,
    credentials: BrokerCredentials,
    present: Client | undefined,
  ): Promise<number | null> {
    const { clientId, username } = credentials;
    try {
      const principal = await this.rules.authenticate(credentials);
      const anothers = present !== undefined && this.usernameOf(present) !== username;
      if (principal !== null && !anothers) {
        this.logins.set(client, { principal, username });
        return null;
      }
      const reason = anothers ? 'client id of another user' : 'unknown user, wrong password or client id';
      this.refusals.refused('login refused', clientId, { username, reason });
      return NOT_AUTHORIZED;
    } catch (error) {
      this.log('error', 'embedded broker: a login could not be checked', {
        clientId,
        reason: errorText(error),
      });
      return SERVER_UNAVAILABLE;
    }
  }

  /** Null when the message may go out, otherwise why not. */
  publishRefusal(client: Client, packet: PublishPacket): string | null {
    const refusal = this.findPublishRefusal(client, packet);
    if (refusal !== null)
      this.refusals.refused('publish refused', client.id, { topic: packet.topic, reason: refusal });
    return refusal;
  }

  /** Filters with `$` are refused: shared subscriptions do not exist here, and broker topics are nobody's. */
  maySubscribe(client: Client, filter: string): boolean {
    const login = this.logins.get(client);
    if (
      login &&
      !filter.startsWith('$') &&
      this.ask(() => this.rules.authorizeSubscribe(login.principal, filter))
    ) {
      return true;
    }
    this.refusals.refused('subscription refused', client.id, { filter });
    return false;
  }

  private findPublishRefusal(client: Client, { topic, qos, retain, payload }: PublishPacket): string | null {
    const login = this.logins.get(client);
    if (!login) return 'not logged in';
    if (topic.startsWith('$')) return 'topics of the broker itself';
    const payloadBytes = Buffer.byteLength(payload);
    if (payloadBytes > this.limits.payloadBytes) return `payload of ${payloadBytes} bytes is too large`;
    const flags = { qos, retain, payloadBytes };
    if (!this.ask(() => this.rules.authorizePublish(login.principal, topic, flags))) return 'not allowed';
    if (retain && !this.retained.book(topic, payloadBytes)) return 'no room for more retained messages';
    return null;
  }

  /** A rule that throws has not allowed anything, and must not stop the process. */
  private ask(rule: () => boolean): boolean {
    try {
      return rule();
    } catch (error) {
      this.log('error', 'embedded broker: a right could not be checked', { reason: errorText(error) });
      return false;
    }
  }
}
