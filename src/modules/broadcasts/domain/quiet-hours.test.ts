import fc from 'fast-check';
import { isQuiet } from '../../../contract/index.js';
import { firstQuietMs } from './quiet-hours.js';

const ZONE = 'Asia/Ho_Chi_Minh';
const NIGHT = [{ from: '21:00', to: '05:00' }];
const at = (time: string) => Date.parse(`2026-03-02T${time}+07:00`);
const MINUTE_MS = 60_000;

describe('firstQuietMs', () => {
  it.each([
    ['in the evening', '20:00:00', 10, undefined],
    ['ending as quiet hours begin', '20:50:00', 10, undefined],
    ['reaching into them by its length', '20:50:01', 10, '21:00:00'],
    ['within them', '23:30:00', 1, '23:30:00'],
    ['within them after midnight', '00:10:00', 1, '00:10:00'],
    ['as they end', '05:00:00', 1, undefined],
  ])('of a play %s', (_what, from, lengthMin, expected) => {
    const found = firstQuietMs(NIGHT, ZONE, at(from), at(from) + lengthMin * MINUTE_MS);
    expect(found).toBe(expected === undefined ? undefined : at(expected));
  });

  it('is never with no quiet hours, and at once with quiet hours all day', () => {
    expect(firstQuietMs([], ZONE, at('23:00:00'), at('23:59:00'))).toBeUndefined();
    expect(firstQuietMs([{ from: '00:00', to: '00:00' }], ZONE, at('12:00:00'), at('12:01:00'))).toBe(
      at('12:00:00'),
    );
  });

  it('agrees with the rule of the contract at every moment of a play', () => {
    const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }));
    const text = ([h, m]: [number, number]) => `${String(h).padStart(2, '0')}:${String(m).padStart(2, '0')}`;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(time, time), { maxLength: 3 }),
        fc.integer({ min: 0, max: 2 * 24 * 60 }),
        fc.integer({ min: 1, max: 300 }),
        (periods, startMin, lengthMin) => {
          const hours = periods.map(([from, to]) => ({ from: text(from), to: text(to) }));
          const from = at('00:00:00') + startMin * MINUTE_MS;
          const minutes = Array.from({ length: lengthMin }, (_, i) => from + i * MINUTE_MS);
          const expected = minutes.find((ms) => isQuiet(hours, ZONE, ms));
          expect(firstQuietMs(hours, ZONE, from, from + lengthMin * MINUTE_MS)).toBe(expected);
        },
      ),
    );
  });
});
