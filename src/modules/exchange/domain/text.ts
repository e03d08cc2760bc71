/** The same words stand in a column again and again. */
const known = new Map<string, string>();
const MOST_KNOWN = 2_000;
const LONGEST_KNOWN = 40;

/** Small letters without diacritics, everything else a single space: how headings, names and choices are compared. */
export function fold(text: string): string {
  if (text.length > LONGEST_KNOWN) return folded(text);
  let found = known.get(text);
  if (found === undefined) {
    if (known.size >= MOST_KNOWN) known.clear();
    found = folded(text);
    known.set(text, found);
  }
  return found;
}

function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[đĐ]/g, 'd')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}+]+/gu, ' ')
    .trim();
}

const NULL_LIKE = new Set(
  'n a|na|null|none|nil|nan|khong co|khong ro|chua co|chua ro|unknown|div 0|value|ref|name|num'.split('|'),
);

/** With marks of their own and signs around them; longer texts, and those with digits, need no folding. */
const LONGEST_NULL_LIKE = 40;

/** Says whether a cell means "nothing": blank, a dash, #N/A, không có. */
export function isNullLike(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  if (typeof value !== 'string') return false;
  const text = value.trim();
  if (/^[-–—_.?*]*$/.test(text)) return true;
  return text.length <= LONGEST_NULL_LIKE && !/[1-9]/.test(text) && NULL_LIKE.has(fold(text));
}
