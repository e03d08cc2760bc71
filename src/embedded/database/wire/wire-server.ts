import { randomInt } from 'node:crypto';
import { createServer, type Server, type Socket } from 'node:net';
import { errorText, type EmbeddedLog } from '../../embedded-error.js';
import type { BackendPort } from './backend-port.js';
import type { BackendReply } from './backend-reply.js';
import { BackendTurns } from './backend-turns.js';
import {
  CANCEL_REQUEST,
  GSSENC_REQUEST,
  MessageReader,
  PROTOCOL_VERSION_3,
  ProtocolViolation,
  SSL_REQUEST,
  errorResponse,
  int32,
  message,
  readyForQuery,
} from './messages.js';
import { Session } from './session.js';

export interface WireServerOptions {
  readonly backend: BackendPort;
  /** The only database there is; another name is refused with 3D000. */
  readonly database: string;
  /** How long a connection waits while others think inside their transactions, then 55P03. */
  readonly lockWaitMs: number;
  /** A transaction without a command for this long is rolled back and its connection ended with 25P03. */
  readonly idleInTransactionMs: number;
  readonly log: EmbeddedLog;
}

const AUTHENTICATION_OK = message('R', int32(0));

/**
 * Serves one backend to many connections over a Unix socket. Who may open the socket is trusted: its folder
 * belongs to the user alone. Limits of one backend: no session state (a SET outside a transaction is undone when
 * another connection works), start-up options are ignored, CancelRequest does nothing.
 */
export class WireServer {
  private readonly sessions = new Set<Session>();
  private readonly sockets = new Set<Socket>();
  private readonly turns: BackendTurns;
  private readonly server: Server;
  private nextId = 1;
  /** The session whose SETs are still in force; null when the settings are as at the start. */
  private settingsOf: Session | null = null;
  private cleanUps = new Set<Promise<void>>();
  private lastWorkAt = Date.now();
  private commands = 0;

  constructor(private readonly options: WireServerOptions) {
    this.turns = new BackendTurns(options.lockWaitMs);
    this.server = createServer((socket) => this.welcome(socket));
  }

  /** Commands completed since the start. */
  get commandCount(): number {
    return this.commands;
  }

  /** Milliseconds since the last work; 0 while a connection holds its turn. */
  get idleMs(): number {
    return this.turns.free ? Date.now() - this.lastWorkAt : 0;
  }

  async listen(path: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(path, resolve);
    });
  }

  /** Work of our own on the backend, outside every transaction of the clients. */
  async withBackend<T>(work: (backend: BackendPort) => Promise<T>): Promise<T> {
    const me = {};
    await this.turns.acquire(me);
    try {
      return await this.turns.work(() => work(this.options.backend));
    } finally {
      this.turns.release(me);
    }
  }

  /** Ends every connection, rolls back what is open, and listens no more. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    for (const socket of this.sockets) socket.destroy();
    await closed;
    await Promise.all(this.cleanUps);
  }

  private welcome(socket: Socket): void {
    const reader = new MessageReader();
    let session: Session | null = null;
    this.sockets.add(socket);
    socket.on('data', (chunk) => {
      reader.push(chunk);
      try {
        session ??= this.startUp(socket, reader);
        session?.read();
      } catch (error) {
        this.drop(socket, error);
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      if (session) this.endSession(session);
    });
  }

  private endSession(session: Session): void {
    const cleanUp = session.close().finally(() => this.cleanUps.delete(cleanUp));
    this.cleanUps.add(cleanUp);
  }

  private drop(socket: Socket, error: unknown): void {
    this.options.log('warn', 'a database connection was refused', { reason: errorText(error) });
    const code = error instanceof ProtocolViolation ? '08P01' : 'XX000';
    socket.end(errorResponse(code, errorText(error), 'FATAL'), () => socket.destroy());
  }

  /** The start of a connection; null until its start-up packet is complete. */
  private startUp(socket: Socket, reader: MessageReader): Session | null {
    for (let packet = reader.nextStartup(); packet; packet = reader.nextStartup()) {
      const version = packet.readInt32BE(4);
      if (version === SSL_REQUEST || version === GSSENC_REQUEST) {
        socket.write('N');
      } else if (version === CANCEL_REQUEST) {
        socket.end(() => socket.destroy());
        return null;
      } else if (version >> 16 === PROTOCOL_VERSION_3) {
        return this.accept(socket, reader, packet);
      } else {
        throw new ProtocolViolation('unsupported frontend protocol');
      }
    }
    return null;
  }

  private accept(socket: Socket, reader: MessageReader, packet: Buffer): Session | null {
    const wanted = startUpParameter(packet, 'database') ?? this.options.database;
    if (wanted !== this.options.database) {
      const refusal = errorResponse('3D000', `database "${wanted}" does not exist`, 'FATAL');
      socket.end(refusal, () => socket.destroy());
      return null;
    }
    const session = new Session(this.nextId++, socket, reader, {
      backend: this.timedBackend(),
      turns: this.turns,
      idleInTransactionMs: this.options.idleInTransactionMs,
      log: this.options.log,
      afterReply: (who, reply) => this.afterReply(who, reply),
      beforeWork: (who) => this.beforeWork(who),
      ended: (who) => this.sessions.delete(who),
    });
    this.sessions.add(session);
    const key = message('K', int32(session.id), int32(randomInt(2 ** 31)));
    socket.write(
      Buffer.concat([AUTHENTICATION_OK, this.options.backend.parameters, key, readyForQuery('I')]),
    );
    return session;
  }

  private timedBackend(): Pick<BackendPort, 'exchange' | 'command'> {
    const { backend } = this.options;
    return {
      exchange: (messages) => this.turns.work(() => backend.exchange(messages)),
      command: (sql) => this.turns.work(() => backend.command(sql)),
    };
  }

  private async beforeWork(session: Session): Promise<void> {
    if (this.settingsOf === null || this.settingsOf === session) return;
    this.settingsOf = null;
    await this.options.backend.command('SET SESSION AUTHORIZATION DEFAULT; RESET ALL');
  }

  private async afterReply(session: Session, reply: BackendReply): Promise<void> {
    this.lastWorkAt = Date.now();
    for (const step of reply.steps) {
      if (step.kind !== 'complete') continue;
      this.commands++;
      if (step.tag === 'SET' || step.tag === 'RESET') this.settingsOf = session;
    }
    this.deliver(session, reply);
    if (session.listening.follow(reply.steps, reply.status)) await this.listenAgain();
  }

  private deliver(from: Session, reply: BackendReply): void {
    for (const { channel, bytes } of reply.notifications) {
      bytes.writeInt32BE(from.id, 5);
      for (const session of this.sessions) if (session.listening.names.has(channel)) session.notify(bytes);
    }
  }

  /** The backend listens for all, so what one connection stopped listening to may still be wanted by others. */
  private async listenAgain(): Promise<void> {
    const wanted = new Set([...this.sessions].flatMap((session) => [...session.listening.names]));
    for (const channel of wanted) {
      await this.options.backend.command(`LISTEN "${channel.replaceAll('"', '""')}"`);
    }
  }
}

/** Start-up packets hold name and value in turn, each zero-terminated. */
function startUpParameter(packet: Buffer, name: string): string | undefined {
  const texts = packet.toString('utf8', 8).split('\0');
  for (let i = 0; i + 1 < texts.length; i += 2) if (texts[i] === name) return texts[i + 1];
  return undefined;
}
