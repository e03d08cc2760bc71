import {
  playLengthS,
  type LiveOrder,
  type PlanItem,
  type PlayMedia,
  type PlayOrder,
  type ReasonCode,
  type Shiftable,
} from '../../src/contract/index.js';
import type { LiveSource } from './sink.js';

/** A play in the hands of the engine. */
export interface PlayItem extends Shiftable {
  broadcastId: string;
  occurrenceId: string;
  media: PlayMedia;
  /** Where live sound comes from; `media` then tells its longest duration only. */
  stream?: LiveSource;
  volumePercent?: number;
  repeat: number;
  /** Silence between two repeats, seconds. */
  gapS?: number;
  /** From the plan it waits for its time; by command it is due at once. */
  source: 'PLAN' | 'COMMAND';
  /** The commands that ordered it; all are told what becomes of it. */
  commandIds: string[];
  /** Seconds heard so far, repeats included. */
  heardS: number;
  /** When its media was checked last, ms; the check holds for a short while. */
  checkedAtMs?: number;
  /** Path of the checked media. */
  file?: string;
  /** What is being done about its media. */
  preparing?: 'CHECK' | 'FETCH';
  attempts: number;
  /** The media is not tried again before this, ms. */
  retryAtMs: number;
  mediaError?: ReasonCode;
  /** Refused because the clock is not to be trusted; plays after all if the clock is set in time. */
  heldForClock: boolean;
  /** A higher play kept it from beginning. */
  outranked: boolean;
  /** Ordered to stop; carried out at the next step. */
  stopOrdered: boolean;
}

/** Due for ever: a command is not timed, and the controller's clock may run behind the server's. */
const AT_ONCE = new Date(0).toISOString();

export function itemFromPlan(item: PlanItem): PlayItem {
  return { ...item, ...fresh(), source: 'PLAN', commandIds: [] };
}

/** `notAfter` is passed apart: under a clock that is not trusted the order's own means nothing. */
export function itemFromCommand(
  order: PlayOrder & { playId: string },
  commandId: string,
  notAfter: string,
): PlayItem {
  return { ...order, ...fresh(), startAt: AT_ONCE, notAfter, source: 'COMMAND', commandIds: [commandId] };
}

/** A live stream, to be heard from now on. */
export function itemFromLive(
  { stream, ...order }: LiveOrder & { playId: string },
  commandId: string,
  notAfter: string,
  source: LiveSource,
): PlayItem {
  const media = { sha256: source.sha256(), bytes: 1, durationS: stream.limitS };
  const play = { ...order, ...fresh(), media, repeat: 1, live: true, stream: source };
  return { ...play, startAt: AT_ONCE, notAfter, source: 'COMMAND', commandIds: [commandId] };
}

/** The play that was to wait for its time is to begin now. */
export function orderAtOnce(item: PlayItem, notAfter: string): void {
  item.source = 'COMMAND';
  item.startAt = AT_ONCE;
  item.notAfter = notAfter;
  item.heldBy = undefined;
  item.shiftedFrom = undefined;
}

/** Takes over what a newer plan says of a play that has not begun; what was done for it so far stays, if it still holds. */
export function replan(item: PlayItem, newer: PlayItem): void {
  const {
    class: broadcastClass,
    rank,
    approvedAt,
    volumePercent,
    startAt,
    notAfter,
    onInterrupt,
    onOverrun,
    repeat,
    gapS,
  } = newer;
  if (item.media.sha256 !== newer.media.sha256) item.checkedAtMs = undefined;
  Object.assign(item, { class: broadcastClass, rank, approvedAt, volumePercent });
  Object.assign(item, { onInterrupt, onOverrun, repeat, gapS, media: newer.media });
  const own = item.shiftedFrom ?? item;
  // What was shifted and has the times that it had stays shifted.
  if (own.startAt === startAt && own.notAfter === notAfter) return;
  Object.assign(item, { startAt, notAfter, heldBy: undefined, shiftedFrom: undefined });
}

function fresh(): Pick<
  PlayItem,
  'state' | 'heardS' | 'attempts' | 'retryAtMs' | 'heldForClock' | 'outranked' | 'stopOrdered'
> {
  return {
    state: 'PENDING',
    heardS: 0,
    attempts: 0,
    retryAtMs: 0,
    heldForClock: false,
    outranked: false,
    stopOrdered: false,
  };
}

/** Seconds of sound in the whole play, repeats included, the gaps between them not. */
export function totalS(item: PlayItem): number {
  return item.media.durationS * item.repeat;
}

/** The whole play, gaps included, ms. */
export function lengthMs({ media, repeat, gapS }: PlayItem): number {
  return playLengthS(media.durationS, repeat, gapS) * 1000;
}

export function isDue(item: PlayItem, nowMs: number): boolean {
  return Date.parse(item.startAt) <= nowMs;
}

export function isTooLate(item: PlayItem, nowMs: number): boolean {
  return nowMs > Date.parse(item.notAfter);
}
