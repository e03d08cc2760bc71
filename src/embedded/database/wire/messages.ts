/**
 * Framing of the PostgreSQL frontend/backend protocol 3.0.
 * Source: PostgreSQL manual, "Frontend/Backend Protocol", chapters "Message Flow" and "Message Formats".
 */

/** `I` idle, `T` in a transaction, `E` in a failed transaction. */
export type TransactionStatus = 'I' | 'T' | 'E';

export const PROTOCOL_VERSION_3 = 3;
export const CANCEL_REQUEST = 80877102;
export const SSL_REQUEST = 80877103;
export const GSSENC_REQUEST = 80877104;

/** Longer messages are refused: the backend lives in 2 GB of WebAssembly memory. */
const MAX_MESSAGE_BYTES = 256 * 1024 * 1024;
/** Same bound as PostgreSQL's MAX_STARTUP_PACKET_LENGTH. */
const MAX_STARTUP_BYTES = 10_000;

/** The peer does not speak the protocol: the connection is closed. */
export class ProtocolViolation extends Error {}

export interface FrontendMessage {
  /** The type byte as a letter: `Q`, `P`, `B`, … */
  readonly type: string;
  /** The whole message with type byte and length. */
  readonly bytes: Buffer;
}

/** Collects chunks and cuts messages out of them; joins chunks only once a message is complete. */
export class MessageReader {
  private chunks: Buffer[] = [];
  private size = 0;

  push(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.size += chunk.length;
  }

  /** The first packet of a connection has no type byte. Null until it is complete. */
  nextStartup(): Buffer | null {
    const length = this.peekLength(0);
    if (length === null) return null;
    if (length < 8 || length > MAX_STARTUP_BYTES)
      throw new ProtocolViolation('invalid startup packet length');
    return this.take(length);
  }

  nextMessage(): FrontendMessage | null {
    const length = this.peekLength(1);
    if (length === null) return null;
    if (length < 4 || length > MAX_MESSAGE_BYTES) throw new ProtocolViolation('invalid message length');
    const bytes = this.take(length + 1);
    return bytes && { type: String.fromCharCode(bytes[0] ?? 0), bytes };
  }

  private peekLength(offset: number): number | null {
    if (this.size < offset + 4) return null;
    let first = this.chunks[0];
    if (!first || first.length < offset + 4) first = this.join();
    return first.readInt32BE(offset);
  }

  private take(length: number): Buffer | null {
    if (this.size < length) return null;
    const all = this.join();
    this.size -= length;
    this.chunks = this.size > 0 ? [all.subarray(length)] : [];
    return all.subarray(0, length);
  }

  private join(): Buffer {
    const only = this.chunks[0];
    if (this.chunks.length === 1 && only) return only;
    const all = Buffer.concat(this.chunks);
    this.chunks = [all];
    return all;
  }
}

/** The zero-terminated text at `offset`, and the offset after its zero. */
export function readText(bytes: Buffer, offset: number): { text: string; end: number } {
  const zero = bytes.indexOf(0, offset);
  if (zero < 0) throw new ProtocolViolation('string without an end in a message');
  return { text: bytes.toString('utf8', offset, zero), end: zero + 1 };
}

/** A message from its type letter and body parts (strings are written zero-terminated). */
export function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = parts.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : part));
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeInt32BE(4 + body.reduce((sum, part) => sum + part.length, 0), 1);
  return Buffer.concat([head, ...body]);
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

export const SYNC = message('S');
export const query = (sql: string): Buffer => message('Q', sql);
export const closeStatement = (name: string): Buffer => message('C', Buffer.from('S'), name);
export const readyForQuery = (status: TransactionStatus): Buffer => message('Z', Buffer.from(status));

/** `severity` FATAL tells the client that the connection ends here. */
export function errorResponse(
  code: string,
  text: string,
  severity: 'ERROR' | 'FATAL' = 'ERROR',
  hint?: string,
): Buffer {
  const fields = [`S${severity}`, `V${severity}`, `C${code}`, `M${text}`, ...(hint ? [`H${hint}`] : [])];
  return message('E', ...fields, Buffer.from([0]));
}
