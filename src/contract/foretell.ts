import type { QuietHours } from './messages/desired.js';
import { playLengthS } from './messages/play.js';
import { audibleAt, isCutBy, type AudibleCandidate } from './order.js';
import { holdShifted, releaseShifted, type Shiftable } from './overrun.js';
import { isQuiet, msUntilQuiet } from './quiet-hours.js';

/** A play of a plan as far as its place in time goes: `PlanItem` fits. */
export interface ForetoldPlay extends Omit<AudibleCandidate, 'state'> {
  media: { durationS: number };
  repeat: number;
  gapS?: number;
}

export const STRETCH_ENDS = ['FINISHED', 'INTERRUPTED', 'DROPPED', 'OVERRUN', 'QUIET_HOURS'] as const;
export type StretchEnd = (typeof STRETCH_ENDS)[number];

/** A play is heard from `fromMs` to `toMs`; an interrupted one may have several of these. */
export interface Stretch {
  playId: string;
  fromMs: number;
  toMs: number;
  /** Seconds of it heard before. */
  fromS: number;
  end: StretchEnd;
}

export const UNHEARD_CAUSES = ['TOO_LATE', 'OUTRANKED', 'QUIET_HOURS'] as const;

export interface Unheard {
  playId: string;
  atMs: number;
  why: (typeof UNHEARD_CAUSES)[number];
}

export interface Foretold {
  stretches: Stretch[];
  /** Plays that never begin. */
  unheard: Unheard[];
}

interface Play extends Shiftable {
  source: ForetoldPlay;
  startMs: number;
  heardS: number;
  outranked: boolean;
}

/**
 * What a cluster will play of a plan, from an instant at which nothing sounds: moment by moment the same decision as the
 * cluster's own, with media at hand and nothing new ordered.
 */
export function foretell(
  plan: readonly ForetoldPlay[],
  rules: { quietHours: readonly QuietHours[]; timeZone: string },
  fromMs: number,
): Foretold {
  return new Foreteller(plan, rules).from(fromMs);
}

class Foreteller {
  readonly #rules: { quietHours: readonly QuietHours[]; timeZone: string };
  readonly #stretches: Stretch[] = [];
  readonly #unheard: Unheard[] = [];
  /** By their time, those whose time has not come. */
  readonly #coming: Play[];
  #due: Play[] = [];
  #current: { play: Play; sinceMs: number } | undefined;

  constructor(plan: readonly ForetoldPlay[], rules: { quietHours: readonly QuietHours[]; timeZone: string }) {
    this.#rules = rules;
    this.#coming = plan
      .map((source): Play => ({
        ...source,
        source,
        startMs: Date.parse(source.startAt),
        state: 'PENDING',
        heardS: 0,
        outranked: false,
      }))
      .sort((a, b) => a.startMs - b.startMs);
  }

  from(fromMs: number): Foretold {
    let nowMs: number | undefined = fromMs;
    while (nowMs !== undefined) {
      while (this.#coming[0] !== undefined && this.#coming[0].startMs <= nowMs) {
        this.#due.push(this.#coming.shift()!);
      }
      this.#decide(nowMs);
      nowMs = this.#next(nowMs);
    }
    return { stretches: this.#stretches, unheard: this.#unheard };
  }

  #decide(nowMs: number): void {
    const { quietHours, timeZone } = this.#rules;
    if (this.#current !== undefined && nowMs >= this.#endMs(this.#current))
      this.#endStretch(nowMs, 'FINISHED');
    const quiet = isQuiet(quietHours, timeZone, nowMs);
    for (const play of [...this.#due]) this.#retire(play, nowMs, quiet);
    for (;;) {
      const best = audibleAt(this.#due, nowMs, quiet);
      for (const play of this.#due) if (best !== undefined && play !== best) play.outranked = true;
      if (best === undefined || best === this.#current?.play) break;
      if (this.#current === undefined) {
        this.#begin(best, nowMs);
        break;
      }
      const { play } = this.#current;
      if (isCutBy(play, best)) this.#endStretch(nowMs, 'OVERRUN');
      else this.#endStretch(nowMs, play.onInterrupt === 'DROP' ? 'DROPPED' : 'INTERRUPTED');
    }
    holdShifted(this.#due, nowMs);
  }

  #retire(play: Play, nowMs: number, quiet: boolean): void {
    const forbidden = quiet && play.class !== 'EMERGENCY';
    if (play.state !== 'PENDING') {
      if (!forbidden) return;
      if (play === this.#current?.play) this.#endStretch(nowMs, 'QUIET_HOURS');
      else this.#remove(play, nowMs);
    } else if (play.heldBy === undefined && nowMs > Date.parse(play.notAfter)) {
      this.#leaveOut(play, nowMs, play.outranked ? 'OUTRANKED' : 'TOO_LATE');
    } else if (forbidden) {
      this.#leaveOut(play, nowMs, 'QUIET_HOURS');
    }
  }

  #leaveOut(play: Play, nowMs: number, why: Unheard['why']): void {
    this.#unheard.push({ playId: play.playId, atMs: nowMs, why });
    this.#remove(play, nowMs);
  }

  #begin(play: Play, nowMs: number): void {
    if (play.state === 'INTERRUPTED' && play.onInterrupt === 'RESTART') play.heardS = 0;
    play.state = 'PLAYING';
    this.#current = { play, sinceMs: nowMs };
    for (const other of [...this.#due]) {
      if (other.state === 'INTERRUPTED' && isCutBy(other, play)) this.#remove(other, nowMs);
    }
  }

  #endStretch(nowMs: number, end: StretchEnd): void {
    if (this.#current === undefined) return;
    const { play, sinceMs } = this.#current;
    this.#current = undefined;
    const { playId, heardS: fromS } = play;
    this.#stretches.push({ playId, fromMs: sinceMs, toMs: nowMs, fromS, end });
    if (end !== 'INTERRUPTED') return this.#remove(play, nowMs);
    play.heardS = heardAfter(play.source, play.heardS, (nowMs - sinceMs) / 1000);
    play.state = 'INTERRUPTED';
  }

  #remove(play: Play, nowMs: number): void {
    play.state = 'ENDED';
    this.#due = this.#due.filter((other) => other !== play);
    const quietInMs = msUntilQuiet(this.#rules.quietHours, this.#rules.timeZone, nowMs);
    releaseShifted(this.#due, play.playId, nowMs, quietInMs, ({ source }) => lengthMs(source));
  }

  #endMs({ play, sinceMs }: { play: Play; sinceMs: number }): number {
    return sinceMs + remainingS(play.source, play.heardS) * 1000;
  }

  /** The next moment at which something can change; undefined when nothing is left. */
  #next(nowMs: number): number | undefined {
    const moments: number[] = [];
    if (this.#coming[0] !== undefined) moments.push(this.#coming[0].startMs);
    for (const { state, heldBy, notAfter } of this.#due) {
      if (state === 'PENDING' && heldBy === undefined) moments.push(Date.parse(notAfter) + 1);
    }
    if (this.#current !== undefined) {
      moments.push(this.#endMs(this.#current));
      const quietInMs = msUntilQuiet(this.#rules.quietHours, this.#rules.timeZone, nowMs) ?? 0;
      if (quietInMs > 0) moments.push(nowMs + quietInMs);
    }
    const coming = moments.filter((moment) => moment > nowMs);
    return coming.length === 0 ? undefined : Math.min(...coming);
  }
}

function lengthMs({ media, repeat, gapS }: ForetoldPlay): number {
  return playLengthS(media.durationS, repeat, gapS) * 1000;
}

/** How many repeats have been heard whole. */
function wholeRepeats({ media }: ForetoldPlay, heardS: number): number {
  return Math.floor(heardS / media.durationS + 1e-9);
}

/** Seconds to the end of a play that is begun where it was left: the silence before the repeat that comes is not waited for. */
function remainingS(play: ForetoldPlay, heardS: number): number {
  const leftS = play.media.durationS * play.repeat - heardS;
  const gaps = Math.max(0, play.repeat - 1 - wholeRepeats(play, heardS));
  return leftS + gaps * (play.gapS ?? 0);
}

/** Seconds of sound heard after a play, begun at `heardS`, has gone on for a time. */
function heardAfter(play: ForetoldPlay, heardS: number, elapsedS: number): number {
  const { durationS } = play.media;
  const gapS = play.gapS ?? 0;
  const inRepeatS = heardS - wholeRepeats(play, heardS) * durationS + elapsedS;
  const rounds = Math.floor(inRepeatS / (durationS + gapS) + 1e-9);
  const soundS = Math.min(durationS, inRepeatS - rounds * (durationS + gapS));
  return wholeRepeats(play, heardS) * durationS + rounds * durationS + soundS;
}
