import {
  isClockTrusted,
  isQuiet,
  playIdOf,
  type AckMessage,
  type BroadcastClass,
  type CommandMessage,
  type LiveCommand,
  type PlayCommand,
  type PlayOrder,
  type ReasonCode,
  type StopCommand,
} from '../src/contract/index.js';
import { isoTime, type ClusterClock } from './clock.js';
import type { CommandDesk } from './command-desk.js';
import type { PlayEngine, PlayerConfig } from './player/engine.js';
import { isDue, itemFromCommand, itemFromLive, orderAtOnce } from './player/item.js';
import type { LiveSource } from './player/sink.js';
import type { KeyRing } from './key-ring.js';
import { isTarget, type AgentStore } from './store/agent-store.js';

export interface CommandHandlerOptions {
  clusterId: string;
  clock: ClusterClock;
  store: AgentStore;
  desk: CommandDesk;
  engine: PlayEngine;
  keys: KeyRing;
  /** The live stream of a broadcast; undefined: the output cannot play one. */
  liveSource(broadcastId: string): LiveSource | undefined;
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
      return desk.refuse(command, { phase: 'REJECTED', code, playId: this.#playIn(command) });
    }
    if (desk.repeats(command)) return;
    if (this.#isTooLate(command)) {
      desk.open(command, { phase: 'EXPIRED', code: 'TOO_LATE', playId: this.#playIn(command) });
      return;
    }
    this.#carryOut(command);
  }

  #carryOut(command: Exclude<CommandMessage, { type: 'log-ack' }>): void {
    const { desk, engine, store } = this.#options;
    switch (command.type) {
      case 'play':
        return this.#play(command);
      case 'live':
        return this.#live(command);
      case 'stop':
        return this.#stop(command);
      case 'volume':
        store.saveSettings({ volumePercent: command.volumePercent });
        engine.configured();
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
    return isClockTrusted(clock.reading()) && clock.now() > Date.parse(notAfter);
  }

  #play(command: PlayCommand): void {
    const { clock, desk, engine, store } = this.#options;
    const playId = this.#playId(command.play);
    const play = { ...command.play, playId, notAfter: this.#latestStart(command, command.play) };
    if (store.stoppedSince(play, command.issuedAt)) {
      return desk.open(command, { phase: 'REJECTED', code: 'STOPPED', playId });
    }
    const outcome = store.journal.outcomeOf(playId);
    const known = engine.find(playId);
    if (known === undefined && outcome !== undefined) {
      return desk.open(command, { phase: outcome.phase, code: 'DUPLICATE_PLAY', playId });
    }
    if (known !== undefined && known.state !== 'PENDING') {
      known.commandIds.push(command.id);
      return desk.open(command, { phase: 'STARTED', code: 'DUPLICATE_PLAY', playId }, { play });
    }
    const code = this.#objection(play);
    if (code !== undefined) return desk.open(command, { phase: 'REJECTED', code, playId });
    if (known !== undefined && isDue(known, clock.now())) {
      known.commandIds.push(command.id);
      return desk.open(command, { phase: 'ACCEPTED', code: 'DUPLICATE_PLAY', playId }, { play });
    }
    desk.open(command, { phase: 'ACCEPTED', playId }, { play });
    if (known === undefined) return engine.add(itemFromCommand(play, command.id, play.notAfter));
    known.commandIds.push(command.id);
    orderAtOnce(known, play.notAfter);
    engine.look();
  }

  #live(command: LiveCommand): void {
    const { desk, engine, store } = this.#options;
    const playId = this.#playId(command.live);
    const live = { ...command.live, playId, notAfter: this.#latestStart(command, command.live) };
    if (store.stoppedSince(live, command.issuedAt))
      return desk.open(command, { phase: 'REJECTED', code: 'STOPPED', playId });
    const known = engine.find(playId);
    if (known !== undefined) {
      known.commandIds.push(command.id);
      const phase = known.state === 'PENDING' ? 'ACCEPTED' : 'STARTED';
      return desk.open(command, { phase, code: 'DUPLICATE_PLAY', playId });
    }
    const outcome = store.journal.outcomeOf(playId);
    if (outcome !== undefined)
      return desk.open(command, { phase: outcome.phase, code: 'DUPLICATE_PLAY', playId });
    const source = this.#options.liveSource(live.broadcastId);
    if (source === undefined) return desk.open(command, { phase: 'REJECTED', code: 'UNSUPPORTED', playId });
    const code = this.#objection(live);
    if (code !== undefined) return desk.open(command, { phase: 'REJECTED', code, playId });
    desk.open(command, { phase: 'ACCEPTED', playId });
    engine.add(itemFromLive(live, command.id, live.notAfter, source));
  }

  /** Why the rules of the cluster forbid a play now. */
  #objection(play: { class: BroadcastClass }): ReasonCode | undefined {
    if (play.class === 'EMERGENCY') return undefined;
    const { clock } = this.#options;
    if (!isClockTrusted(clock.reading())) return 'CLOCK_UNSYNCED';
    const { quietHours, timeZone } = this.#options.config();
    return isQuiet(quietHours, timeZone, clock.now()) ? 'QUIET_HOURS' : undefined;
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

  /** The play that a command is about. */
  #playIn(command: CommandMessage): string | undefined {
    if (command.type === 'play') return this.#playId(command.play);
    return command.type === 'live' ? this.#playId(command.live) : undefined;
  }

  #playId(play: Pick<PlayOrder, 'playId' | 'broadcastId' | 'occurrenceId'>): string {
    return play.playId ?? playIdOf(play.broadcastId, play.occurrenceId, this.#options.clusterId);
  }

  /** The order's latest start; by a clock that is not trusted, as long from now as the server meant it to be. */
  #latestStart({ issuedAt }: CommandMessage, { notAfter }: Pick<PlayOrder, 'notAfter'>): string {
    const { clock } = this.#options;
    if (isClockTrusted(clock.reading())) return notAfter;
    return isoTime(clock.now() + Math.max(0, Date.parse(notAfter) - Date.parse(issuedAt)));
  }
}
