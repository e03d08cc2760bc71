import fc from 'fast-check';
import { COMMAND_STATES, isFinalCommandState, nextCommandState, type CommandStep } from './command-state.js';

const STEPS: CommandStep[] = [
  'PUBLISHED',
  'NEVER_SENT',
  'ACCEPTED',
  'STARTED',
  'FINISHED',
  'REJECTED',
  'EXPIRED',
  'FAILED',
];
type Command = Parameters<typeof nextCommandState>[0];
const START: Command = { state: 'PENDING', neverSent: false };

function after(steps: readonly CommandStep[], from: Command = START): Command {
  return steps.reduce<Command>((command, step) => {
    const state = nextCommandState(command, step);
    return state === undefined ? command : { state, neverSent: step === 'NEVER_SENT' };
  }, from);
}

describe('the life of a command', () => {
  it('reaches every state', () => {
    const reached = new Set<string>(['PENDING']);
    for (const step of STEPS) reached.add(after([step]).state);
    expect([...reached].sort()).toEqual([...COMMAND_STATES].sort());
  });

  it('goes the usual way', () => {
    expect(after(['PUBLISHED', 'ACCEPTED', 'STARTED', 'FINISHED']).state).toBe('FINISHED');
  });

  it.each<[CommandStep[], string]>([
    [['ACCEPTED', 'PUBLISHED'], 'ACCEPTED'],
    [['PUBLISHED', 'STARTED', 'ACCEPTED'], 'STARTED'],
    [['PUBLISHED', 'FINISHED', 'STARTED', 'ACCEPTED'], 'FINISHED'],
    [['PUBLISHED', 'ACCEPTED', 'ACCEPTED'], 'ACCEPTED'],
    [['PUBLISHED', 'FINISHED', 'FAILED'], 'FINISHED'],
    [['PUBLISHED', 'NEVER_SENT'], 'SENT'],
  ])('takes %j for %s', (steps, state) => expect(after(steps).state).toBe(state));

  it('believes the cluster when the server thought that nothing was sent', () => {
    expect(after(['NEVER_SENT', 'STARTED', 'FINISHED']).state).toBe('FINISHED');
    expect(after(['NEVER_SENT', 'EXPIRED', 'STARTED']).state).toBe('EXPIRED');
  });

  it('never leaves what the cluster has ended, and never goes back', () => {
    const rank = (state: string) => ['PENDING', 'SENT', 'ACCEPTED', 'STARTED'].indexOf(state);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...STEPS), { maxLength: 12 }),
        fc.constantFrom(...STEPS),
        (steps, step) => {
          const before = after(steps);
          const then = after([step], before);
          if (isFinalCommandState(before.state) && !before.neverSent) expect(then).toEqual(before);
          else if (!isFinalCommandState(then.state) && !before.neverSent)
            expect(rank(then.state)).toBeGreaterThanOrEqual(rank(before.state));
        },
      ),
    );
  });
});
