import fc from 'fast-check';
import { findConflicts, proposalsFor, type Conflict, type PlannedPlay } from './conflicts.js';

const MINUTE = 60_000;
const LIMITS = { furthestShiftMs: 12 * 60 * MINUTE, shortestMs: 2 * MINUTE };

function play(programmeId: string, from: number, to: number, more: Partial<PlannedPlay> = {}): PlannedPlay {
  return {
    programmeId,
    title: `Programme ${programmeId}`,
    recurrenceId: '2027-03-01T05:00:00',
    class: 'NORMAL',
    startMs: from * MINUTE,
    endMs: to * MINUTE,
    onOverrun: 'CUT',
    clusterIds: ['c1'],
    ...more,
  };
}
const named = (conflicts: readonly Conflict[]) =>
  conflicts.map(
    (c) => `${c.earlier.programmeId}-${c.later.programmeId} ${c.fromMs / MINUTE}-${c.toMs / MINUTE}`,
  );

describe('findConflicts', () => {
  it('names both sides, where and when', () => {
    const first = play('a', 0, 10, { clusterIds: ['c3', 'c1', 'c2'], onOverrun: 'SHIFT' });
    const second = play('b', 5, 20, { clusterIds: ['c2', 'c3', 'c4', 'c3'] });
    expect(findConflicts([second, first])).toEqual([
      {
        earlier: first,
        later: second,
        clusterIds: ['c2', 'c3'],
        fromMs: 5 * MINUTE,
        toMs: 10 * MINUTE,
        settledBy: 'SHIFT',
      },
    ]);
  });

  it('does not call it an overlap when one begins at the second at which the other ends', () => {
    expect(findConflicts([play('a', 0, 10), play('b', 10, 20)])).toEqual([]);
    const millisecondLate = { ...play('a', 0, 10), endMs: 10 * MINUTE + 1 };
    expect(findConflicts([millisecondLate, play('b', 10, 20)])).toHaveLength(1);
  });

  it('finds two at the very second, one within another, and one programme with itself', () => {
    expect(named(findConflicts([play('b', 0, 10), play('a', 0, 10)]))).toEqual(['a-b 0-10']);
    expect(named(findConflicts([play('a', 0, 30), play('b', 5, 6), play('c', 10, 12)]))).toEqual([
      'a-b 5-6',
      'a-c 10-12',
    ]);
    const moved = play('a', 5, 15, { recurrenceId: '2027-03-02T05:00:00' });
    expect(named(findConflicts([play('a', 0, 10), moved]))).toEqual(['a-a 5-10']);
  });

  it('takes another cluster or another class for no conflict', () => {
    expect(findConflicts([play('a', 0, 10), play('b', 0, 10, { clusterIds: ['c2'] })])).toEqual([]);
    expect(findConflicts([play('a', 0, 10), play('b', 0, 10, { class: 'PRIORITY' })])).toEqual([]);
  });

  it('leaves PRIORITY against PRIORITY to the commune, whatever they say of overruns', () => {
    const priority = { class: 'PRIORITY', onOverrun: 'SHIFT' } as const;
    const [conflict] = findConflicts([play('a', 0, 10, priority), play('b', 5, 15, priority)]);
    expect(conflict?.settledBy).toBe('COMMUNE');
  });
});

describe('proposalsFor', () => {
  const proposed = (plays: PlannedPlay[], limits = LIMITS) =>
    proposalsFor(findConflicts(plays)[0]!, plays, limits).map((p) =>
      p.kind === 'DROP'
        ? `DROP ${p.programmeId}`
        : `${p.kind} ${p.programmeId} ${p.startMs / MINUTE}-${p.endMs / MINUTE}`,
    );

  it('shifts to the next gap that is long enough on all clusters, shortens, drops', () => {
    const plays = [
      play('a', 0, 10, { clusterIds: ['c1', 'c2'] }),
      play('b', 5, 15),
      play('c', 12, 20),
      play('d', 25, 40, { clusterIds: ['c2'] }),
    ];
    expect(proposed(plays)).toEqual(['SHIFT b 20-30', 'SHIFT a 40-50', 'SHORTEN a 0-5', 'DROP b', 'DROP a']);
  });

  it('does not shorten to next to nothing, nor shift further than may be', () => {
    expect(proposed([play('a', 0, 10), play('b', 1, 11)])).toEqual([
      'SHIFT b 10-20',
      'SHIFT a 11-21',
      'DROP b',
      'DROP a',
    ]);
    expect(
      proposed([play('a', 0, 10), play('b', 0, 10)], { ...LIMITS, furthestShiftMs: 9 * MINUTE }),
    ).toEqual(['DROP b', 'DROP a']);
  });

  it('asks the policy', () => {
    const plays = [play('a', 0, 10), play('b', 5, 15), play('c', 30, 31)];
    const limits = { ...LIMITS, allowed: (_play: PlannedPlay, startMs: number) => startMs >= 20 * MINUTE };
    expect(proposalsFor(findConflicts(plays)[0]!, plays, limits)[0]).toMatchObject({
      kind: 'SHIFT',
      programmeId: 'b',
      startMs: 31 * MINUTE,
    });
  });
});

describe('properties', () => {
  const anyPlay = fc
    .record({
      startMs: fc.nat(200),
      lengthMs: fc.nat(20),
      class: fc.constantFrom('NORMAL' as const, 'PRIORITY' as const),
      onOverrun: fc.constantFrom('CUT' as const, 'FINISH' as const, 'SHIFT' as const),
      clusterIds: fc.uniqueArray(fc.constantFrom('c1', 'c2', 'c3'), { minLength: 1 }),
    })
    .map(({ lengthMs, ...rest }) => ({ ...rest, endMs: rest.startMs + lengthMs }));
  const anyPlays = fc.array(anyPlay, { maxLength: 30 }).map((all) =>
    all.map((one, index): PlannedPlay => ({
      ...one,
      programmeId: `p${index}`,
      title: 't',
      recurrenceId: 'r',
    })),
  );

  it('finds exactly the pairs that a look at every pair finds, in any order of the plays', () => {
    fc.assert(
      fc.property(anyPlays, (plays) => {
        const expected = plays.flatMap((a, i) =>
          plays.slice(i + 1).flatMap((b) => {
            const shared = a.clusterIds.filter((id) => b.clusterIds.includes(id)).sort();
            const both = Math.min(a.endMs, b.endMs) - Math.max(a.startMs, b.startMs);
            const whole = a.endMs > a.startMs && b.endMs > b.startMs;
            return a.class === b.class && shared.length > 0 && both > 0 && whole
              ? [`${[a.programmeId, b.programmeId].sort().join()} ${shared.join()} ${both}`]
              : [];
          }),
        );
        const found = findConflicts(plays);
        const text = found.map(
          (c) =>
            `${[c.earlier.programmeId, c.later.programmeId].sort().join()} ${c.clusterIds.join()} ${c.toMs - c.fromMs}`,
        );
        expect(text.sort()).toEqual(expected.sort());
        expect(findConflicts([...plays].reverse())).toEqual(found);
      }),
    );
  });

  it('proposes only what ends the conflict and, shifted, makes no other', () => {
    fc.assert(
      fc.property(anyPlays, (plays) => {
        for (const conflict of findConflicts(plays)) {
          for (const proposal of proposalsFor(conflict, plays, { furthestShiftMs: 500, shortestMs: 1 })) {
            const others = plays.filter((p) => p.programmeId !== proposal.programmeId);
            const one = plays.find((p) => p.programmeId === proposal.programmeId)!;
            if (proposal.kind === 'DROP') continue;
            const { startMs, endMs } = proposal;
            const after = findConflicts([...others, { ...one, startMs, endMs }]);
            const still = after.filter((c) =>
              [c.earlier.programmeId, c.later.programmeId].includes(proposal.programmeId),
            );
            const partner = [conflict.earlier, conflict.later].find((p) => p !== one)!;
            if (proposal.kind === 'SHIFT') expect(still).toEqual([]);
            else expect(still.some((c) => c.earlier === partner || c.later === partner)).toBe(false);
          }
        }
      }),
    );
  });
});
