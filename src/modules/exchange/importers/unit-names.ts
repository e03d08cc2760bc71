import { fold } from '../domain/text.js';

/** A unit's name without its kind: "TT. Cái Tắc" and "Thị trấn Cái Tắc" are the same. */
export function bareUnit(name: string): string {
  return fold(name).replace(/^(xa|phuong|thi tran|tt|x|p|dac khu)\s+(?=\S)/, '');
}

export function isSameUnit(a: string, b: string): boolean {
  return bareUnit(a) === bareUnit(b);
}
