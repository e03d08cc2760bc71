import { parseQuarter } from './parse-quarter.js';

it.each([
  ['2026-Q1', '2026Q1'],
  ['2026Q4', '2026Q4'],
  ['2026 q1', '2026Q1'],
  ['Q1 2026', '2026Q1'],
  ['Q1/2026', '2026Q1'],
  ['Quý 1/2026', '2026Q1'],
  ['QUÝ III-2025', '2025Q3'],
  ['Quý IV năm 2025', '2025Q4'],
  ['Năm 2025 quý 2', undefined],
  ['1Q2026', '2026Q1'],
  ['2026 quý 2', '2026Q2'],
  ['2026-Q5', undefined],
  ['Quý V/2025', undefined],
  ['01/2026', undefined],
  ['2026', undefined],
  ['Q1', undefined],
  ['', undefined],
])('%j is %s', (text, quarter) => {
  expect(parseQuarter(text)).toBe(quarter);
});
