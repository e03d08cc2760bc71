import type { EventEmitter } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes, type Client, type ConnectPacket } from 'aedes';
import { EmbeddedError, errorText, systemErrorCode, type EmbeddedLog } from '../embedded-error.js';
import { BrokerAccess, type BrokerRules } from './broker-access.js';
import { GuardedConnection } from './guarded-connection.js';
import { RefusalLog } from './refusal-log.js';
import { SessionlessStore } from './sessionless-store.js';

export interface EmbeddedBrokerOptions<Principal extends object> extends BrokerRules<Principal> {
  readonly host: string;
  /** 0: any free port; see `port`. */
  readonly port: number;
  /** Largest payload of a message or will. Default 256 KiB. */
  readonly maxPayloadBytes?: number;
  /** Memory for retained messages. Default 256 MiB. */
  readonly maxRetainedBytes?: number;
  /** Connections at the same time, those not logged in included. Default 5,000. */
  readonly maxConnections?: number;
  readonly log: EmbeddedLog;
}

/** Room for topic and header of a packet whose payload has the largest size. */
const PACKET_OVERHEAD_BYTES = 1_024;
const LOGIN_MS = 10_000;
const DRAIN_MS = 10_000;
const TCP_KEEPALIVE_MS = 60_000;

/**
 * An MQTT 3.1.1 broker inside the process (aedes), for installations without one of their own. No TLS.
 * Clients that speak MQTT 5 are refused with "unacceptable protocol version" and should try 3.1.1.
 *
 * Retained messages are kept in memory only and no session outlives its connection (a client that asks for a
 * persistent one is told that there is none): the server is the store (rule 8 of the protocol), not the broker.
 * Reasons and costs: docs/adr/0002-embedded-broker.md.
 */
export class EmbeddedBroker<Principal extends object> {
  private aedes: Aedes | null = null;
  private server: Server | null = null;
  private readonly clients = new Map<string, Client>();
  private readonly sockets = new Set<Socket>();
  private readonly refusals: RefusalLog;
  private readonly access: BrokerAccess<Principal>;
  private readonly maxPayloadBytes: number;

  constructor(private readonly options: EmbeddedBrokerOptions<Principal>) {
    this.maxPayloadBytes = options.maxPayloadBytes ?? 256 * 1024;
    const limits = {
      payloadBytes: this.maxPayloadBytes,
      retainedBytes: options.maxRetainedBytes ?? 256 * 1024 * 1024,
    };
    this.refusals = new RefusalLog(options.log);
    this.access = new BrokerAccess(options, limits, this.refusals, options.log);
  }

  /** The port listened on. @throws EmbeddedError FAILED while it is not started */
  get port(): number {
    const address = this.server?.address();
    if (!isAddress(address)) throw new EmbeddedError('FAILED', 'the embedded broker is not started');
    return address.port;
  }

  /** Clients logged in. */
  get clientCount(): number {
    return this.clients.size;
  }

  /** @throws EmbeddedError PORT_TAKEN or FAILED */
  async start(): Promise<void> {
    if (this.server) throw new EmbeddedError('FAILED', 'the embedded broker is started already');
    const aedes = await this.makeBroker();
    const server = createServer(
      { noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS },
      (socket) => this.welcome(aedes, socket),
    );
    server.maxConnections = this.options.maxConnections ?? 5_000;
    server.on('drop', () =>
      this.refusals.refused('too many connections', '', { max: server.maxConnections }),
    );
    try {
      await this.listen(server);
    } catch (error) {
      await closed((done) => aedes.close(done));
      throw this.listenError(error);
    }
    server.on('error', (error) => this.options.log('error', 'embedded broker', { reason: errorText(error) }));
    this.aedes = aedes;
    this.server = server;
  }

  /** Ends every connection and listens no more. */
  async stop(): Promise<void> {
    const { server, aedes } = this;
    this.server = null;
    this.aedes = null;
    if (!server || !aedes) return;
    const listenerClosed = closed((done) => server.close(() => done()));
    await closed((done) => aedes.close(done));
    for (const socket of this.sockets) socket.destroy();
    await listenerClosed;
  }

  /**
   * Ends the connections of a username, as when its credential is revoked or its rights change; its wills are
   * delivered. Gives how many there were.
   */
  async disconnect(username: string): Promise<number> {
    const theirs = [...this.clients.values()].filter((client) => this.access.usernameOf(client) === username);
    await Promise.all(theirs.map((client) => closed((done) => client.close(done))));
    return theirs.length;
  }

  private async makeBroker(): Promise<Aedes> {
    const aedes = await Aedes.createBroker({
      connectTimeout: LOGIN_MS,
      drainTimeout: DRAIN_MS,
      // Beyond this many messages at once aedes keeps the others in a queue, and works the queue off by recursion: thousands of answers that come
      // while one client reads slowly would end the program. 0: no queue; each connection waits for its own messages as it is.
      concurrency: 0,
      persistence: new SessionlessStore(),
      preConnect: (_client, packet, done) => done(null, this.withoutSession(packet)),
      authenticate: (client, username, password, done) => {
        const credentials = {
          clientId: client.id,
          username: username ?? '',
          password: password?.toString() ?? '',
        };
        void this.access.login(client, credentials, this.clients.get(client.id)).then((code) => {
          if (code === null) done(null, true);
          else done(Object.assign(new Error(`login refused with code ${code}`), { returnCode: code }), null);
        });
      },
      authorizePublish: (client, packet, done) => {
        const refusal = client ? this.access.publishRefusal(client, packet) : 'unknown client';
        done(refusal === null ? null : new Error(`publish to ${packet.topic} refused: ${refusal}`));
      },
      authorizeSubscribe: (client, subscription, done) =>
        done(null, this.access.maySubscribe(client, subscription.topic) ? subscription : null),
    });
    const emitter: EventEmitter = aedes;
    emitter.on('error', (error) =>
      this.options.log('error', 'embedded broker', { reason: errorText(error) }),
    );
    aedes.on('client', (client) => this.clients.set(client.id, client));
    aedes.on('clientDisconnect', (client) => {
      if (this.clients.get(client.id) === client) this.clients.delete(client.id);
    });
    aedes.on('clientError', (client, error) =>
      this.refusals.refused('client ended', client.id, { reason: error.message }),
    );
    aedes.on('connectionError', (_client, error) =>
      this.refusals.refused('connection ended', '', { reason: error.message }),
    );
    return aedes;
  }

  private welcome(aedes: Aedes, socket: Socket): void {
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
    aedes.handle(new GuardedConnection(socket, this.maxPayloadBytes + PACKET_OVERHEAD_BYTES));
  }

  /**
   * Makes every session a clean one: the store keeps none. aedes would keep the queues of persistent sessions in memory
   * without a bound, and queue messages for filters that it refused. The client learns by "session present: no".
   */
  private withoutSession(packet: ConnectPacket): boolean {
    packet.clean = true;
    return true;
  }

  private listen(server: Server): Promise<void> {
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.options.port, this.options.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  private listenError(cause: unknown): EmbeddedError {
    const { host, port } = this.options;
    if (systemErrorCode(cause) === 'EADDRINUSE') {
      return new EmbeddedError('PORT_TAKEN', `port ${port} on ${host} is taken by another program`, {
        cause,
      });
    }
    return new EmbeddedError(
      'FAILED',
      `the embedded broker cannot listen on ${host}:${port}: ${errorText(cause)}`,
      {
        cause,
      },
    );
  }
}

function closed(close: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => close(resolve));
}

function isAddress(address: AddressInfo | string | null | undefined): address is AddressInfo {
  return typeof address === 'object' && address !== null;
}
