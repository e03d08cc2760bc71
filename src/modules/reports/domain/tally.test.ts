import fc from 'fast-check';
import { ageS, finishedPercent, sumTallies, type Tally } from './tally.js';

const STATES = ['FINISHED', 'MISSED', 'UNKNOWN'];
const count = fc.nat(1000);
const anyTally: fc.Arbitrary<Tally> = fc.record({
  total: count,
  byState: fc.record({ FINISHED: count, MISSED: count, UNKNOWN: count }),
  sent: count,
  accepted: count,
  mediaReady: count,
  started: count,
  finished: count,
  settled: count,
  otherAudio: count,
  unknownNeverHeard: count,
  unknownHeardAt: fc.option(fc.date({ noInvalidDate: true })),
});

it('is the same however the parts are put together', () => {
  fc.assert(
    fc.property(fc.array(anyTally), fc.nat(), (parts, at) => {
      const cut = at % (parts.length + 1);
      const whole = sumTallies(STATES, parts);
      const halves = [parts.slice(cut), parts.slice(0, cut)].map((half) => sumTallies(STATES, half));
      expect(sumTallies(STATES, halves)).toEqual(whole);
      expect(whole.total).toBe(parts.reduce((sum, { total }) => sum + total, 0));
    }),
  );
});

it('has no percentage of nothing, and no age of silence', () => {
  expect(finishedPercent({ total: 0, finished: 0 })).toBeNull();
  expect(finishedPercent({ total: 3, finished: 2 })).toBe(66.7);
  const now = new Date('2027-01-01T00:01:00Z');
  expect(ageS(null, now)).toBeNull();
  expect(ageS(new Date('2027-01-01T00:00:00Z'), now)).toBe(60);
  // The server's clock was set back.
  expect(ageS(new Date('2027-01-01T00:02:00Z'), now)).toBe(0);
});
