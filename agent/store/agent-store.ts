import { join } from 'node:path';
import {
  DesiredSchema,
  firstFault,
  type AlarmMessage,
  type DesiredMessage,
  type PublicKey,
  type StopTarget,
} from '../../src/contract/index.js';
import { CommandMemory } from './command-memory.js';
import { makeFolder, readJson, replaceFile } from './files.js';
import { Journal } from './journal.js';

/** Small things that outlive a restart. */
export interface Settings {
  /** Set by a `volume` command, until the next desired version. */
  volumePercent: number | null;
  /** Alarms that are retained at the broker, by code. */
  alarms: Record<string, AlarmMessage>;
  /** Believed for what the documents said, besides those given with the device. */
  keys: PublicKey[];
}

/** Everything one cluster persists, in one folder of its own. */
export class AgentStore {
  readonly journal: Journal;
  readonly commands: CommandMemory;
  readonly mediaFolder: string;
  readonly folder: string;
  readonly #fsync: boolean;
  #desired: DesiredMessage | undefined;
  #settings: Settings;

  constructor(folder: string, options: { fsync: boolean; nowMs: number }) {
    this.folder = folder;
    this.#fsync = options.fsync;
    this.mediaFolder = join(folder, 'media');
    makeFolder(this.mediaFolder);
    this.journal = new Journal(join(folder, 'journal.jsonl'), options);
    this.commands = new CommandMemory(join(folder, 'commands.jsonl'), options);
    const desired = readJson(this.#path('desired'));
    if (firstFault(DesiredSchema, desired) === undefined) this.#desired = desired as DesiredMessage;
    const settings = (readJson(this.#path('settings')) ?? {}) as Partial<Settings>;
    this.#settings = {
      volumePercent: settings.volumePercent ?? null,
      alarms: settings.alarms ?? {},
      keys: settings.keys ?? [],
    };
  }

  /** The document that is applied; undefined before the first. */
  get desired(): DesiredMessage | undefined {
    return this.#desired;
  }

  get settings(): Readonly<Settings> {
    return this.#settings;
  }

  /** Throws when the disk refuses: what is not kept is not applied. */
  applyDesired(desired: DesiredMessage): void {
    replaceFile(this.#path('desired'), JSON.stringify(desired), this.#fsync);
    this.#desired = desired;
  }

  saveSettings(change: Partial<Settings>): void {
    this.#settings = { ...this.#settings, ...change };
    try {
      replaceFile(this.#path('settings'), JSON.stringify(this.#settings), this.#fsync);
    } catch {
      // Kept in memory: a full disk is an alarm, no reason to stop.
    }
  }

  /**
   * Whether a play that was ordered at `issuedAt` has been stopped since: a stop may overtake what it stops. Stops of ALL
   * leave the plan alone, so for planned plays only NAMED ones count.
   */
  stoppedSince(
    play: { playId: string; broadcastId: string; occurrenceId: string },
    issuedAt: string,
    stops: 'ANY' | 'NAMED' = 'ANY',
  ): boolean {
    return this.commands.entries().some(({ stop, issuedAt: stoppedAt }) => {
      if (stop === undefined || (stops === 'NAMED' && stop.scope === 'ALL')) return false;
      return Date.parse(stoppedAt) > Date.parse(issuedAt) && isTarget(stop, play);
    });
  }

  #path(name: 'desired' | 'settings'): string {
    return join(this.folder, `${name}.json`);
  }
}

export function isTarget(
  target: StopTarget,
  play: { playId: string; broadcastId: string; occurrenceId: string },
): boolean {
  switch (target.scope) {
    case 'ALL':
      return true;
    case 'PLAY':
      return target.playId === play.playId;
    case 'BROADCAST':
      return (
        target.broadcastId === play.broadcastId &&
        (target.occurrenceId === undefined || target.occurrenceId === play.occurrenceId)
      );
  }
}
