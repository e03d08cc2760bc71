import fc from 'fast-check';
import { BROADCAST_CLASSES, ON_INTERRUPT, ON_OVERRUN } from './messages/index.js';
import {
  audibleAt,
  compareClaims,
  comparePlays,
  isCutBy,
  type AudibleCandidate,
  type PlayState,
} from './order.js';

const T0 = Date.parse('2026-03-02T17:00:00+07:00');
const instant = fc.integer({ min: -5, max: 5 }).map((minute) => new Date(T0 + minute * 60_000).toISOString());
const candidate: fc.Arbitrary<AudibleCandidate> = fc.record({
  playId: fc.uuid(),
  class: fc.constantFrom(...BROADCAST_CLASSES),
  live: fc.constantFrom(undefined, true),
  rank: fc.integer({ min: 0, max: 3 }),
  approvedAt: instant,
  startAt: instant,
  notAfter: instant,
  onInterrupt: fc.constantFrom(...ON_INTERRUPT),
  onOverrun: fc.constantFrom(undefined, ...ON_OVERRUN),
  state: fc.constantFrom<PlayState>('PENDING', 'PLAYING', 'INTERRUPTED', 'ENDED'),
});
const plan = fc.uniqueArray(candidate, { selector: (item) => item.playId, maxLength: 12 });

const base: AudibleCandidate = {
  playId: '00000000-0000-4000-8000-000000000001',
  class: 'NORMAL',
  rank: 1,
  approvedAt: '2026-03-02T08:00:00+07:00',
  startAt: '2026-03-02T17:00:00+07:00',
  notAfter: '2026-03-02T17:05:00+07:00',
  onInterrupt: 'RESUME',
  state: 'PENDING',
};

describe('the order of plays', () => {
  it('is total: antisymmetric, transitive, and equal only for the same play', () => {
    fc.assert(
      fc.property(candidate, candidate, candidate, (a, b, c) => {
        for (const compare of [comparePlays, compareClaims]) {
          expect(Math.sign(compare(a, b))).toBe(0 - Math.sign(compare(b, a)));
          if (a.playId !== b.playId) expect(compare(a, b)).not.toBe(0);
          if (compare(a, b) < 0 && compare(b, c) < 0) expect(compare(a, c)).toBeLessThan(0);
        }
      }),
    );
  });

  it('asks class, then rank, then the time of approval as an instant', () => {
    const sorted = [
      { ...base, playId: 'e', class: 'NORMAL' as const, rank: 9 },
      { ...base, playId: 'd', approvedAt: '2026-03-02T02:00:00Z' }, // 09:00 local, later than 08:00+07:00
      { ...base, playId: 'c' },
      { ...base, playId: 'b', class: 'PRIORITY' as const, rank: 0 },
      { ...base, playId: 'a', class: 'EMERGENCY' as const, rank: 0 },
    ].sort(comparePlays);
    expect(sorted.map(({ playId }) => playId)).toEqual(['a', 'b', 'e', 'c', 'd']);
  });
});

describe('a live play', () => {
  it('goes before all that is planned, and after every EMERGENCY', () => {
    const live = { ...base, playId: 'l', live: true };
    const sorted = [
      { ...base, playId: 'n', rank: 9 },
      { ...base, playId: 'p', class: 'PRIORITY' as const, rank: 9 },
      live,
      { ...live, playId: 'f', class: 'EMERGENCY' as const, rank: 9 },
      { ...base, playId: 'e', class: 'EMERGENCY' as const },
    ].sort(comparePlays);
    expect(sorted.map(({ playId }) => playId)).toEqual(['f', 'e', 'l', 'p', 'n']);
  });

  it('is heard in quiet hours as an EMERGENCY only', () => {
    const live = { ...base, live: true };
    expect(audibleAt([live], T0, false)).toBe(live);
    expect(audibleAt([live], T0, true)).toBeUndefined();
    expect(audibleAt([{ ...live, class: 'EMERGENCY' }], T0, true)).toBeDefined();
  });
});

describe('audibleAt', () => {
  it('is the first of the order among those that may sound, whatever their sequence', () => {
    fc.assert(
      fc.property(plan, fc.boolean(), (items, quiet) => {
        const heard = audibleAt(items, T0, quiet);
        expect(audibleAt([...items].reverse(), T0, quiet)).toBe(heard);
        const others = items.filter((item) => item !== heard);
        if (heard === undefined) {
          for (const item of items) expect(audibleAt([item], T0, quiet)).toBeUndefined();
          return;
        }
        const second = audibleAt(others, T0, quiet);
        if (second !== undefined && !isCutBy(second, heard))
          expect(compareClaims(heard, second)).toBeLessThan(0);
        expect(audibleAt([heard], T0, quiet)).toBe(heard);
        expect(heard.state).not.toBe('ENDED');
        if (quiet) expect(heard.class).toBe('EMERGENCY');
      }),
    );
  });

  it('lets an EMERGENCY that may begin win over everything that is none', () => {
    fc.assert(
      fc.property(plan, fc.boolean(), (items, quiet) => {
        const emergency: AudibleCandidate = { ...base, class: 'EMERGENCY', startAt: base.startAt };
        expect(audibleAt([...items, emergency], T0, quiet)?.class).toBe('EMERGENCY');
      }),
    );
  });

  it('begins a play within [startAt, notAfter] only', () => {
    const at = (iso: string): unknown => audibleAt([base], Date.parse(iso), false);
    expect(at('2026-03-02T16:59:59.999+07:00')).toBeUndefined();
    expect(at('2026-03-02T17:00:00+07:00')).toBe(base);
    expect(at('2026-03-02T17:05:00+07:00')).toBe(base);
    expect(at('2026-03-02T17:05:00.001+07:00')).toBeUndefined();
  });

  it('keeps what has begun, and drops what is to be dropped', () => {
    const late = T0 + 3_600_000;
    const playing: AudibleCandidate = { ...base, state: 'PLAYING' };
    expect(audibleAt([playing], late, false)).toBe(playing);
    const interrupted: AudibleCandidate = { ...base, state: 'INTERRUPTED' };
    expect(audibleAt([interrupted], late, false)).toBe(interrupted);
    expect(audibleAt([{ ...interrupted, onInterrupt: 'DROP' }], late, false)).toBeUndefined();
    expect(audibleAt([playing], late, true)).toBeUndefined();
  });

  it('lets what has begun go on before its equals, unless it is to be cut for those that come later', () => {
    const begun: AudibleCandidate = {
      ...base,
      playId: 'z',
      startAt: '2026-03-02T16:50:00+07:00',
      approvedAt: '2026-03-02T09:00:00+07:00',
      state: 'PLAYING',
    };
    for (const onOverrun of [undefined, 'FINISH', 'SHIFT'] as const) {
      const item = { ...begun, onOverrun };
      expect(audibleAt([base, item], T0, false)).toBe(item);
    }
    const cut = { ...begun, onOverrun: 'CUT' as const };
    expect(audibleAt([base, cut], T0 - 1, false)).toBe(cut);
    expect(audibleAt([base, cut], T0, false)).toBe(base);
    // Not for one whose time was the same, nor for one of another rank.
    expect(audibleAt([{ ...base, startAt: cut.startAt }, cut], T0, false)).toBe(cut);
    expect(audibleAt([{ ...base, rank: 0 }, cut], T0, false)).toBe(cut);
  });
});
