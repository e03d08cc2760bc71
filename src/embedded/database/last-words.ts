import { writeSync } from 'node:fs';

/** Writes to the parent's log at once, where nothing asynchronous would arrive any more. */
export function lastWords(text: string): void {
  try {
    writeSync(2, `${text}\n`);
  } catch {
    // The parent is gone (EPIPE): nobody reads it, and the end must go on.
  }
}
