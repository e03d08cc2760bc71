import { randomUUID } from 'node:crypto';
import {
  firstFault,
  isFinalRecord,
  LogRecordSchema,
  type AckPhase,
  type LogKind,
  type LogPosition,
  type LogRecord,
  type Watermark,
} from '../../src/contract/index.js';
import { appendLine, readLines, replaceFile } from './files.js';

/** A record before the journal gives it its place. */
export type NewRecord = Omit<LogRecord, 'journal' | 'seq'>;

/** What is known of a play for as long as it could be ordered again. */
interface PlayMemory {
  playId: string;
  /** Its notAfter, ms; a while later it may be forgotten. */
  until: number;
  phase: AckPhase;
  reason?: string;
  /** The last record, while nothing final has been written. */
  open?: LogRecord;
}

interface Header {
  journal: string;
  lastSeq: number;
  acked: number;
  plays: PlayMemory[];
}

type Line = { record: LogRecord; until: number } | { acked: number };

/** How long after its notAfter a play is still known, in case the clock was wrong: two days. */
const KEEP_PLAY_MS = 2 * 86_400_000;
/** Confirmed records that may lie in the file before it is rewritten. */
const COMPACT_AFTER = 200;

/** The acknowledgement that corresponds to a record; undefined when nothing new is to be said. */
export function phaseOfRecord(record: { kind: LogKind; next?: LogRecord['next'] }): AckPhase | undefined {
  switch (record.kind) {
    case 'started':
      return 'STARTED';
    case 'finished':
      return 'FINISHED';
    case 'missed':
      return 'EXPIRED';
    case 'refused':
      return 'REJECTED';
    case 'stopped':
    case 'failed':
      return 'FAILED';
    case 'resumed':
      return undefined;
    case 'interrupted':
      return record.next === 'DROP' ? 'FAILED' : undefined;
  }
}

/**
 * The append-only journal of plays (rule 9). Its id is made with the file; seq counts up for ever in it. Confirmed records
 * leave the file, the memory of which plays have begun stays: it is what "played exactly once" rests on (rule 3).
 */
export class Journal {
  readonly id: string;
  readonly #file: string;
  readonly #fsync: boolean;
  #records: { record: LogRecord; until: number }[] = [];
  readonly #plays = new Map<string, PlayMemory>();
  #lastSeq: number;
  #acked: number;
  #confirmedInFile = 0;

  /** Opens the journal of a file, or makes a new one. `nowMs` decides which old plays are forgotten. */
  constructor(file: string, options: { fsync: boolean; nowMs: number }) {
    this.#file = file;
    this.#fsync = options.fsync;
    const [first, ...lines] = readLines(file).values as [Header?, ...Line[]];
    const header = typeof first?.journal === 'string' ? first : undefined;
    this.id = header?.journal ?? randomUUID();
    this.#lastSeq = header?.lastSeq ?? 0;
    this.#acked = header?.acked ?? 0;
    for (const play of header?.plays ?? []) this.#plays.set(play.playId, play);
    if (header !== undefined) for (const line of lines) this.#read(line);
    for (const play of this.#plays.values()) {
      if (play.open === undefined && play.until + KEEP_PLAY_MS < options.nowMs)
        this.#plays.delete(play.playId);
    }
    this.#tryCompact();
  }

  position(): LogPosition {
    return { journal: this.id, lastSeq: this.#lastSeq, ackedSeq: this.#acked };
  }

  /**
   * Writes a record. `stored` is false when the disk refused it: it is then still sent, but would not survive a restart.
   * `untilMs` is the play's notAfter.
   */
  append(fields: NewRecord, untilMs: number): { record: LogRecord; stored: boolean } {
    const record: LogRecord = { journal: this.id, seq: this.#lastSeq + 1, ...fields };
    this.#take(record, untilMs);
    try {
      appendLine(this.#file, { record, until: untilMs }, this.#fsync);
      return { record, stored: true };
    } catch {
      return { record, stored: false };
    }
  }

  /** The server holds everything up to the watermark. False when that is of another journal or nothing new. */
  acknowledge(watermark: Watermark): boolean {
    const seq = Math.min(watermark.seq, this.#lastSeq);
    if (watermark.journal !== this.id || seq <= this.#acked) return false;
    this.#confirm(seq);
    if (this.#confirmedInFile > COMPACT_AFTER) {
      this.#tryCompact();
      return true;
    }
    try {
      appendLine(this.#file, { acked: seq }, false);
    } catch {
      // Not remembering a confirmation costs a repeat, which changes nothing at the server.
    }
    return true;
  }

  /** Unconfirmed records after `afterSeq`, in order, at most `limit`. */
  pending(afterSeq: number, limit: number): LogRecord[] {
    const from = this.#records.findIndex(({ record }) => record.seq > afterSeq);
    return from < 0 ? [] : this.#records.slice(from, from + limit).map(({ record }) => record);
  }

  /** What became of a play, or undefined when it never had a record that counts. */
  outcomeOf(playId: string): { phase: AckPhase; reason?: string } | undefined {
    return this.#plays.get(playId);
  }

  /** The last record of each play that has begun and has not ended. */
  openPlays(): { record: LogRecord; untilMs: number }[] {
    return [...this.#plays.values()].flatMap(({ open, until }) =>
      open === undefined ? [] : [{ record: open, untilMs: until }],
    );
  }

  #read(line: Line): void {
    if ('acked' in line) {
      if (Number.isSafeInteger(line.acked)) this.#confirm(line.acked);
    } else if (firstFault(LogRecordSchema, line.record) === undefined && line.record.seq > this.#lastSeq) {
      this.#take(line.record, Number(line.until));
    }
  }

  #take(record: LogRecord, until: number): void {
    this.#lastSeq = record.seq;
    this.#records.push({ record, until });
    // Refused for the clock is not the end: once the clock is right the play may still be in time.
    if (record.kind === 'refused' && record.reason === 'CLOCK_UNSYNCED') return;
    const before = this.#plays.get(record.playId);
    const open = isFinalRecord(record) ? undefined : record;
    const phase = phaseOfRecord(record) ?? before?.phase ?? 'STARTED';
    this.#plays.set(record.playId, { playId: record.playId, until, phase, reason: record.reason, open });
  }

  #confirm(seq: number): void {
    this.#acked = Math.max(this.#acked, seq);
    const before = this.#records.length;
    this.#records = this.#records.filter(({ record }) => record.seq > this.#acked);
    this.#confirmedInFile += before - this.#records.length;
  }

  /** A disk that is full at the start is an alarm; emergencies are still to be heard. */
  #tryCompact(): void {
    try {
      this.#compact();
    } catch {
      this.#confirmedInFile = COMPACT_AFTER;
    }
  }

  #compact(): void {
    // Records that follow are replayed over the header, so it must not know them yet.
    const [oldest] = this.#records;
    const header: Header = {
      journal: this.id,
      lastSeq: oldest === undefined ? this.#lastSeq : oldest.record.seq - 1,
      acked: this.#acked,
      plays: [...this.#plays.values()],
    };
    const lines = [header, ...this.#records].map((line) => `${JSON.stringify(line)}\n`);
    replaceFile(this.#file, lines.join(''), this.#fsync);
    this.#confirmedInFile = 0;
  }
}
