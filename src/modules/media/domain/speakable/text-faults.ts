import { SIGNS } from './tables.js';

/** In characters after normalisation to NFC. */
export const LONGEST_TEXT = 10_000;

export interface TextFault {
  code: 'EMPTY' | 'TOO_LONG' | 'CONTROL_CHARACTER' | 'EMOJI' | 'UNSPEAKABLE';
  /** Where it begins, counted in characters of the text in NFC from 1; null when it is of the whole text. */
  position: number | null;
  /** The characters meant, or null. */
  characters: string | null;
  message: { en: string; vi: string };
}

const MOST_FAULTS = 20;
const PAUSES = new Set('.,;:!?…()[]{}"“”„‘’\'«»-–—−‐‑/\\_*#~|•●▪■◦·^`′″©®™§¹©');
const EMOJI =
  /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}|\p{Emoji_Modifier}|[\u200d\ufe0f\ufe0e\u20e3\u{e0020}-\u{e007f}])$/u;
/** What copying from other programs leaves in a text, and nobody sees: joints, hyphens, byte order marks. */
const INVISIBLE = /[\u00ad\u200b\u2060\ufeff]/g;
/** Scripts that are likely here, by name. */
const SCRIPTS: readonly (readonly [RegExp, string, string])[] = [
  [/^\p{Script=Khmer}/u, 'Khmer', 'chữ Khmer'],
  [/^\p{Script=Han}/u, 'Chinese characters', 'chữ Hán'],
  [/^\p{Script=Cyrillic}/u, 'Cyrillic', 'chữ Kirin'],
  [/^\p{Script=Thai}/u, 'Thai', 'chữ Thái'],
  [/^\p{Script=Cham}/u, 'Cham', 'chữ Chăm'],
  [/^\p{Script=Arabic}/u, 'Arabic', 'chữ Ả Rập'],
];

/** The text in NFC with spaces and line ends of one kind, and without what is invisible. */
export function normalised(text: string): string {
  return text
    .normalize('NFC')
    .replace(INVISIBLE, '')
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/\p{Zs}|\t/gu, ' ');
}

/** What in a normalised text cannot be spoken, in its order. */
export function faultsOf(text: string): TextFault[] {
  const characters = [...text];
  if (characters.length > LONGEST_TEXT)
    return [
      fault('TOO_LONG', null, null, {
        en: `the text has ${characters.length} characters, at most ${LONGEST_TEXT} are spoken`,
        vi: `văn bản có ${characters.length} ký tự, chỉ đọc được tối đa ${LONGEST_TEXT} ký tự`,
      }),
    ];
  const faults: TextFault[] = [];
  for (let at = 0; at < characters.length && faults.length < MOST_FAULTS;) {
    const kind = kindOf(characters[at]!);
    let end = at + 1;
    // Those of one kind that follow each other are one fault, spaces between them included.
    if (kind !== undefined)
      for (let i = end; i < characters.length; i += 1)
        if (kindOf(characters[i]!) === kind) end = i + 1;
        else if (characters[i] !== ' ') break;
    if (kind !== undefined) faults.push(faultOf(kind, at + 1, characters.slice(at, end).join('')));
    at = end;
  }
  if (faults.length === 0 && !/[\p{L}\p{N}]/u.test(text))
    faults.push(
      fault('EMPTY', null, null, {
        en: 'there is nothing in the text to be spoken',
        vi: 'văn bản không có gì để đọc',
      }),
    );
  return faults;
}

type Kind = 'CONTROL_CHARACTER' | 'EMOJI' | 'UNSPEAKABLE';

function kindOf(character: string): Kind | undefined {
  if (/^[\p{Script=Latin}0-9 \n]$/u.test(character) && !/[ªºⅠ-ↈ\uff00-\uffef]/u.test(character))
    return undefined;
  if (PAUSES.has(character) || Object.hasOwn(SIGNS, character)) return undefined;
  if (EMOJI.test(character)) return 'EMOJI';
  return /^[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Cs}]$/u.test(character) ? 'CONTROL_CHARACTER' : 'UNSPEAKABLE';
}

function faultOf(code: Kind, position: number, characters: string): TextFault {
  switch (code) {
    case 'CONTROL_CHARACTER': {
      const names = [...characters.replaceAll(' ', '')]
        .slice(0, 5)
        .map((character) => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`)
        .join(' ');
      return fault(code, position, characters, {
        en: `control character ${names} at position ${position}`,
        vi: `ký tự điều khiển ${names} ở vị trí ${position}`,
      });
    }
    case 'EMOJI':
      return fault(code, position, characters, {
        en: `"${short(characters)}" at position ${position} is a picture: write what it means in words`,
        vi: `"${short(characters)}" ở vị trí ${position} là hình biểu tượng: hãy viết bằng lời`,
      });
    case 'UNSPEAKABLE': {
      const script = SCRIPTS.find(([pattern]) => pattern.test(characters));
      return fault(code, position, characters, {
        en: `no voice here can speak "${short(characters)}"${script ? ` (${script[1]})` : ''} at position ${position}: use recorded audio`,
        vi: `không có giọng nào đọc được "${short(characters)}"${script ? ` (${script[2]})` : ''} ở vị trí ${position}: hãy dùng âm thanh thu sẵn`,
      });
    }
  }
}

function short(characters: string): string {
  const all = [...characters];
  return all.length > 30 ? `${all.slice(0, 30).join('')}…` : characters;
}

function fault(
  code: TextFault['code'],
  position: number | null,
  characters: string | null,
  message: TextFault['message'],
): TextFault {
  return { code, position, characters, message };
}
