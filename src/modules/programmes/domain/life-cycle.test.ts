import { isLive, PROGRAMME_LIFE, PROGRAMME_STATES, stateByTime, statesAfter, stepBy } from './life-cycle.js';

it('has a sentence in both languages for every state', () => {
  for (const state of PROGRAMME_STATES) {
    const { en, vi } = PROGRAMME_LIFE[state].sentence;
    expect(en).not.toBe('');
    expect(vi).not.toBe(en);
  }
});

it('reaches every state from a draft', () => {
  const reached = new Set(['DRAFT']);
  for (const state of reached)
    for (const next of statesAfter(state as (typeof PROGRAMME_STATES)[number])) reached.add(next);
  expect([...reached].sort()).toEqual([...PROGRAMME_STATES].sort());
});

it('is approved by who approves only, and from what was submitted only', () => {
  for (const from of PROGRAMME_STATES) {
    const by = stepBy(from, 'APPROVED');
    if (from === 'SUBMITTED') expect(by).toBe('programmes:approve');
    else if (by !== undefined) {
      expect(by).toBe('time');
      expect(isLive(from)).toBe(true);
    }
  }
});

it('sends back by an edit whatever is not over, and nothing that is', () => {
  const back = PROGRAMME_STATES.filter((state) => stepBy(state, 'DRAFT') === 'programmes:write');
  expect(back).toEqual(['SUBMITTED', 'APPROVED', 'REJECTED', 'SCHEDULED', 'ON_AIR']);
  expect(statesAfter('DONE')).toEqual([]);
  expect(statesAfter('CANCELLED')).toEqual([]);
});

it.each([
  [{ begun: 1, waiting: 3, more: true }, 'ON_AIR'],
  [{ begun: 0, waiting: 1, more: false }, 'SCHEDULED'],
  [{ begun: 0, waiting: 0, more: true }, 'APPROVED'],
  [{ begun: 0, waiting: 0, more: false }, 'DONE'],
] as const)('says of %j that it is %s', (standing, state) => {
  expect(stateByTime(standing)).toBe(state);
});
