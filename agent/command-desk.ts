import {
  FINAL_ACK_PHASES,
  type AckMessage,
  type AckPhase,
  type CommandMessage,
  type ReasonCode,
} from '../src/contract/index.js';
import { isoTime, type ClusterClock } from './clock.js';
import type { CommandEntry, CommandMemory } from './store/command-memory.js';

export interface CommandDeskOptions {
  memory: CommandMemory;
  clock: ClusterClock;
  /** True once the broker has it. */
  publish(ack: AckMessage): Promise<boolean>;
}

/** What an order comes to. */
export interface Verdict {
  phase: AckPhase;
  code?: ReasonCode;
  reason?: string;
  playId?: string;
  checks?: AckMessage['checks'];
}

/** Remembers commands and says what became of them; a repeated one gets its last ack again (rule 3). */
export class CommandDesk {
  readonly #options: CommandDeskOptions;

  constructor(options: CommandDeskOptions) {
    this.#options = options;
  }

  /** Whether the command came before; its last ack is then said again. */
  repeats(command: CommandMessage): boolean {
    const entry = this.#options.memory.get(command.id);
    if (entry !== undefined) void this.#send(entry);
    return entry !== undefined;
  }

  /** Takes a command into memory with its first verdict, on disk before it is said. */
  open(command: CommandMessage, verdict: Verdict, keep: Pick<CommandEntry, 'play' | 'stop'> = {}): void {
    const { id, type, issuedAt, correlationId } = command;
    this.#put({ id, type, issuedAt, ack: this.#ack(id, correlationId, verdict), sent: false, ...keep });
  }

  /** Answers an order that is to leave no trace: the same id may yet come from who may give it. */
  refuse({ id, correlationId }: CommandMessage, verdict: Verdict): void {
    void this.#options.publish(this.#ack(id, correlationId, verdict));
  }

  /** A further word about a command; after a final one nothing more is said. */
  follow(id: string, verdict: Verdict): void {
    const entry = this.#options.memory.get(id);
    if (entry === undefined || FINAL_ACK_PHASES.has(entry.ack.phase)) return;
    const { correlationId, playId } = entry.ack;
    this.#put({ ...entry, ack: this.#ack(id, correlationId, { playId, ...verdict }), sent: false });
  }

  /** A connection is there: what the broker has not confirmed is said again. */
  online(): void {
    for (const entry of this.#options.memory.entries()) if (!entry.sent) void this.#send(entry);
  }

  #ack(id: string, correlationId: string | undefined, verdict: Verdict): AckMessage {
    return { id, at: isoTime(this.#options.clock.now()), correlationId, ...verdict };
  }

  #put(entry: CommandEntry): void {
    this.#options.memory.put(entry);
    void this.#send(entry);
  }

  async #send({ id, ack }: CommandEntry): Promise<void> {
    if (await this.#options.publish(ack)) this.#options.memory.markSent(id, ack);
  }
}
