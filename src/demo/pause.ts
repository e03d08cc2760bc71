import { setTimeout } from 'node:timers/promises';

/** Between two looks at something that others are doing. Rejects when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal });
}
