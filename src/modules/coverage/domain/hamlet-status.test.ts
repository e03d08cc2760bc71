import { agreementOf, signalOf } from './hamlet-status.js';
import { LEVEL_CLASSES } from './parameters.js';

test('a level is no signal, weak or served', () => {
  expect(LEVEL_CLASSES.map(signalOf)).toEqual(['none', 'weak', 'served', 'served']);
});

test.each([
  [null, 'none', 'unreported'],
  ['none', 'none', 'same'],
  ['none', 'weak', 'better'],
  ['weak', 'served', 'better'],
  ['served', 'weak', 'worse'],
  ['weak', 'none', 'worse'],
] as const)('reported %s and reckoned %s: %s', (reported, reckoned, agreement) => {
  expect(agreementOf(reported, reckoned)).toBe(agreement);
});
