import { closeStatement, readText } from './messages.js';

/** A name that no connection ever gets: using it makes the backend answer 26000 as PostgreSQL would. */
const MISSING_STATEMENT = 'no statement';

/**
 * All connections share the backend's table of prepared statements, so each connection's names are exchanged
 * for short ones of its own. The unnamed statement is not kept for a connection that gave up its turn: using it
 * then is an error (drivers send Parse and Bind in one go), never another connection's statement.
 */
export class PreparedNames {
  private readonly inner = new Map<string, string>();
  private next = 1;
  private unnamedParsed = false;

  constructor(private readonly connectionId: number) {}

  /** Call when the connection gives up its turn. */
  turnEnded(): void {
    this.unnamedParsed = false;
  }

  /** The message with the statement name exchanged; other messages as they are. `Parse` gives the SQL with `sql`. */
  rename(type: string, bytes: Buffer): Buffer {
    if (type === 'P') return this.exchange(bytes, 5, (name) => this.define(name));
    if (type === 'B') return this.exchange(bytes, readText(bytes, 5).end, (name) => this.find(name));
    if (type === 'D' && bytes[5] === 0x53) return this.exchange(bytes, 6, (name) => this.find(name));
    if (type === 'C' && bytes[5] === 0x53) return this.exchange(bytes, 6, (name) => this.close(name));
    return bytes;
  }

  /** Messages that close every statement of a connection that went away. */
  closeAll(): Buffer[] {
    return [...this.inner.values()].map(closeStatement);
  }

  private define(name: string): string {
    if (name === '') {
      this.unnamedParsed = true;
      return '';
    }
    // The name may exist already (the backend then answers 42P05) or the Parse may fail (Close then finds nothing).
    const known = this.inner.get(name);
    if (known !== undefined) return known;
    const made = `c${this.connectionId}_${this.next++}`;
    this.inner.set(name, made);
    return made;
  }

  private find(name: string): string {
    if (name === '') return this.unnamedParsed ? '' : MISSING_STATEMENT;
    return this.inner.get(name) ?? MISSING_STATEMENT;
  }

  /**
   * The name stays known after a Close: the Close may be skipped by the backend after an error. Closing what does
   * not exist is no error in the protocol.
   */
  private close(name: string): string {
    if (name === '') {
      this.unnamedParsed = false;
      return '';
    }
    return this.inner.get(name) ?? MISSING_STATEMENT;
  }

  private exchange(bytes: Buffer, at: number, change: (name: string) => string): Buffer {
    const { text, end } = readText(bytes, at);
    const name = change(text);
    if (name === text) return bytes;
    const changed = Buffer.concat([bytes.subarray(0, at), Buffer.from(`${name}\0`), bytes.subarray(end)]);
    changed.writeInt32BE(changed.length - 1, 1);
    return changed;
  }
}
