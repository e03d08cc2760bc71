import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import type { EmbeddedConnection } from '../../src/embedded/database/embedded-database.js';
import { int32, message, readText } from '../../src/embedded/database/wire/messages.js';

/** Polls until the condition holds; fails after the deadline. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 90_000,
): Promise<void> {
  for (const deadline = Date.now() + withinMs; !(await holds());) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'phusong-test-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export function pool(connection: EmbeddedConnection, max = 10): pg.Pool {
  const made = new pg.Pool({ ...connection, max });
  made.on('error', () => undefined);
  return made;
}

/** SQLSTATE of a query that must fail. */
export async function sqlState(query: Promise<unknown>): Promise<string | undefined> {
  try {
    await query;
  } catch (error) {
    return error instanceof pg.DatabaseError ? error.code : String(error);
  }
  throw new Error('the query did not fail');
}

/** One answer of the backend: type letter, and the SQLSTATE of errors or the status of ready. */
export interface RawAnswer {
  readonly type: string;
  readonly detail: string;
}

/** A client that sends whatever bytes it is told, for what no driver does. */
export class RawClient {
  private received = Buffer.alloc(0);
  ended = false;

  private constructor(readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => (this.received = Buffer.concat([this.received, chunk])));
    socket.on('error', () => undefined);
    socket.on('close', () => (this.ended = true));
  }

  static async open(connection: EmbeddedConnection, database = connection.database): Promise<RawClient> {
    const client = RawClient.dial(connection);
    const body = Buffer.concat([int32(3 << 16), Buffer.from(`user\0postgres\0database\0${database}\0\0`)]);
    client.send(int32(body.length + 4), body);
    await until('an answer to the start-up', () => client.peek().some((a) => a.type === 'Z') || client.ended);
    return client;
  }

  static dial({ host, port }: EmbeddedConnection): RawClient {
    return new RawClient(connect(join(host, `.s.PGSQL.${port}`)));
  }

  send(...messages: Buffer[]): void {
    this.socket.write(Buffer.concat(messages));
  }

  /** Waits for as many ReadyForQuery and gives all answers up to there. */
  async answers(readies = 1): Promise<RawAnswer[]> {
    const count = (): number => this.peek().filter((answer) => answer.type === 'Z').length;
    await until(`${readies} × ready`, () => count() >= readies);
    return this.take();
  }

  take(): RawAnswer[] {
    const answers = this.peek();
    this.received = Buffer.alloc(0);
    return answers;
  }

  peek(): RawAnswer[] {
    const answers: RawAnswer[] = [];
    for (let at = 0; at + 5 <= this.received.length;) {
      const end = at + 1 + this.received.readInt32BE(at + 1);
      if (end > this.received.length) break;
      const bytes = this.received.subarray(at, end);
      const type = String.fromCharCode(bytes[0] ?? 0);
      answers.push({ type, detail: detailOf(type, bytes) });
      at = end;
    }
    return answers;
  }
}

function detailOf(type: string, bytes: Buffer): string {
  if (type === 'Z') return String.fromCharCode(bytes[5] ?? 0);
  if (type === 'C') return readText(bytes, 5).text;
  if (type === 'D' && bytes.readInt16BE(5) > 0) return bytes.toString('utf8', 11, 11 + bytes.readInt32BE(7));
  if (type !== 'E') return '';
  for (let at = 5; bytes[at] !== 0;) {
    const { text, end } = readText(bytes, at + 1);
    if (bytes[at] === 0x43) return text;
    at = end;
  }
  return '';
}

export const parse = (name: string, sql: string): Buffer => message('P', name, sql, Buffer.alloc(2));
export const bind = (statement: string): Buffer => message('B', '', statement, Buffer.alloc(6));
export const execute = (): Buffer => message('E', '', int32(0));
export const flush = (): Buffer => message('H');
