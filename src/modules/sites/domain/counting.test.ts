import { parseDays } from './counting.js';

it.each([
  ['90d', 90],
  ['0', 0],
  ['3660d', 3660],
  ['3661d', undefined],
  ['-1d', undefined],
  ['3m', undefined],
  ['', undefined],
])('reads %j as %j days', (text, days) => {
  expect(parseDays(text)).toBe(days);
});
