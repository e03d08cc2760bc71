import { fold } from './text.js';

/** What units call themselves, each with the level that it tells; a thành phố may be a province or lie in one. */
export const UNIT_TYPES = {
  Tỉnh: 'province',
  'Thành phố': undefined,
  Huyện: 'district',
  Quận: 'district',
  'Thị xã': 'district',
  Xã: 'commune',
  Phường: 'commune',
  'Thị trấn': 'commune',
  'Đặc khu': 'commune',
} as const;

export interface UnitWords {
  kind?: string;
  type?: string;
  name?: string;
}

/**
 * Takes apart what a file says of a unit: "Xã Vị Tân" is the xã Vị Tân, and a xã is a commune. What is told by itself goes
 * before what a name tells.
 */
export function unitWords({ kind, type, name }: UnitWords): UnitWords {
  const told = name?.trim();
  const prefix = Object.keys(UNIT_TYPES).find(
    (word) => told !== undefined && fold(told).startsWith(`${fold(word)} `) && startsWithWord(told, word),
  );
  const isOwn = prefix !== undefined && (type === undefined || type === prefix);
  const is = type ?? prefix;
  const level = is === undefined ? undefined : UNIT_TYPES[is as keyof typeof UNIT_TYPES];
  return { kind: kind ?? level, type: is, name: isOwn ? told?.slice(prefix.length).trim() : told };
}

/** With its marks or without, but not with others: Xà Phiên is no xã. */
function startsWithWord(text: string, word: string): boolean {
  const letters = [...text.normalize('NFC').toLowerCase()];
  return [...word.toLowerCase()].every(
    (letter, i) => letters[i] === letter || (letters[i] !== undefined && letters[i] === fold(letter)),
  );
}
