import fc from 'fast-check';
import { isQuiet, msUntilQuiet } from './quiet-hours.js';
import { playIdOf } from './play-id.js';

const ZONE = 'Asia/Ho_Chi_Minh';
const NIGHT = [{ from: '21:00', to: '05:00' }];
const at = (time: string): number => Date.parse(`2026-03-02T${time}+07:00`);

describe('quiet hours', () => {
  it.each([
    ['20:59:59.999', false],
    ['21:00:00', true],
    ['23:59:59', true],
    ['00:00:00', true],
    ['04:59:59.999', true],
    ['05:00:00', false],
    ['12:00:00', false],
  ])('over midnight at %s: %s', (time, quiet) => expect(isQuiet(NIGHT, ZONE, at(time))).toBe(quiet));

  it('within a day, the whole day, and never', () => {
    const noon = [{ from: '11:30', to: '13:00' }];
    expect(isQuiet(noon, ZONE, at('12:59:59'))).toBe(true);
    expect(isQuiet(noon, ZONE, at('13:00:00'))).toBe(false);
    expect(isQuiet([{ from: '08:00', to: '08:00' }], ZONE, at('03:00:00'))).toBe(true);
    expect(isQuiet([], ZONE, at('03:00:00'))).toBe(false);
    expect(msUntilQuiet([], ZONE, at('03:00:00'))).toBeUndefined();
  });

  it('begin exactly when msUntilQuiet says', () => {
    expect(msUntilQuiet(NIGHT, ZONE, at('20:59:30.250'))).toBe(29_750);
    const time = fc
      .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
      .map(([h, m]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`);
    const hours = fc.array(fc.record({ from: time, to: time }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(hours, fc.integer({ min: 0, max: 86_399_999 }), (quiet, offsetMs) => {
        const now = at('00:00:00') + offsetMs;
        const wait = msUntilQuiet(quiet, ZONE, now) ?? Number.NaN;
        expect(isQuiet(quiet, ZONE, now + wait)).toBe(true);
        if (wait > 0) expect(isQuiet(quiet, ZONE, now + wait - 1)).toBe(false);
      }),
    );
  });
});

describe('the id of a play', () => {
  it('is the same everywhere, another for each part, and a UUID of version 5', () => {
    const ids = ['b1/o1/c-1', 'b2/o1/c-1', 'b1/o2/c-1', 'b1/o1/c-2'].map((key) => {
      const [broadcast = '', occurrence = '', cluster = ''] = key.split('/');
      expect(playIdOf(broadcast, occurrence, cluster)).toBe(playIdOf(broadcast, occurrence, cluster));
      return playIdOf(broadcast, occurrence, cluster);
    });
    expect(new Set(ids).size).toBe(4);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
