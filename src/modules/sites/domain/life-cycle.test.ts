import {
  BLOCK_REASON_SENTENCES,
  checkTransition,
  LIFE_CYCLE,
  permissionFor,
  statesAfter,
} from './life-cycle.js';
import { BLOCK_REASONS, LIFECYCLES, type Lifecycle } from './site-model.js';

const steps = LIFECYCLES.flatMap((from) => statesAfter(from).map((to) => `${from} > ${to}`));

it('has these steps and no other', () => {
  expect(steps).toEqual([
    'planned > approved',
    'planned > decommissioned',
    'approved > planned',
    'approved > blocked',
    'approved > under_construction',
    'approved > decommissioned',
    'blocked > approved',
    'blocked > under_construction',
    'blocked > decommissioned',
    'under_construction > blocked',
    'under_construction > active',
    'under_construction > decommissioned',
    'active > inactive',
    'active > decommissioned',
    'inactive > active',
    'inactive > decommissioned',
  ]);
});

it('reaches every state from the plan, and the end from every state', () => {
  const reachable = (from: Lifecycle): Set<Lifecycle> => {
    const seen = new Set<Lifecycle>([from]);
    for (const state of seen) for (const next of statesAfter(state)) seen.add(next);
    return seen;
  };
  expect([...reachable('planned')].sort()).toEqual([...LIFECYCLES].sort());
  for (const state of LIFECYCLES) expect(reachable(state)).toContain('decommissioned');
});

it('never stays where it is', () => {
  for (const state of LIFECYCLES) expect(permissionFor(state, state)).toBeUndefined();
});

it('leaves approval and the end to those who approve', () => {
  for (const from of LIFECYCLES)
    for (const to of statesAfter(from)) {
      const approval =
        to === 'decommissioned' || to === 'planned' || (from === 'planned' && to === 'approved');
      expect(permissionFor(from, to)).toBe(approval ? 'sites:approve' : 'sites:write');
    }
});

it('has a sentence in both languages for each state and reason', () => {
  for (const state of LIFECYCLES) {
    const { en, vi } = LIFE_CYCLE[state].sentence;
    expect([en, vi]).toEqual([expect.stringMatching(/\S\.$/), expect.stringMatching(/\S\.$/)]);
  }
  expect(Object.keys(BLOCK_REASON_SENTENCES)).toEqual([...BLOCK_REASONS]);
});

describe('a step as it is told', () => {
  const today = '2026-05-10';
  const check = (request: Partial<Parameters<typeof checkTransition>[0]>, since: string | null = null) =>
    checkTransition({ to: 'active', reason: null, note: null, on: today, ...request }, today, since).map(
      ({ field, code }) => `${field} ${code}`,
    );
  it('is accepted', () => {
    expect(check({})).toEqual([]);
    expect(check({ to: 'blocked', reason: 'emf-fear' })).toEqual([]);
    expect(check({ to: 'blocked', reason: 'other', note: 'Ngập nước' })).toEqual([]);
    expect(check({ on: '2026-05-01' }, '2026-05-01')).toEqual([]);
  });
  it.each([
    ['note REASON', { to: 'blocked' as const }],
    ['note REASON', { to: 'blocked' as const, reason: 'other' as const }],
    ['reason REASON', { reason: 'emf-fear' as const }],
    ['note TEXT', { note: ' ' }],
    ['on DATE', { on: '2026-02-30' }],
    ['on FUTURE', { on: '2026-05-11' }],
    ['on ORDER', { on: '2026-04-30' }],
  ])('is refused: %s', (refusal, request) => {
    expect(check(request, '2026-05-01')).toEqual([refusal]);
  });
});
