import fc from 'fast-check';
import { at, bench, planItem, START_MS, type Told } from '../../test/agent/player-bench.js';
import {
  BROADCAST_CLASSES,
  foretell,
  isQuiet,
  ON_INTERRUPT,
  ON_OVERRUN,
  type Foretold,
  type PlanItem,
  type QuietHours,
} from '../../src/contract/index.js';
import { itemFromPlan } from './item.js';

const timeZone = 'Asia/Ho_Chi_Minh';
const second = fc.integer({ min: 0, max: 200 });

/** Whole seconds, close together, so that starts, ends and latest beginnings fall on one another. */
const anyItem: fc.Arbitrary<Omit<PlanItem, 'playId' | 'broadcastId' | 'occurrenceId'>> = fc
  .record({
    class: fc.constantFrom(...BROADCAST_CLASSES),
    rank: fc.integer({ min: 0, max: 1 }),
    approvedAt: fc.integer({ min: -900, max: -1 }).map(at),
    startS: second,
    graceS: fc.integer({ min: 0, max: 90 }),
    durationS: fc.integer({ min: 1, max: 40 }),
    repeat: fc.integer({ min: 1, max: 3 }),
    gapS: fc.constantFrom(undefined, 0, 2, 5),
    onInterrupt: fc.constantFrom(...ON_INTERRUPT),
    onOverrun: fc.constantFrom(undefined, ...ON_OVERRUN),
  })
  .map(({ startS, graceS, durationS, ...rest }) => ({
    ...rest,
    startAt: at(startS),
    notAfter: at(startS + graceS),
    media: { sha256: 'any', bytes: 1, durationS },
  }));
const anyPlan = fc
  .array(anyItem, { minLength: 1, maxLength: 9 })
  .map((items) => items.map((item, index) => planItem(`play-${index}`, item)));
/** The bench begins at 20:58. */
const anyQuiet = fc.constantFrom<QuietHours[]>(
  [],
  [{ from: '21:00', to: '05:00' }],
  [{ from: '21:00', to: '21:01' }],
);

/** The records of a player that did what was foretold. */
function recordsOf({ stretches, unheard }: Foretold): string[] {
  const seen = new Set<string>();
  const begun = stretches.flatMap(({ playId, fromMs, toMs, end }) => {
    const kind = seen.has(playId) ? 'resumed' : 'started';
    seen.add(playId);
    return [line(playId, kind, fromMs), line(playId, END_KINDS[end], toMs)];
  });
  const never = unheard.map(({ playId, why, atMs }) =>
    line(playId, why === 'QUIET_HOURS' ? 'refused' : `missed ${why}`, atMs),
  );
  return [...begun, ...never].sort();
}

const END_KINDS = {
  FINISHED: 'finished',
  INTERRUPTED: 'interrupted',
  DROPPED: 'interrupted DROP',
  OVERRUN: 'interrupted OVERRUN',
  QUIET_HOURS: 'stopped',
} as const;

function line(playId: string, kind: string, atMs: number): string {
  return `${playId} ${(atMs - START_MS) / 1000} ${kind}`;
}

/** What was waiting to be resumed, and was ended instead, made no sound then. */
function told(records: readonly Told[]): string[] {
  const waiting = new Set<string>();
  const lines: string[] = [];
  for (const { play, kind, reason, next, atS } of records) {
    if (kind === 'stopped' && waiting.has(play)) continue;
    if (kind === 'interrupted') waiting.add(play);
    else waiting.delete(play);
    let more = '';
    if (kind === 'missed') more = ` ${reason}`;
    if (kind === 'interrupted' && next === 'DROP') more = reason === 'OVERRUN' ? ' OVERRUN' : ' DROP';
    lines.push(line(play, kind + more, START_MS + atS * 1000));
  }
  return lines.sort();
}

describe('what is foretold of a plan', () => {
  it('is what the player does, to the millisecond', async () => {
    await fc.assert(
      fc.asyncProperty(anyPlan, anyQuiet, async (plan, quietHours) => {
        const { clock, engine, faults, told: records } = bench({ quietHours });
        const foretold = foretell(plan, { quietHours, timeZone }, START_MS);
        engine.replacePlan(plan.map(itemFromPlan));
        await clock.advance(3_000_000);
        expect(faults).toEqual([]);
        expect(told(records)).toEqual(recordsOf(foretold));
      }),
      { numRuns: 300 },
    );
  });

  it('sounds one at a time, each once, and nothing but an EMERGENCY in quiet hours', () => {
    fc.assert(
      fc.property(anyPlan, anyQuiet, (plan, quietHours) => {
        const { stretches, unheard } = foretell(plan, { quietHours, timeZone }, START_MS);
        const items = new Map(plan.map((item) => [item.playId, item]));
        let lastMs = START_MS;
        for (const { playId, fromMs, toMs } of stretches) {
          expect(fromMs).toBeGreaterThanOrEqual(lastMs);
          expect(toMs).toBeGreaterThanOrEqual(fromMs);
          lastMs = toMs;
          if (items.get(playId)?.class === 'EMERGENCY') continue;
          expect(isQuiet(quietHours, timeZone, fromMs)).toBe(false);
          if (toMs > fromMs) expect(isQuiet(quietHours, timeZone, toMs - 1)).toBe(false);
        }
        const begun = new Set(stretches.map(({ playId }) => playId));
        const never = unheard.map(({ playId }) => playId);
        expect([...begun, ...never].sort()).toEqual([...items.keys()].sort());
      }),
    );
  });
});
