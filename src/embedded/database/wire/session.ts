import type { Socket } from 'node:net';
import { errorText, type EmbeddedLog } from '../../embedded-error.js';
import type { BackendPort } from './backend-port.js';
import type { BackendReply } from './backend-reply.js';
import { LockWaitTimeout, WaitAbandoned, type BackendTurns } from './backend-turns.js';
import { Listening } from './listening.js';
import {
  MessageReader,
  ProtocolViolation,
  SYNC,
  errorResponse,
  message,
  query,
  readText,
  readyForQuery,
  type FrontendMessage,
  type TransactionStatus,
} from './messages.js';
import { PreparedNames } from './prepared-names.js';
import { inspectSql } from './sql-inspection.js';

/** What a session needs of the server around it. */
export interface SessionHost {
  readonly backend: Pick<BackendPort, 'exchange' | 'command'>;
  readonly turns: BackendTurns;
  readonly idleInTransactionMs: number;
  readonly log: EmbeddedLog;
  /** Called with every reply while the session still holds its turn. */
  afterReply(session: Session, reply: BackendReply): Promise<void>;
  /** Called before a session works on the backend after another one. */
  beforeWork(session: Session): Promise<void>;
  ended(session: Session): void;
}

/** Messages that go to the backend in one piece. `closes` is true when the backend answers them with ready. */
interface Batch {
  readonly bytes: Buffer;
  readonly closes: boolean;
}

/** Reading from a client stops while this much of it waits for the backend. */
const MAX_QUEUED_BYTES = 8 * 1024 * 1024;
/** Sync, Query and FunctionCall are answered by ReadyForQuery; Flush asks for what there is so far. */
const CLOSING = new Set(['S', 'Q', 'F']);
const EXTENDED = new Set(['P', 'B', 'D', 'E', 'C']);
/** Remains of a COPY that was refused: PostgreSQL ignores them too. */
const IGNORED = new Set(['d', 'c', 'f']);

/** Ends a cycle without its Sync: a Sync alone would commit what came before, so an error goes ahead of it. */
const ABANDON_CYCLE = Buffer.concat([message('P', '', 'the client is gone', Buffer.alloc(2)), SYNC]);

/** One client connection after its start-up. */
export class Session {
  readonly listening = new Listening();
  private readonly names: PreparedNames;
  private collected: Buffer[] = [];
  private queue: Batch[] = [];
  private queuedBytes = 0;
  private pumping: Promise<void> | null = null;
  private status: TransactionStatus = 'I';
  /** A batch was sent whose cycle is not closed by ReadyForQuery yet. */
  private cycleOpen = false;
  private skipToSync = false;
  private gone = false;
  private closing: Promise<void> | null = null;
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(
    readonly id: number,
    private readonly socket: Socket,
    private readonly reader: MessageReader,
    private readonly host: SessionHost,
  ) {
    this.names = new PreparedNames(id);
  }

  /** Reads what has arrived. Throws ProtocolViolation when the client does not speak the protocol. */
  read(): void {
    clearTimeout(this.idleTimer);
    for (let next = this.reader.nextMessage(); next && !this.gone; next = this.reader.nextMessage()) {
      this.accept(next);
    }
    if (this.queuedBytes > MAX_QUEUED_BYTES) this.socket.pause();
    if (this.pumping) return;
    if (this.queue.length > 0) this.pumping = this.pump();
    else this.watchIdle();
  }

  notify(bytes: Buffer): void {
    if (!this.gone) this.socket.write(bytes);
  }

  /** The client is gone: rolls back and frees what it held. Resolves when the backend is free of it. */
  close(): Promise<void> {
    this.closing ??= this.closeOnce();
    return this.closing;
  }

  private async closeOnce(): Promise<void> {
    this.gone = true;
    clearTimeout(this.idleTimer);
    this.host.turns.abandon(this);
    this.queue = [];
    await this.pumping;
    try {
      await this.cleanUp();
    } catch (error) {
      this.host.log('warn', 'cleaning up after a connection failed', { reason: errorText(error) });
    } finally {
      this.host.turns.release(this);
      this.host.ended(this);
    }
  }

  private accept({ type, bytes }: FrontendMessage): void {
    if (type === 'X') {
      this.socket.end(() => this.socket.destroy());
      return;
    }
    if (IGNORED.has(type)) return;
    const closes = CLOSING.has(type);
    if (!closes && type !== 'H' && !EXTENDED.has(type)) {
      throw new ProtocolViolation(`invalid frontend message type ${bytes[0] ?? 0}`);
    }
    this.collected.push(this.names.rename(type, this.inspect(type, bytes)));
    if (!closes && type !== 'H') return;
    const batch = { bytes: Buffer.concat(this.collected), closes };
    this.collected = [];
    this.queue.push(batch);
    this.queuedBytes += batch.bytes.length;
  }

  /**
   * Notes LISTEN and refuses what the backend cannot take. The refusal is put in the place of the SQL as a command
   * that fails, so that transactions and pipelines go on exactly as after any other error.
   */
  private inspect(type: string, bytes: Buffer): Buffer {
    if (type !== 'Q' && type !== 'P') return bytes;
    const name = type === 'P' ? readText(bytes, 5) : null;
    const sql = readText(bytes, name?.end ?? 5);
    const { refusal, listenChanges } = inspectSql(sql.text);
    this.listening.noteSent(listenChanges);
    if (refusal === null) return bytes;
    const failing = `DO $refused$ BEGIN RAISE EXCEPTION USING ERRCODE = '0A000', MESSAGE = '${refusal}'; END $refused$`;
    return name ? message('P', name.text, failing, bytes.subarray(sql.end)) : query(failing);
  }

  private async pump(): Promise<void> {
    for (let batch = this.queue.shift(); batch && !this.gone; batch = this.queue.shift()) {
      this.queuedBytes -= batch.bytes.length;
      if (this.queuedBytes <= MAX_QUEUED_BYTES) this.socket.resume();
      await this.run(batch);
    }
    this.pumping = null;
    this.watchIdle();
  }

  private async run(batch: Batch): Promise<void> {
    if (this.skipToSync) return this.skip(batch);
    try {
      await this.host.turns.acquire(this);
    } catch (error) {
      return this.refuseTurn(batch, error);
    }
    if (this.gone) return;
    await this.host.beforeWork(this);
    const reply = await this.host.backend.exchange(batch.bytes);
    this.cycleOpen = reply.status === null;
    if (reply.status !== null) this.status = reply.status;
    await this.host.afterReply(this, reply);
    if (!this.gone) {
      this.socket.cork();
      for (const part of reply.forClient) this.socket.write(part);
      this.socket.uncork();
    }
    if (this.status === 'I' && !this.cycleOpen) this.endTurn();
  }

  /** Nothing of the cycle has reached the backend, so the rest of it is skipped here, up to its Sync. */
  private refuseTurn(batch: Batch, error: unknown): void {
    if (error instanceof WaitAbandoned || this.gone) return;
    if (!(error instanceof LockWaitTimeout)) throw error;
    this.host.log('warn', error.message, { connection: this.id });
    this.socket.write(errorResponse('55P03', error.message));
    this.skip(batch);
  }

  private skip(batch: Batch): void {
    this.skipToSync = !batch.closes;
    if (batch.closes) this.socket.write(readyForQuery('I'));
  }

  private endTurn(): void {
    this.names.turnEnded();
    this.host.turns.release(this);
  }

  /** An open transaction keeps all others waiting, so one that does nothing is ended (SQLSTATE 25P03). */
  private watchIdle(): void {
    if (this.gone || (this.status === 'I' && !this.cycleOpen)) return;
    this.idleTimer = setTimeout(() => {
      const text = 'terminating connection due to idle-in-transaction timeout of the embedded database';
      this.host.log('warn', text, { connection: this.id });
      this.socket.end(errorResponse('25P03', text, 'FATAL'), () => this.socket.destroy());
      void this.close();
    }, this.host.idleInTransactionMs);
    this.idleTimer.unref();
  }

  private async cleanUp(): Promise<void> {
    const { backend, turns } = this.host;
    if (this.cycleOpen) this.status = (await backend.exchange(ABANDON_CYCLE)).status ?? 'I';
    if (this.status !== 'I') await backend.command('ROLLBACK');
    const closing = this.names.closeAll();
    if (closing.length === 0) return;
    await turns.acquire(this);
    await backend.exchange(Buffer.concat([...closing, SYNC]));
  }
}
