import fc from 'fast-check';
import { daysOf, localText, periodOfDays, periodOfMonth } from './period.js';

it('begins and ends at midnight in Việt Nam', () => {
  expect(periodOfMonth('2028-02')).toEqual({
    firstDay: '2028-02-01',
    lastDay: '2028-02-29',
    fromMs: Date.parse('2028-01-31T17:00:00Z'),
    toMs: Date.parse('2028-02-29T17:00:00Z'),
  });
  expect(periodOfMonth('2027-12').lastDay).toBe('2027-12-31');
  expect(daysOf(periodOfDays('2027-01-01', '2027-01-01'))).toBe(1);
  expect(daysOf(periodOfDays('2027-01-02', '2027-01-01'))).toBe(0);
});

it('leaves no moment between one month and the next, nor counts one twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2000, max: 2998 }), fc.integer({ min: 0, max: 11 }), (year, index) => {
      const month = (nr: number) => new Date(Date.UTC(year, nr, 1)).toISOString().slice(0, 7);
      expect(periodOfMonth(month(index)).toMs).toBe(periodOfMonth(month(index + 1)).fromMs);
    }),
  );
});

it('says local time, and of a time that no calendar has nothing', () => {
  expect(localText(new Date('2027-03-01T22:00:00.999Z'))).toBe('2027-03-02 05:00:00');
  expect(localText(null)).toBeNull();
  expect(localText(new Date(Number.NaN))).toBeNull();
});
