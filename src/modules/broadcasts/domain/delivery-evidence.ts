import type { AckPhase, LogRecord } from '../../../contract/index.js';
import type { DeliveryState } from './delivery-state.js';

/** A play record as far as it matters here; `atMs` by the cluster's clock. */
export interface RecordWord {
  journal: string;
  seq: number;
  kind: LogRecord['kind'];
  next: LogRecord['next'] | null;
  reason: string | null;
  atMs: number;
  sha256: string;
  volumePercent: number;
  clockSynced: boolean;
  clockOffsetMs: number | null;
  positionS: number;
}

/**
 * Everything heard of one play, so that the order in which it was heard does not matter: words of one kind are joined to
 * the strongest, times to the earliest (the last word to the latest). Joining twice is joining once.
 */
export interface Evidence {
  /** NEVER_SENT: too late to be sent; a later SENT knows better. */
  sending: 'NONE' | 'NEVER_SENT' | 'SENT';
  sentAtMs: number | null;
  neverSentAtMs: number | null;
  ack: { phase: AckPhase; code: string | null; atMs: number } | null;
  acceptedAtMs: number | null;
  startedByAckAtMs: number | null;
  record: RecordWord | null;
  startedByRecordAtMs: number | null;
  /** Some word of the cluster says that sound began. */
  begun: boolean;
  /** The cluster has carried out the order to stop, or has had the plan without this play before its time. */
  stopConfirmedAtMs: number | null;
  /** Taken back before anything was sent to anybody. */
  withdrawnAtMs: number | null;
  /** It must be over by now, and was not said to be. */
  overdueAtMs: number | null;
  /** When the cluster last said anything of this play, by the server's clock. */
  lastWordAtMs: number | null;
}

export const NO_EVIDENCE: Evidence = {
  sending: 'NONE',
  sentAtMs: null,
  neverSentAtMs: null,
  ack: null,
  acceptedAtMs: null,
  startedByAckAtMs: null,
  record: null,
  startedByRecordAtMs: null,
  begun: false,
  stopConfirmedAtMs: null,
  withdrawnAtMs: null,
  overdueAtMs: null,
  lastWordAtMs: null,
};

export type DeliveryEvent =
  | { kind: 'SENT' | 'NEVER_SENT' | 'WITHDRAWN' | 'OVERDUE'; atMs: number }
  | { kind: 'STOP_CONFIRMED'; atMs: number; heardAtMs: number }
  | { kind: 'ACK'; phase: AckPhase; code: string | null; atMs: number; heardAtMs: number }
  | { kind: 'RECORD'; record: RecordWord; heardAtMs: number };

/** The evidence with one more word. Any order and any repetition of the same words give the same evidence. */
export function absorb(evidence: Evidence, event: DeliveryEvent): Evidence {
  switch (event.kind) {
    case 'SENT':
      return { ...evidence, sending: 'SENT', sentAtMs: earliest(evidence.sentAtMs, event.atMs) };
    case 'NEVER_SENT':
      return {
        ...evidence,
        sending: evidence.sending === 'SENT' ? 'SENT' : 'NEVER_SENT',
        neverSentAtMs: earliest(evidence.neverSentAtMs, event.atMs),
      };
    case 'WITHDRAWN':
      return { ...evidence, withdrawnAtMs: earliest(evidence.withdrawnAtMs, event.atMs) };
    case 'OVERDUE':
      return { ...evidence, overdueAtMs: earliest(evidence.overdueAtMs, event.atMs) };
    case 'STOP_CONFIRMED':
      return {
        ...heard(evidence, event.heardAtMs),
        stopConfirmedAtMs: earliest(evidence.stopConfirmedAtMs, event.atMs),
      };
    case 'ACK':
      return absorbAck(heard(evidence, event.heardAtMs), event);
    case 'RECORD':
      return absorbRecord(heard(evidence, event.heardAtMs), event.record);
  }
}

/** What may truthfully be said. `settled`: nothing more is expected; a late word can still correct it. */
export interface Finding {
  state: DeliveryState;
  settled: boolean;
  endedAtMs: number | null;
  /** Why, in one word of the protocol. */
  code: string | null;
}

/**
 * The state that the evidence supports. The cluster's records outrank its acks, acks outrank what the server knows of its
 * sending; only the cluster itself says FINISHED.
 */
export function findingOf(evidence: Evidence): Finding {
  const { record } = evidence;
  const open = record === null ? undefined : byRecord(evidence, record);
  const byWord = open ?? byAck(evidence);
  if (byWord !== undefined) return byWord;
  if (evidence.begun) {
    const interrupted = record?.kind === 'interrupted';
    return pending(evidence, interrupted ? 'INTERRUPTED' : 'STARTED', record?.reason ?? null);
  }
  if (evidence.stopConfirmedAtMs !== null)
    return ended('CANCELLED', evidence.stopConfirmedAtMs, evidence.ack?.code ?? 'STOPPED');
  if (evidence.ack !== null) return pending(evidence, 'ACCEPTED');
  if (evidence.sending === 'SENT') return pending(evidence, 'SENT');
  if (evidence.withdrawnAtMs !== null) return ended('CANCELLED', evidence.withdrawnAtMs, 'STOPPED');
  if (evidence.sending === 'NEVER_SENT') return ended('EXPIRED', evidence.neverSentAtMs, 'NEVER_SENT');
  return pending(evidence, 'PLANNED');
}

/** By a record after which nothing more is expected. */
function byRecord(evidence: Evidence, record: RecordWord): Finding | undefined {
  const { kind, atMs, reason } = record;
  switch (kind) {
    case 'finished':
      return ended('FINISHED', atMs, reason);
    case 'failed':
      return ended('FAILED', atMs, reason);
    case 'stopped':
      return ended(evidence.begun ? 'INTERRUPTED' : 'CANCELLED', atMs, reason ?? 'STOPPED');
    case 'missed':
      return ended(evidence.begun ? 'INTERRUPTED' : 'MISSED', atMs, reason);
    case 'refused':
      return ended(evidence.begun ? 'INTERRUPTED' : 'REJECTED', atMs, reason);
    case 'interrupted':
      return record.next === 'DROP' ? ended('INTERRUPTED', atMs, reason) : undefined;
    case 'started':
    case 'resumed':
      return undefined;
  }
}

/** By an ack that ends the command. One that denies the play is no match for the cluster's word that it began. */
function byAck({ ack, begun }: Evidence): Finding | undefined {
  if (ack === null) return undefined;
  const { phase, code, atMs } = ack;
  if (phase === 'ACCEPTED' || phase === 'STARTED') return undefined;
  if (phase === 'FINISHED') return ended('FINISHED', atMs, code);
  if (code === 'STOPPED') return ended(begun ? 'INTERRUPTED' : 'CANCELLED', atMs, code);
  if (code === 'OUTRANKED') return ended(begun ? 'INTERRUPTED' : 'MISSED', atMs, code);
  if (phase === 'FAILED') return ended('FAILED', atMs, code);
  return begun ? undefined : ended(phase, atMs, code);
}

function pending(evidence: Evidence, state: DeliveryState, code: string | null = null): Finding {
  if (evidence.overdueAtMs === null) return { state, settled: false, endedAtMs: null, code };
  return { state: 'UNKNOWN', settled: true, endedAtMs: null, code };
}

function ended(state: DeliveryState, endedAtMs: number | null, code: string | null): Finding {
  return { state, settled: true, endedAtMs, code };
}

/** The strongest phase wins: an end over what is under way, and being heard to the end over every other end. */
const PHASES: readonly AckPhase[] = ['ACCEPTED', 'STARTED', 'REJECTED', 'EXPIRED', 'FAILED', 'FINISHED'];

function absorbAck(evidence: Evidence, event: Extract<DeliveryEvent, { kind: 'ACK' }>): Evidence {
  const ack = { phase: event.phase, code: event.code, atMs: event.atMs };
  const before = evidence.ack;
  const stronger = before === null || compareKeys(ackKey(ack), ackKey(before)) > 0;
  const started = event.phase === 'STARTED';
  return {
    ...evidence,
    ack: stronger ? ack : before,
    acceptedAtMs:
      event.phase === 'ACCEPTED' ? earliest(evidence.acceptedAtMs, event.atMs) : evidence.acceptedAtMs,
    startedByAckAtMs: started ? earliest(evidence.startedByAckAtMs, event.atMs) : evidence.startedByAckAtMs,
    begun: evidence.begun || started || event.phase === 'FINISHED',
  };
}

function ackKey(ack: NonNullable<Evidence['ack']>): Key {
  return [PHASES.indexOf(ack.phase), -ack.atMs, ack.code ?? ''];
}

const SOUND: ReadonlySet<LogRecord['kind']> = new Set(['started', 'resumed', 'interrupted', 'finished']);

function absorbRecord(evidence: Evidence, record: RecordWord): Evidence {
  const before = evidence.record;
  const later = before === null || compareKeys(recordKey(record), recordKey(before)) > 0;
  return {
    ...evidence,
    record: later ? record : before,
    startedByRecordAtMs:
      record.kind === 'started'
        ? earliest(evidence.startedByRecordAtMs, record.atMs)
        : evidence.startedByRecordAtMs,
    begun: evidence.begun || SOUND.has(record.kind) || record.positionS > 0,
  };
}

/**
 * Which record tells most. Within a journal `seq` says which came last. An end goes before everything, whatever the journal:
 * a cluster that lost its journal counts from 1 again. `refused` is no such end, because a play refused for its clock begins
 * after all when the clock is set in time.
 */
function recordKey(record: RecordWord): Key {
  const end =
    ['finished', 'stopped', 'failed', 'missed'].includes(record.kind) ||
    (record.kind === 'interrupted' && record.next === 'DROP');
  return [end ? 1 : 0, record.seq, record.atMs, record.journal, record.kind];
}

type Key = (number | string)[];

function compareKeys(a: Key, b: Key): number {
  for (const [i, left] of a.entries()) {
    const right = b[i]!;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

function heard(evidence: Evidence, atMs: number): Evidence {
  return { ...evidence, lastWordAtMs: Math.max(evidence.lastWordAtMs ?? atMs, atMs) };
}

function earliest(before: number | null, atMs: number): number {
  return before === null ? atMs : Math.min(before, atMs);
}
