import { foretell, type ForetoldPlay } from './foretell.js';
import type { OnOverrun, QuietHours } from './messages/index.js';

const START_MS = Date.parse('2026-03-02T17:00:00+07:00');
const at = (minute: number): string => new Date(START_MS + minute * 60_000).toISOString();
const NEVER_QUIET = { quietHours: [] as QuietHours[], timeZone: 'Asia/Ho_Chi_Minh' };

function play(playId: string, startMin: number, lengthMin: number, more: Partial<ForetoldPlay> = {}) {
  return {
    playId,
    class: 'NORMAL' as const,
    rank: 0,
    approvedAt: at(-1000),
    startAt: at(startMin),
    notAfter: at(startMin + 5),
    onInterrupt: 'RESUME' as const,
    media: { durationS: lengthMin * 60 },
    repeat: 1,
    ...more,
  };
}

/** `a 0-10` for each stretch, `b missed at 5` for what is not heard; minutes. */
function told(plan: readonly ForetoldPlay[], rules = NEVER_QUIET): string[] {
  const minute = (ms: number): number => Math.round((ms - START_MS) / 60_000);
  const { stretches, unheard } = foretell(plan, rules, START_MS - 60_000);
  return [
    ...stretches.map(({ playId, fromMs, toMs, end }) => `${playId} ${minute(fromMs)}-${minute(toMs)} ${end}`),
    ...unheard.map(({ playId, why, atMs }) => `${playId} ${why} at ${minute(atMs)}`),
  ];
}

describe('what is foretold of a plan', () => {
  const overrun = (onOverrun: OnOverrun) => told([play('a', 0, 20, { onOverrun }), play('b', 10, 5)]);

  it('ends, finishes or shifts at an overrun as the play that came first says', () => {
    expect(overrun('CUT')).toEqual(['a 0-10 OVERRUN', 'b 10-15 FINISHED']);
    expect(overrun('FINISH')).toEqual(['a 0-20 FINISHED', 'b OUTRANKED at 15']);
    expect(overrun('SHIFT')).toEqual(['a 0-20 FINISHED', 'b 20-25 FINISHED']);
  });

  it('cuts nothing that ends in the second in which the next begins', () => {
    const next = play('b', 10, 5);
    expect(told([play('a', 0, 10, { onOverrun: 'CUT' }), next])).toEqual([
      'a 0-10 FINISHED',
      'b 10-15 FINISHED',
    ]);
  });

  it('plays two of the same second one after the other if the first shifts', () => {
    const plan = [play('a', 0, 20, { onOverrun: 'SHIFT' }), play('b', 0, 20, { approvedAt: at(-10) })];
    expect(told(plan)).toEqual(['a 0-20 FINISHED', 'b 20-40 FINISHED']);
  });

  it('does not bring back what was interrupted and has been cut since', () => {
    const plan = [
      play('a', 0, 20, { onOverrun: 'CUT' }),
      play('b', 10, 5),
      play('flood', 5, 7, { class: 'EMERGENCY' }),
    ];
    expect(told(plan)).toEqual(['a 0-5 INTERRUPTED', 'flood 5-12 FINISHED', 'b 12-17 FINISHED']);
  });

  it('shifts nothing into quiet hours, and nothing for ever', () => {
    const quiet = { ...NEVER_QUIET, quietHours: [{ from: '17:23', to: '05:00' }] };
    const plan = [play('a', 0, 20, { onOverrun: 'SHIFT' }), play('b', 10, 5)];
    expect(told(plan, quiet)).toEqual(['a 0-20 FINISHED', 'b OUTRANKED at 20']);
    const flood = play('flood', 20, 10, { class: 'EMERGENCY' });
    expect(told([...plan, flood])).toEqual(['a 0-20 FINISHED', 'flood 20-30 FINISHED', 'b OUTRANKED at 25']);
  });

  it('lets an EMERGENCY in at any time, and goes on with what it interrupted', () => {
    const quiet = { ...NEVER_QUIET, quietHours: [{ from: '17:10', to: '05:00' }] };
    const flood = (startMin: number) => play('flood', startMin, 2, { class: 'EMERGENCY' });
    expect(
      told(
        [play('a', 0, 5), flood(3), flood(30)].map((item, index) => ({ ...item, playId: `${index}` })),
        quiet,
      ),
    ).toEqual(['0 0-3 INTERRUPTED', '1 3-5 FINISHED', '0 5-7 FINISHED', '2 30-32 FINISHED']);
    expect(told([play('a', 0, 20), play('b', 11, 1)], quiet)).toEqual([
      'a 0-10 QUIET_HOURS',
      'b QUIET_HOURS at 11',
    ]);
  });

  it('keeps the gaps between repeats, but for the one in which it was interrupted', () => {
    const repeated = play('a', 0, 2, { repeat: 3, gapS: 60 });
    const flood = { ...play('flood', 2, 5, { class: 'EMERGENCY' as const }), startAt: at(2.5) };
    expect(foretell([repeated], NEVER_QUIET, START_MS).stretches).toMatchObject([
      { toMs: START_MS + 480_000 },
    ]);
    expect(foretell([repeated, flood], NEVER_QUIET, START_MS).stretches).toMatchObject([
      { playId: 'a', toMs: START_MS + 150_000 },
      { playId: 'flood' },
      { playId: 'a', fromS: 120, fromMs: START_MS + 450_000, toMs: START_MS + 750_000 },
    ]);
  });
});
