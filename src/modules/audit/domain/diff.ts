/** One field that changed. What was not there is null. */
export interface FieldChange {
  /** `heightM`, `position.lon`, `cells[HGI-VTL-0001-1].azimuthDeg`: list members are named by their code or id. */
  field: string;
  before: unknown;
  after: unknown;
}

/** Counts every change and says nothing of the thing itself. */
const BOOKKEEPING = new Set(['version', 'updatedAt']);
/** What members of a list are known by, in this order. */
const KEYS = ['code', 'id', 'name'] as const;
/** Deeper than this a value is compared as a whole: coordinates of a boundary are no fields. */
const DEEPEST = 8;

type Members = Record<string, unknown>;

/**
 * What differs between two states of one thing, field by field, in the order of the fields. Lists of things with a code
 * (or id, or name) are compared member by member wherever they stand; other lists and geometries as a whole. A thing that
 * was made or removed differs in every field that has a value.
 */
export function diff(before: unknown, after: unknown): FieldChange[] {
  return compareMembers(asMembers(before), asMembers(after), '', 0);
}

function compareMembers(before: Members, after: Members, at: string, depth: number): FieldChange[] {
  const fields = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...fields].flatMap((field) => {
    if (depth === 0 && BOOKKEEPING.has(field)) return [];
    return compare(own(before, field), own(after, field), at === '' ? field : `${at}.${field}`, depth + 1);
  });
}

function compare(before: unknown, after: unknown, field: string, depth: number): FieldChange[] {
  if (isSame(before, after)) return [];
  if (depth < DEEPEST) {
    if (isPlain(before) && isPlain(after)) return compareMembers(before, after, field, depth);
    const key = listKey(before, after);
    if (key !== undefined) {
      const [was, is] = [byKey(before as Members[], key), byKey(after as Members[], key)];
      return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) =>
        compare(was.get(name) ?? null, is.get(name) ?? null, `${field}[${name}]`, depth + 1),
      );
    }
  }
  return [{ field, before, after }];
}

/** The field that names every member of both lists, each once; undefined when these are no such lists. */
function listKey(before: unknown, after: unknown): (typeof KEYS)[number] | undefined {
  if (!Array.isArray(before) || !Array.isArray(after)) return undefined;
  const lists: unknown[][] = [before, after];
  return KEYS.find((key) =>
    lists.every(
      (list) =>
        list.every((item) => isPlain(item) && typeof own(item, key) === 'string') &&
        new Set(list.map((item) => own(item as Members, key))).size === list.length,
    ),
  );
}

function byKey(list: Members[], key: string): Map<string, Members> {
  return new Map(list.map((item) => [own(item, key) as string, item]));
}

/** Null and absent are the same; the order of an object's fields says nothing. */
function isSame(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (Array.isArray(before) && Array.isArray(after))
    return before.length === after.length && before.every((item, i) => isSame(item, after[i]));
  if (!isPlain(before) || !isPlain(after)) return false;
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].every((field) =>
    isSame(own(before, field), own(after, field)),
  );
}

function own(members: Members, field: string): unknown {
  return Object.hasOwn(members, field) ? (members[field] ?? null) : null;
}

/** A geometry is one value, not an object with fields. */
function isPlain(value: unknown): value is Members {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !Object.hasOwn(value, 'coordinates')
  );
}

function asMembers(state: unknown): Members {
  return typeof state === 'object' && state !== null ? (state as Members) : {};
}
