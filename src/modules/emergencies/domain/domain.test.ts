import { LEVELS, rankOf, titleOf } from './hazards.js';
import { haveChanged, rungAfterMs } from './ladder.js';

it('addresses the silent after 3, 10 and 30 s, and every 30 s from then on', () => {
  expect([0, 1, 2, 3, 4].map(rungAfterMs)).toEqual([3_000, 10_000, 30_000, 60_000, 90_000]);
});

it('says first that a drill is one, and never calls the all-clear a warning', () => {
  const storm = { hazard: 'storm' as const, level: 4, text: null };
  expect(titleOf({ kind: 'ALERT', drill: false, ...storm })).toBe('Cảnh báo: Bão cấp độ 4');
  expect(titleOf({ kind: 'ALERT', drill: true, ...storm, text: 'Vỡ đê' })).toBe('[DIỄN TẬP] Cảnh báo: Vỡ đê');
  expect(titleOf({ kind: 'ALL_CLEAR', drill: true, ...storm })).toBe('[DIỄN TẬP] Hết cảnh báo: Bão cấp độ 4');
});

it('puts the higher level first', () => {
  const ranks = LEVELS.map(({ level }) => rankOf(level));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
});

it('takes new clusters, or many that are gone, for another target', () => {
  const ids = Array.from({ length: 40 }, (_, i) => `c-${i}`);
  expect(haveChanged(ids, ids)).toBe(false);
  expect(haveChanged(ids, ids.slice(2))).toBe(false);
  expect(haveChanged(ids, ids.slice(3))).toBe(true);
  expect(haveChanged(ids, [...ids, 'c-new'])).toBe(true);
  expect(haveChanged(['a'], [])).toBe(true);
});
