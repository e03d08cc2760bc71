import { isNullLike } from './text.js';

/**
 * How texts stand in tables so that they come back exactly as they were, and so that no table program takes one for a
 * formula (OWASP, "CSV Injection").
 *
 * The rule is one apostrophe. A cell that is an apostrophe and behind it a text that would come to harm without
 * (`isHarmed`) means just that text: no blank is trimmed from it, no "không có" read as nothing. Any other cell is read
 * as people write. Writing puts the apostrophe before the texts that come to harm. A text that is itself an apostrophe
 * and a harmed text would be taken for a marked one: so it counts as harmed too, and gets one more.
 *
 * Only texts are marked. Numbers are not, so −12.5 stays a number.
 */
const MARK = "'";
/** Also the full-width forms, which Excel takes for the usual ones in East Asian settings. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** For a CSV, where a table program judges by the text alone. */
export function toCsvText(text: string): string {
  return isHarmed(text) ? MARK + text : text;
}

/** For a format that says which cells are texts (XLSX, GeoJSON): only what reading would change is marked. */
export function toTypedText(text: string): string {
  return isMisread(text) ? MARK + text : text;
}

/** The text behind a mark; undefined when the cell has none. */
export function markedText(cell: string): string | undefined {
  return cell.startsWith(MARK) && isHarmed(cell) ? cell.slice(MARK.length) : undefined;
}

/** For a table that is never read back: no more is marked than a CSV's would-be formulas. */
export function withoutFormula(text: string): string {
  return FORMULA.test(text) || FORMULA.test(text.trimStart()) ? MARK + text : text;
}

/** A cell in composed letters, in which everything is compared. A marked cell stays as it is. */
export function composed(cell: string): string {
  return markedText(cell) === undefined ? cell.normalize('NFC') : cell;
}

/** A cell as somebody wrote it, to be given back: made harmless, and read again as before. */
export function harmlessCell(cell: string): string {
  const text = cell.trim().normalize('NFC');
  const isNumber = /^[-+]?[\d.,]+$/.test(text);
  return FORMULA.test(text) && !isNumber && !isNullLike(text) ? MARK + text : cell;
}

/** However many apostrophes stand before it, what comes behind them decides. */
function isHarmed(text: string): boolean {
  const bare = text.replace(/^'+/, '');
  return FORMULA.test(bare) || isChanged(bare);
}

function isMisread(text: string): boolean {
  return text.startsWith(MARK) ? isHarmed(text) : isChanged(text);
}

/** Reading takes something off, or takes it all for nothing. */
function isChanged(text: string): boolean {
  return isNullLike(text) || text !== text.trim() || text !== text.normalize('NFC');
}
