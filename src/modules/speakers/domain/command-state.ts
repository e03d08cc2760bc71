import type { AckPhase } from '../../../contract/index.js';

/**
 * The life of a command at one cluster. Each state says what is known, never what is hoped:
 *
 * - PENDING: written, not yet handed to the broker
 * - SENT: the broker has it; nothing is known of the cluster
 * - ACCEPTED, STARTED, FINISHED, REJECTED, FAILED: the cluster's own word
 * - EXPIRED: too late, by the cluster's word or because it was never sent
 */
export const COMMAND_STATES = [
  'PENDING',
  'SENT',
  'ACCEPTED',
  'STARTED',
  'FINISHED',
  'REJECTED',
  'EXPIRED',
  'FAILED',
] as const;
export type CommandState = (typeof COMMAND_STATES)[number];

/** What happens to a command: the broker has it, it was too late to send, or the cluster's ack. */
export type CommandStep = 'PUBLISHED' | 'NEVER_SENT' | AckPhase;

const BY_CLUSTER: readonly AckPhase[] = ['ACCEPTED', 'STARTED', 'FINISHED', 'REJECTED', 'EXPIRED', 'FAILED'];

/**
 * Where a step leads. What is missing here changes nothing: an ack that comes twice, late or out of order never takes a
 * command back. Acks overtake the broker's confirmation and each other, so a cluster's word may skip states.
 */
const TRANSITIONS: Record<CommandState, Partial<Record<CommandStep, CommandState>>> = {
  PENDING: { PUBLISHED: 'SENT', NEVER_SENT: 'EXPIRED', ...toThemselves(BY_CLUSTER) },
  // A message published by a worker that died before it could say so is sent again, or found too late.
  SENT: { ...toThemselves(BY_CLUSTER) },
  ACCEPTED: { ...toThemselves(['STARTED', 'FINISHED', 'REJECTED', 'EXPIRED', 'FAILED']) },
  STARTED: { ...toThemselves(['FINISHED', 'REJECTED', 'EXPIRED', 'FAILED']) },
  FINISHED: {},
  REJECTED: {},
  EXPIRED: {},
  FAILED: {},
};

const FINAL: ReadonlySet<CommandState> = new Set(['FINISHED', 'REJECTED', 'EXPIRED', 'FAILED']);

/** Whether nothing more is expected of the command. */
export function isFinalCommandState(state: CommandState): boolean {
  return FINAL.has(state);
}

/**
 * The next state, or undefined when the step changes nothing. `neverSent`: the command is EXPIRED only because the server
 * believes that it was not sent; a cluster that says otherwise knows better.
 */
export function nextCommandState(
  current: { state: CommandState; neverSent: boolean },
  step: CommandStep,
): CommandState | undefined {
  if (current.state === 'EXPIRED' && current.neverSent)
    return step === 'NEVER_SENT' ? undefined : TRANSITIONS.PENDING[step];
  return TRANSITIONS[current.state][step];
}

function toThemselves(phases: readonly AckPhase[]): Partial<Record<CommandStep, CommandState>> {
  return Object.fromEntries(phases.map((phase) => [phase, phase]));
}
