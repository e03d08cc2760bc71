/** When whoever is silent is addressed again, after the beginning (rule 10); later ones follow each other by the last step. */
const RUNGS_MS = [3_000, 10_000, 30_000] as const;
const EVERY_MS = 30_000;

/** When the given rung (0: the first) is due, after the beginning. */
export function rungAfterMs(rung: number): number {
  return RUNGS_MS[rung] ?? RUNGS_MS[2] + (rung - 2) * EVERY_MS;
}

/** Whether the clusters found now are materially others than those that were confirmed: any is new, or many are gone. */
export function haveChanged(prepared: readonly string[], now: readonly string[]): boolean {
  const before = new Set(prepared);
  if (now.some((id) => !before.has(id))) return true;
  return prepared.length - now.length > prepared.length * GONE_SHARE;
}
const GONE_SHARE = 0.05;
