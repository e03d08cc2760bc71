import {
  isQuiet,
  playIdOf,
  type AckMessage,
  type CommandMessage,
  type PlayCommand,
  type StopCommand,
} from '../src/contract/index.js';
import { isoTime, type ClusterClock } from './clock.js';
import type { CommandDesk } from './command-desk.js';
import type { PlayEngine, PlayerConfig } from './player/engine.js';
import { isDue, itemFromCommand, orderAtOnce } from './player/item.js';
import type { KeyRing } from './key-ring.js';
import { isTarget, type AgentStore } from './store/agent-store.js';

export interface CommandHandlerOptions {
  clusterId: string;
  clock: ClusterClock;
  store: AgentStore;
  desk: CommandDesk;
  engine: PlayEngine;
  keys: KeyRing;
  config(): PlayerConfig;
  selfTest(): Promise<NonNullable<AckMessage['checks']>>;
  reboot(): void;
  sync(): void;
  confirmed(): void;
  changed(): void;
}

/** Carries out orders: each id once, none too late (rules 3 and 4). */
export class CommandHandler {
  readonly #options: CommandHandlerOptions;

  constructor(options: CommandHandlerOptions) {
    this.#options = options;
  }

  /** `topic`: where it was said; a signature holds for that topic only. */
  receive(topic: string, command: CommandMessage): void {
    const { desk, store } = this.#options;
    if (command.type === 'log-ack') {
      // Not answered: an answer to each confirmation would double the traffic for nothing.
      if (store.journal.acknowledge(command.watermark)) this.#options.confirmed();
      return;
    }
    // Before anything is remembered of it: a forged order must not take the id of a true one.
    const code = this.#options.keys.objection(topic, command);
    if (code !== undefined) {
      const playId = command.type === 'play' ? this.#playId(command) : undefined;
      return desk.refuse(command, { phase: 'REJECTED', code, playId });
    }
    if (desk.repeats(command)) return;
    if (this.#isTooLate(command)) {
      const playId = command.type === 'play' ? this.#playId(command) : undefined;
      desk.open(command, { phase: 'EXPIRED', code: 'TOO_LATE', playId });
      return;
    }
    this.#carryOut(command);
  }

  #carryOut(command: Exclude<CommandMessage, { type: 'log-ack' }>): void {
    const { desk, store } = this.#options;
    switch (command.type) {
      case 'play':
        return this.#play(command);
      case 'stop':
        return this.#stop(command);
      case 'volume':
        store.saveSettings({ volumePercent: command.volumePercent });
        desk.open(command, { phase: 'FINISHED' });
        return this.#options.changed();
      case 'self-test':
        desk.open(command, { phase: 'ACCEPTED' });
        void this.#options
          .selfTest()
          .then((checks) => desk.follow(command.id, { phase: 'FINISHED', checks }));
        return;
      case 'reboot':
        desk.open(command, { phase: 'ACCEPTED' });
        return this.#options.reboot();
      case 'sync':
        desk.open(command, { phase: 'FINISHED' });
        return this.#options.sync();
    }
  }

  /** Nothing can be too late by a clock that is not trusted; what is refused then is refused for that. */
  #isTooLate({ notAfter }: CommandMessage): boolean {
    const { clock } = this.#options;
    return clock.reading().synced && clock.now() > Date.parse(notAfter);
  }

  #play(command: PlayCommand): void {
    const { clock, desk, engine, store } = this.#options;
    const playId = this.#playId(command);
    const play = { ...command.play, playId, notAfter: this.#latestStart(command) };
    if (store.stoppedSince(play, command.issuedAt)) {
      return desk.open(command, { phase: 'REJECTED', code: 'STOPPED', playId });
    }
    const outcome = store.journal.outcomeOf(playId);
    const known = engine.find(playId);
    if (known === undefined && outcome !== undefined) {
      return desk.open(command, { phase: outcome.phase, code: 'DUPLICATE_PLAY', playId });
    }
    if (known !== undefined && (known.state !== 'PENDING' || isDue(known, clock.now()))) {
      known.commandIds.push(command.id);
      const phase = known.state === 'PENDING' ? 'ACCEPTED' : 'STARTED';
      return desk.open(command, { phase, code: 'DUPLICATE_PLAY', playId }, { play });
    }
    if (play.class !== 'EMERGENCY') {
      const { quietHours, timeZone } = this.#options.config();
      const code = !clock.reading().synced
        ? 'CLOCK_UNSYNCED'
        : isQuiet(quietHours, timeZone, clock.now())
          ? 'QUIET_HOURS'
          : undefined;
      if (code !== undefined) return desk.open(command, { phase: 'REJECTED', code, playId });
    }
    desk.open(command, { phase: 'ACCEPTED', playId }, { play });
    if (known === undefined) return engine.add(itemFromCommand(play, command.id, play.notAfter));
    known.commandIds.push(command.id);
    orderAtOnce(known, play.notAfter);
    engine.look();
  }

  #stop(command: StopCommand): void {
    const { clock, desk, engine } = this.#options;
    const { target } = command;
    const now = clock.now();
    desk.open(command, { phase: 'ACCEPTED' }, { stop: target });
    engine.stop((item) => {
      if (!isTarget(target, item)) return false;
      // ALL is what sounds and what waits now; the plan goes on.
      return target.scope !== 'ALL' || item.state !== 'PENDING' || isDue(item, now);
    });
    desk.follow(command.id, { phase: 'FINISHED' });
  }

  #playId({ play }: PlayCommand): string {
    return play.playId ?? playIdOf(play.broadcastId, play.occurrenceId, this.#options.clusterId);
  }

  /** The order's latest start; by a clock that is not trusted, as long from now as the server meant it to be. */
  #latestStart({ play, issuedAt }: PlayCommand): string {
    const { clock } = this.#options;
    if (clock.reading().synced) return play.notAfter;
    return isoTime(clock.now() + Math.max(0, Date.parse(play.notAfter) - Date.parse(issuedAt)));
  }
}
