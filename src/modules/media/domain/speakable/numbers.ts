const DIGITS = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];
/** Longer ones are no quantity anyone says; they are read digit by digit. */
const MOST_DIGITS = 18;

/** “0912” as “không chín một hai”. Anything but digits is passed over. */
export function digitWords(text: string): string {
  return [...text.replace(/\D/g, '')].map((digit) => DIGITS[Number(digit)]).join(' ');
}

/**
 * A number as written in Vietnamese texts: 1.234,5 and 05 and 1.5; several commas or points divide thousands. What has
 * a leading zero and three digits or more is a code, read digit by digit.
 */
export function numberWords(token: string): string {
  if (/^[1-9]\d{0,2}(\.\d{3})+(,\d+)?$/.test(token)) return decimalWords(token.replaceAll('.', ''));
  if (/^[1-9]\d{0,2}(,\d{3}){2,}(\.\d+)?$/.test(token)) return decimalWords(token.replaceAll(',', ''));
  if (/^\d+([.,]\d+)?$/.test(token)) return decimalWords(token);
  return token.split(/[.,]/).map(integerWords).join(' chấm ');
}

function decimalWords(token: string): string {
  const [whole = '0', fraction] = token.split(/[.,]/);
  if (fraction === undefined) return integerWords(whole);
  const after =
    fraction.length > 2 || fraction.startsWith('0') ? digitWords(fraction) : integerWords(fraction);
  return `${integerWords(whole)} phẩy ${after}`;
}

function integerWords(digits: string): string {
  if (digits.length > MOST_DIGITS || (digits.length > 2 && digits.startsWith('0'))) return digitWords(digits);
  const value = digits.replace(/^0+/, '');
  return value === '' ? DIGITS[0]! : bigWords(value, false);
}

/** `full`: something stands before, so that hundreds are said although there are none. */
function bigWords(digits: string, full: boolean): string {
  const split = digits.length > 9 ? 9 : digits.length > 6 ? 6 : digits.length > 3 ? 3 : 0;
  if (split === 0) return hundredWords(Number(digits), full);
  const unit = { 9: 'tỷ', 6: 'triệu', 3: 'nghìn' }[split];
  const [high, low] = [digits.slice(0, -split), digits.slice(-split)];
  const parts = Number(high) === 0 ? [] : [bigWords(high, full), unit];
  if (Number(low) !== 0) parts.push(bigWords(low, true));
  return parts.join(' ');
}

function hundredWords(value: number, full: boolean): string {
  const [hundreds, tens, ones] = [Math.floor(value / 100), Math.floor(value / 10) % 10, value % 10];
  const words: string[] = [];
  const said = hundreds > 0 || full;
  if (said) words.push(DIGITS[hundreds]!, 'trăm');
  if (tens === 0) {
    if (ones > 0) words.push(...(said ? ['linh'] : []), DIGITS[ones]!);
  } else {
    words.push(...(tens === 1 ? ['mười'] : [DIGITS[tens]!, 'mươi']));
    if (ones > 0) words.push(onesWord(tens, ones));
  }
  return words.join(' ');
}

function onesWord(tens: number, ones: number): string {
  if (ones === 5) return 'lăm';
  if (tens > 1 && ones === 1) return 'mốt';
  return tens > 1 && ones === 4 ? 'tư' : DIGITS[ones]!;
}

/** 4 is “tư” of months, quarters and days of the week. */
export function monthWords(month: number): string {
  return month === 4 ? 'tư' : integerWords(String(month));
}

/** The value of I, V, X; undefined when it is not written as a Roman number is. */
export function romanValue(text: string): number | undefined {
  if (!/^(X{0,3})(IX|IV|V?I{0,3})$/.test(text) || text === '') return undefined;
  const values: Record<string, number> = { I: 1, V: 5, X: 10 };
  const letters = [...text].map((letter) => values[letter]!);
  return letters.reduce((sum, value, i) => sum + (value < (letters[i + 1] ?? 0) ? -value : value), 0);
}
