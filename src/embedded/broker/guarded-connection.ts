import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** Bytes that may wait for a slow client before the broker waits for it. */
const WRITE_BUFFER_BYTES = 1024 * 1024;

type Callback = (error?: Error | null) => void;

/**
 * A client's TCP connection that ends as soon as the client announces a packet above the limit, before any of it
 * is kept. The MQTT parser behind it would collect up to 256 MB of one packet, from strangers too.
 */
export class GuardedConnection extends Duplex {
  private readonly frames: FrameMeter;

  constructor(
    private readonly socket: Socket,
    maxPacketBytes: number,
  ) {
    super({ writableHighWaterMark: WRITE_BUFFER_BYTES });
    this.frames = new FrameMeter(maxPacketBytes);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
  }

  override _read(): void {
    this.socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Callback): void {
    this.socket.write(chunk, done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: Callback): void {
    this.socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)), done);
  }

  override _final(done: Callback): void {
    this.socket.end(done);
  }

  override _destroy(error: Error | null, done: Callback): void {
    this.socket.destroy();
    done(error);
  }

  private receive(chunk: Buffer): void {
    if (this.destroyed) return;
    const tooLarge = this.frames.pass(chunk);
    if (tooLarge !== null) this.destroy(new Error(tooLarge));
    else if (!this.push(chunk)) this.socket.pause();
  }
}

/**
 * Follows the packets of a byte stream by their fixed headers: one type byte, then the remaining length in one to
 * four bytes of seven bits. Source: MQTT 3.1.1, section 2.2.3.
 */
export class FrameMeter {
  /** Bytes of the current packet still to come; null while its header is read. */
  private remaining: number | null = null;
  private headerBytes = 0;
  private length = 0;

  constructor(private readonly maxPacketBytes: number) {}

  /** Null when all is well, otherwise what is wrong. */
  pass(chunk: Buffer): string | null {
    for (let at = 0; at < chunk.length;) {
      if (this.remaining !== null) {
        const skipped = Math.min(this.remaining, chunk.length - at);
        at += skipped;
        this.remaining -= skipped;
        if (this.remaining === 0) this.nextHeader();
        continue;
      }
      const wrong = this.readHeader(chunk[at++] ?? 0);
      if (wrong !== null) return wrong;
    }
    return null;
  }

  private readHeader(byte: number): string | null {
    this.headerBytes++;
    if (this.headerBytes === 1) return null;
    this.length += (byte & 0x7f) * 128 ** (this.headerBytes - 2);
    if (this.length > this.maxPacketBytes) return `packet larger than ${this.maxPacketBytes} bytes`;
    if ((byte & 0x80) !== 0) return this.headerBytes === 5 ? 'packet length of more than four bytes' : null;
    if (this.length === 0) this.nextHeader();
    else this.remaining = this.length;
    return null;
  }

  private nextHeader(): void {
    this.remaining = null;
    this.headerBytes = 0;
    this.length = 0;
  }
}
