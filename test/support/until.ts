import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits for a condition, looking often; fails with what it waited for when it does not come. How long it waits at most is
 * no demand on the machine's speed, and costs nothing while the condition comes.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { withinMs = 90_000, what }: { withinMs?: number; what?: string } = {},
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await condition())) {
    if (Date.now() > deadline)
      throw new Error(`did not happen within ${withinMs} ms: ${what ?? condition.toString()}`);
    await pause(10);
  }
}
