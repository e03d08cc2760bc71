import {
  FINAL_ACK_PHASES,
  type AckMessage,
  type CommandType,
  type PlayOrder,
  type StopTarget,
} from '../../src/contract/index.js';
import { appendLine, readLines, replaceFile } from './files.js';

/** What is remembered of a command: the last word about it, and what it takes to go on with it after a restart. */
export interface CommandEntry {
  id: string;
  type: CommandType;
  issuedAt: string;
  ack: AckMessage;
  /** Whether the broker has confirmed that last word. */
  sent: boolean;
  /** Of a play: the order, with the play id filled in. */
  play?: PlayOrder & { playId: string };
  /** Of a stop: what it stops, and plays ordered before when it keeps from beginning. */
  stop?: StopTarget;
}

/** Rule 3 asks for at least 256. */
const REMEMBERED = 512;

/** The last commands with their last ack, on disk, so that a repeated id does nothing twice, across restarts too. */
export class CommandMemory {
  readonly #file: string;
  readonly #fsync: boolean;
  readonly #entries = new Map<string, CommandEntry>();
  #linesInFile = 0;

  constructor(file: string, options: { fsync: boolean }) {
    this.#file = file;
    this.#fsync = options.fsync;
    for (const line of readLines(file).values as Partial<CommandEntry>[]) {
      if (typeof line.id !== 'string') continue;
      const before = this.#entries.get(line.id);
      if (line.ack !== undefined) this.#keep(line as CommandEntry);
      else if (before !== undefined) before.sent = line.sent === true;
    }
    try {
      this.#compact();
    } catch {
      // As in #write.
    }
  }

  get(id: string): CommandEntry | undefined {
    return this.#entries.get(id);
  }

  entries(): CommandEntry[] {
    return [...this.#entries.values()];
  }

  put(entry: CommandEntry): void {
    this.#keep(entry);
    this.#write(entry, this.#fsync);
  }

  /** The ack is with the broker. Losing this mark costs a repeated ack. */
  markSent(id: string, ack: AckMessage): void {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.ack !== ack || entry.sent) return;
    entry.sent = true;
    this.#write({ id, sent: true }, false);
  }

  #write(line: unknown, fsync: boolean): void {
    try {
      appendLine(this.#file, line, fsync);
      this.#linesInFile += 1;
      if (this.#linesInFile > 4 * REMEMBERED) this.#compact();
    } catch {
      // A full disk must not keep an emergency from being heard; the storage alarm tells of it.
    }
  }

  #keep(entry: CommandEntry): void {
    this.#entries.delete(entry.id);
    this.#entries.set(entry.id, entry);
    if (this.#entries.size <= REMEMBERED) return;
    for (const [id, { ack }] of this.#entries) {
      if (!FINAL_ACK_PHASES.has(ack.phase)) continue;
      this.#entries.delete(id);
      break;
    }
  }

  #compact(): void {
    const lines = this.entries().map((entry) => `${JSON.stringify(entry)}\n`);
    replaceFile(this.#file, lines.join(''), this.#fsync);
    this.#linesInFile = lines.length;
  }
}
