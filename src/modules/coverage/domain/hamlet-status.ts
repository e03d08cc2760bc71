import type { LevelClass } from './parameters.js';

/** What a run says of a place: no signal (trắng sóng), weak (lõm sóng), or served. Named as the register names what is reported. */
export const SIGNALS = ['none', 'weak', 'served'] as const;
export type Signal = (typeof SIGNALS)[number];

/** Below the threshold there is no signal; between it and a good level it is weak. */
export function signalOf(level: LevelClass): Signal {
  if (level === 'none') return 'none';
  return level === 'sufficient' ? 'weak' : 'served';
}

/** How a report and a run compare; better or worse is the run. */
export const AGREEMENTS = ['same', 'better', 'worse', 'unreported'] as const;
export type Agreement = (typeof AGREEMENTS)[number];

export function agreementOf(reported: Signal | null, reckoned: Signal): Agreement {
  if (reported === null) return 'unreported';
  const step = SIGNALS.indexOf(reckoned) - SIGNALS.indexOf(reported);
  if (step === 0) return 'same';
  return step > 0 ? 'better' : 'worse';
}
