import { compareGaps, gapOf, targetState } from './gaps.js';

it('counts households that nobody passes between two bounds, at any speed or at one that is told', () => {
  const totals = {
    households: 280,
    passedAtLeast: 200,
    passedAtMost: 250,
    connected: 10,
    passed25MbpsAtLeast: 150,
    passed25MbpsAtMost: 220,
    passed100MbpsAtLeast: null,
    passed100MbpsAtMost: null,
  };
  expect(gapOf(totals)).toEqual({ notPassedAtLeast: 30, notPassedAtMost: 80 });
  expect(gapOf(totals, '25/3')).toEqual({ notPassedAtLeast: 60, notPassedAtMost: 130 });
  expect(gapOf(totals, '100/20')).toBeUndefined();
});

it('puts the largest gap first, then the surer, then the lower code', () => {
  const gap = (code: string, notPassedAtMost: number, notPassedAtLeast: number) => ({
    code,
    notPassedAtMost,
    notPassedAtLeast,
  });
  const gaps = [gap('d', 5, 0), gap('b', 9, 1), gap('c', 9, 2), gap('a', 9, 1)];
  expect(gaps.sort(compareGaps).map(({ code }) => code)).toEqual(['c', 'a', 'b', 'd']);
});

it.each<[string, number | null, number | null, boolean]>([
  ['met', 80, 90, true],
  ['met', 85, 90, false],
  ['missed', 60, 79.9, true],
  ['unknown', 60, 85, true],
  ['open', 60, 79, false],
  ['unknown', null, null, true],
])('a target of 80 %% is %s at %p to %p (its day has come: %p)', (state, least, most, reached) => {
  expect(targetState(80, least, most, reached)).toBe(state);
});
