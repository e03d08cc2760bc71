import fc from 'fast-check';
import { ACK_PHASES, LOG_KINDS } from '../../../contract/index.js';
import {
  absorb,
  findingOf,
  NO_EVIDENCE,
  type DeliveryEvent,
  type Evidence,
  type RecordWord,
} from './delivery-evidence.js';
import { DELIVERY_RULES, DELIVERY_STATES, type DeliveryState } from './delivery-state.js';

const JOURNAL = 'a7d6b1f2-0c0f-4f0e-9a43-1e1b2d3c4f50';
function record(kind: RecordWord['kind'], seq: number, more: Partial<RecordWord> = {}): DeliveryEvent {
  const word: RecordWord = {
    journal: JOURNAL,
    seq,
    kind,
    next: kind === 'interrupted' ? 'RESUME' : null,
    reason: null,
    atMs: 1_000_000 + seq * 1000,
    sha256: 'ab'.repeat(32),
    volumePercent: 70,
    clockSynced: true,
    clockOffsetMs: 4,
    positionS: 0,
    ...more,
  };
  return { kind: 'RECORD', record: word, heardAtMs: 2_000_000 };
}
function ack(phase: (typeof ACK_PHASES)[number], code: string | null = null): DeliveryEvent {
  return { kind: 'ACK', phase, code, atMs: 1_000_500, heardAtMs: 1_000_600 };
}
const SENT: DeliveryEvent = { kind: 'SENT', atMs: 1_000_000 };
const NEVER_SENT: DeliveryEvent = { kind: 'NEVER_SENT', atMs: 1_000_000 };
const WITHDRAWN: DeliveryEvent = { kind: 'WITHDRAWN', atMs: 1_000_000 };
const OVERDUE: DeliveryEvent = { kind: 'OVERDUE', atMs: 3_000_000 };
const STOP_CONFIRMED: DeliveryEvent = { kind: 'STOP_CONFIRMED', atMs: 1_000_700, heardAtMs: 1_000_800 };

const after = (events: readonly DeliveryEvent[], from: Evidence = NO_EVIDENCE) => events.reduce(absorb, from);
const stateAfter = (...events: DeliveryEvent[]) => findingOf(after(events)).state;

/** Every kind of word there is, each at a few places of the journal. */
const ALPHABET: DeliveryEvent[] = [
  SENT,
  NEVER_SENT,
  WITHDRAWN,
  OVERDUE,
  STOP_CONFIRMED,
  ...ACK_PHASES.map((phase) => ack(phase)),
  ack('FAILED', 'STOPPED'),
  ack('FAILED', 'OUTRANKED'),
  ...LOG_KINDS.flatMap((kind) => [1, 2, 3].map((seq) => record(kind, seq))),
  record('interrupted', 4, { next: 'DROP' }),
  record('stopped', 5, { positionS: 1.5 }),
];
/** A smaller one, in the order of a real journal, of which every sequence can be tried. */
const JOURNALLED = (['refused', 'started', 'interrupted', 'resumed'] as const).map((kind, i) =>
  record(kind, i + 1),
);
const EXHAUSTIVE: DeliveryEvent[] = [
  ...ALPHABET.filter(({ kind }) => kind !== 'RECORD'),
  ...JOURNALLED,
  ...(['missed', 'stopped', 'failed', 'finished'] as const).map((kind, i) => record(kind, i + 5)),
];
const anyEvent = fc.constantFrom(...ALPHABET);

describe('the states of a delivery', () => {
  it('says a sentence for each in both languages', () => {
    for (const state of DELIVERY_STATES)
      for (const text of [DELIVERY_RULES[state].en, DELIVERY_RULES[state].vi])
        expect(text).toMatch(/^\S.+\.$/u);
  });

  it.each<[DeliveryState, DeliveryEvent[]]>([
    ['PLANNED', []],
    ['SENT', [SENT]],
    ['ACCEPTED', [SENT, ack('ACCEPTED')]],
    ['STARTED', [SENT, ack('ACCEPTED'), ack('STARTED')]],
    ['STARTED', [record('started', 1), record('interrupted', 2), record('resumed', 3)]],
    ['FINISHED', [SENT, ack('FINISHED')]],
    ['FINISHED', [record('started', 1), record('finished', 2)]],
    ['FAILED', [SENT, ack('FAILED', 'MEDIA_UNAVAILABLE')]],
    ['FAILED', [ack('FINISHED'), record('failed', 2)]],
    ['REJECTED', [SENT, ack('REJECTED', 'QUIET_HOURS')]],
    ['REJECTED', [record('refused', 1)]],
    ['MISSED', [record('missed', 1)]],
    ['INTERRUPTED', [record('started', 1), record('interrupted', 2)]],
    ['INTERRUPTED', [record('started', 1), record('stopped', 2)]],
    ['CANCELLED', [SENT, ack('ACCEPTED'), record('stopped', 1)]],
    ['CANCELLED', [SENT, ack('ACCEPTED'), STOP_CONFIRMED]],
    ['CANCELLED', [WITHDRAWN]],
    ['EXPIRED', [SENT, ack('EXPIRED', 'TOO_LATE')]],
    ['EXPIRED', [NEVER_SENT]],
    ['UNKNOWN', [SENT, OVERDUE]],
    ['UNKNOWN', [SENT, ack('STARTED'), OVERDUE]],
  ])('reaches %s', (state, events) => expect(stateAfter(...events)).toBe(state));

  it('never calls a play cancelled that has begun', () => {
    expect(stateAfter(SENT, ack('STARTED'), STOP_CONFIRMED)).toBe('STARTED');
    expect(stateAfter(STOP_CONFIRMED, record('started', 1))).toBe('STARTED');
    expect(stateAfter(STOP_CONFIRMED, record('started', 1), OVERDUE)).toBe('UNKNOWN');
  });

  it('plays after all when a clock that was refused is set in time', () => {
    expect(stateAfter(record('refused', 1), record('started', 2))).toBe('STARTED');
    expect(stateAfter(record('refused', 1), record('started', 2), record('finished', 3))).toBe('FINISHED');
  });

  it('believes the records of the cluster, late as they may be', () => {
    expect(stateAfter(SENT, OVERDUE, record('started', 1))).toBe('UNKNOWN');
    expect(stateAfter(SENT, OVERDUE, record('started', 1), record('finished', 2))).toBe('FINISHED');
    expect(stateAfter(NEVER_SENT, record('started', 1), record('finished', 2))).toBe('FINISHED');
  });

  it('keeps the earliest times and the last word', () => {
    const evidence = after([ack('STARTED'), record('started', 1), record('finished', 2), SENT]);
    expect(evidence).toMatchObject({
      sentAtMs: 1_000_000,
      startedByRecordAtMs: 1_001_000,
      lastWordAtMs: 2_000_000,
    });
    expect(findingOf(evidence)).toEqual({
      state: 'FINISHED',
      settled: true,
      endedAtMs: 1_002_000,
      code: null,
    });
  });
});

describe('whatever is heard, in whatever order', () => {
  it('ends in the same state, however often it is repeated', () => {
    fc.assert(
      fc.property(
        fc
          .uniqueArray(anyEvent, { maxLength: 10 })
          .chain((events) =>
            fc.tuple(
              fc.constant(events),
              fc.shuffledSubarray(events, { minLength: events.length }),
              events.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...events), { maxLength: 6 }),
            ),
          ),
        ([events, shuffled, repeated]) => {
          const expected = after(events);
          expect(after([...shuffled, ...repeated])).toEqual(expected);
          expect(after([...repeated, ...shuffled])).toEqual(expected);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('says FINISHED only when the cluster said so', () => {
    const isFinished = (event: DeliveryEvent) =>
      (event.kind === 'ACK' && event.phase === 'FINISHED') ||
      (event.kind === 'RECORD' && event.record.kind === 'finished');
    fc.assert(
      fc.property(
        fc.array(
          anyEvent.filter((event) => !isFinished(event)),
          { maxLength: 12 },
        ),
        (events) => {
          expect(stateAfter(...events)).not.toBe('FINISHED');
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('never says CANCELLED, EXPIRED, MISSED or REJECTED of what was heard to begin', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), (events) => {
        const evidence = after(events);
        if (!evidence.begun) return;
        expect(['CANCELLED', 'EXPIRED', 'MISSED', 'REJECTED', 'PLANNED', 'SENT', 'ACCEPTED']).not.toContain(
          findingOf(evidence).state,
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('is settled when it must be over: nothing stays open for ever', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 12 }), (events) => {
        expect(findingOf(after([...events, OVERDUE])).settled).toBe(true);
      }),
    );
  });

  it('goes only the ways of the table, and each of them', () => {
    const taken = new Map<DeliveryState, Set<DeliveryState>>(
      DELIVERY_STATES.map((state) => [state, new Set()]),
    );
    const seen = new Set<string>();
    let edge: Evidence[] = [NO_EVIDENCE];
    while (edge.length > 0) {
      const next: Evidence[] = [];
      for (const evidence of edge) {
        const from = findingOf(evidence).state;
        for (const event of EXHAUSTIVE) {
          const grown = absorb(evidence, event);
          const to = findingOf(grown).state;
          if (to !== from) taken.get(from)!.add(to);
          const key = JSON.stringify(grown);
          if (!seen.has(key)) {
            seen.add(key);
            next.push(grown);
          }
        }
      }
      edge = next;
    }
    const table = Object.fromEntries(
      DELIVERY_STATES.map((state) => [state, [...DELIVERY_RULES[state].next].sort()]),
    );
    expect(Object.fromEntries([...taken].map(([state, next]) => [state, [...next].sort()]))).toEqual(table);
  });
});
