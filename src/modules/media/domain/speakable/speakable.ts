import { RULES } from './rules.js';
import { faultsOf, normalised, type TextFault } from './text-faults.js';

export interface Speakable {
  /** The text as given, normalised to NFC. */
  text: string;
  /** Words and pauses alone; null when something in the text cannot be spoken. */
  spokenText: string | null;
  problems: TextFault[];
}

const MOST_ROUNDS = 5;

/** Vietnamese text as it is said: numbers, dates, times, units and abbreviations spelled out. */
export function speakable(given: string): Speakable {
  const text = normalised(given);
  const problems = faultsOf(text);
  if (problems.length > 0) return { text, spokenText: null, problems };
  return { text, spokenText: saidOf(text), problems };
}

/** Until nothing changes: what a rule leaves may be whole words only to a rule that stood before it. */
function saidOf(text: string): string {
  let said = text;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const before = said;
    said = RULES.reduce((words, rule) => rule(words), before);
    if (said === before) break;
  }
  return said;
}
