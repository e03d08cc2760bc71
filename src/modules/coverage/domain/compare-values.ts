/** A value that two things of one form do not have in common. */
export interface Difference {
  /** Members from the outside in, as in `thresholds.4G.sufficientDbm`. */
  path: string;
  /** Null also where there is no such value. */
  before: unknown;
  after: unknown;
}

/** Where two JSON values differ, in the order of the first, at most so many places. Lists of unlike length differ as a whole. */
export function differencesOf(before: unknown, after: unknown, most: number): Difference[] {
  const found: Difference[] = [];
  const visit = (a: unknown, b: unknown, path: string): void => {
    if (found.length >= most || JSON.stringify(a) === JSON.stringify(b)) return;
    const unlikeLists =
      Array.isArray(a) !== Array.isArray(b) || (Array.isArray(a) && a.length !== (b as unknown[]).length);
    if (isObject(a) && isObject(b) && !unlikeLists) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        visit(a[key], b[key], path === '' ? key : `${path}.${key}`);
      return;
    }
    found.push({ path, before: a ?? null, after: b ?? null });
  };
  visit(before, after, '');
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
