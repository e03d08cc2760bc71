import {
  audibleAt,
  FINAL_ACK_PHASES,
  isClockTrusted,
  isFinalRecord,
  isQuiet,
  type AudibleCandidate,
  type CommandMessage,
  type DesiredMessage,
  type PlanItem,
  type PlayCommand,
  type PlayState,
} from '../../src/contract/index.js';
import type { Life } from './life.js';

type Ordered = Omit<AudibleCandidate, 'state'> &
  Pick<PlanItem, 'volumePercent' | 'media' | 'repeat' | 'gapS'>;

/**
 * Says what should be heard of a cluster at any moment, from nothing but what has reached it and what it has written down:
 * its documents, orders and journal, and the contract's order of plays.
 */
export class Witness {
  readonly #life: Life;
  #plan: DesiredMessage | undefined;
  readonly #plays = new Map<string, Ordered>();
  readonly #orders = new Map<string, { command: PlayCommand; notAfterMs: number }>();
  readonly #stopped = new Set<string>();

  constructor(life: Life) {
    this.#life = life;
    life.received = (what) => ('plan' in what ? this.#hasPlan(what) : this.#hasOrder(what));
  }

  /** The order that a play was given by. */
  play(playId: string): Ordered | undefined {
    return this.#plays.get(playId);
  }

  get plan(): readonly PlanItem[] {
    return this.#plan?.plan ?? [];
  }

  isStopped(playId: string): boolean {
    return this.#stopped.has(playId);
  }

  /** What should sound now, or undefined for silence. */
  expected(): string | undefined {
    const { cluster, power } = this.#life;
    if (!power || cluster === undefined || this.#plan === undefined) return undefined;
    const now = cluster.now();
    const { quietHours, timeZone } = this.#plan.config;
    const trusted = isClockTrusted(cluster.reading());
    const claims = this.#candidates().filter(
      ({ state, class: kind }) => state !== 'PENDING' || trusted || kind === 'EMERGENCY',
    );
    return audibleAt(claims, now, isQuiet(quietHours, timeZone, now))?.playId;
  }

  #candidates(): AudibleCandidate[] {
    const found = new Map<string, AudibleCandidate>();
    for (const item of this.plan) found.set(item.playId, { ...item, state: this.stateOf(item.playId) });
    for (const [playId, item] of this.#plays) {
      const state = this.stateOf(playId);
      if (state === 'PLAYING' || state === 'INTERRUPTED') found.set(playId, { ...item, state });
    }
    for (const { command, notAfterMs } of this.#orders.values()) {
      const { playId } = command.play;
      if (playId === undefined || !this.#isAccepted(command.id)) continue;
      const notAfter = new Date(notAfterMs).toISOString();
      const state = this.stateOf(playId);
      found.set(playId, { ...command.play, playId, startAt: new Date(0).toISOString(), notAfter, state });
    }
    return [...found.values()].filter(
      ({ playId, state }) => state !== 'PENDING' || !this.#stopped.has(playId),
    );
  }

  stateOf(playId: string): PlayState {
    const record = this.#life.written.findLast(
      (one) => one.playId === playId && !(one.kind === 'refused' && one.reason === 'CLOCK_UNSYNCED'),
    );
    if (record === undefined) return 'PENDING';
    if (isFinalRecord(record)) return 'ENDED';
    return record.kind === 'interrupted' ? 'INTERRUPTED' : 'PLAYING';
  }

  /** Taken up as a new play, and not over. */
  #isAccepted(id: string): boolean {
    const words = this.#life.answers.filter((ack) => ack.id === id);
    const over = words.some(({ phase }) => FINAL_ACK_PHASES.has(phase));
    return !over && words.some(({ phase, code }) => phase === 'ACCEPTED' && code === undefined);
  }

  #hasPlan(desired: DesiredMessage): void {
    if (desired.version <= (this.#plan?.version ?? 0)) return;
    this.#plan = desired;
    for (const item of desired.plan)
      if (this.stateOf(item.playId) === 'PENDING') this.#plays.set(item.playId, item);
  }

  #hasOrder(command: CommandMessage): void {
    const { cluster } = this.#life;
    if (cluster === undefined) return;
    if (command.type === 'stop' && command.target.scope === 'PLAY') this.#stopped.add(command.target.playId);
    if (command.type !== 'play' || this.#orders.has(command.id)) return;
    const { notAfter, playId } = command.play;
    const validMs = Date.parse(notAfter) - Date.parse(command.issuedAt);
    const trusted = isClockTrusted(cluster.reading());
    const notAfterMs = trusted ? Date.parse(notAfter) : cluster.now() + validMs;
    this.#orders.set(command.id, { command, notAfterMs });
    if (playId !== undefined && !this.#plays.has(playId))
      this.#plays.set(playId, { ...command.play, playId, startAt: command.issuedAt });
  }
}
