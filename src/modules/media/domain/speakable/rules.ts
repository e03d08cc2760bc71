import { digitWords, monthWords, numberWords, romanValue } from './numbers.js';
import { ABBREVIATIONS, DOCUMENT_CODES, LETTERS, SIGNS, UNITS, UNITS_ALONE } from './tables.js';

/** Each takes a text in NFC and gives it with one kind of short form spelled out. They are applied in this order. */
const NUM = String.raw`\d+(?:[.,]\d+)*`;
const BEFORE = String.raw`(?<![\p{L}\p{N}])`;
const AFTER = String.raw`(?![\p{L}\p{N}])`;
const DATE_WORDS = String.raw`ngày|hôm|mùng|mồng|sáng|trưa|chiều|tối|đêm|nay|lễ|dịp|Quốc khánh|đến|từ`;

const escaped = (words: readonly string[]): string =>
  [...words]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('|');
const rule = (pattern: string, flags = 'gu'): RegExp => new RegExp(pattern, flags);

const WEB_ADDRESS = rule(
  String.raw`(?:https?:\/\/)?(?:[A-Za-z0-9_-]+@)?(?:[A-Za-z0-9-]+\.)+(?:vn|com|net|org|edu|gov|info)(?:\/[A-Za-z0-9_\/.-]*)?${AFTER}`,
);
const DOCUMENT_OF_YEAR = rule(String.raw`(${NUM})\/((?:19|20)\d\d)\/(?=[A-ZĐ])`);
const DOCUMENT = rule(String.raw`${BEFORE}(\d+)\/(?=[A-ZĐ]{2})`);
const CODE = rule(String.raw`${BEFORE}[A-ZĐƯ]+[a-z]?(?:-[A-ZĐƯ]+[a-z]?)+${AFTER}`);
const ETC = /(?<!\p{L})v\.\s?v\.?(?!\p{L})/gu;
const PROVINCIAL_ROAD = rule(String.raw`${BEFORE}ĐT\.?(?=\d{3})`);
const SHORT = rule(
  String.raw`${BEFORE}(${escaped(Object.keys(ABBREVIATIONS))})(?:\.(?=\s?[\p{L}\d]))?(?!\p{L})`,
);
const WARD = rule(String.raw`${BEFORE}([PQ])\.\s?(?=[\p{Lu}\d])`);
const CAPITALS = rule(String.raw`${BEFORE}[A-ZĐ]{2,6}${AFTER}`);

const FULL_DATE = String.raw`(?<!\d)(0?[1-9]|[12]\d|3[01])(?<mark>[\/.-])(0?[1-9]|1[0-2])\k<mark>((?:19|20)\d\d)(?!\d)`;
const DAY_MONTH = String.raw`(?<![\d.,\/])(0?[1-9]|[12]\d|3[01])\/(0?[1-9]|1[0-2])(?![\d\/]|[.,]\d)`;
const ISO_DATE = rule(String.raw`(?<!\d)((?:19|20)\d\d)-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?!\d)`);
const DATE_TO_DATE = rule(
  String.raw`(?<![\d\/])(\d{1,2}(?:\/\d{1,2}(?:\/\d{4})?)?)\s?[-–]\s?(?=\d{1,2}\/\d{1,2}(?:\/\d{4})?(?!\d))`,
);
const PHONE = /(?<![\d.,/])(?:\+84|0)(?:[ .-]?\d){8,10}(?!\d)/g;
const HOTLINE =
  /((?:tổng đài|đường dây nóng|hotline|điện thoại|số máy|zalo)\s*:?\s*(?:số\s*)?)(\d[\d .-]{1,12}\d)(?!\d)/giu;
const EMERGENCY_NUMBER = /(gọi\s+(?:ngay\s+)?(?:số\s+)?)(11[1-9]|1[89]00[ .]?\d{4,6})(?!\d)/giu;
const CLOCK = rule(
  String.raw`(?<![\d.,:\/]|tỷ lệ |tỉ lệ )([01]?\d|2[0-4])(?:\s?(?:h|g|giờ)\s?|:)([0-5]\d)(?::([0-5]\d))?(?:\s?(?:'|phút|ph|p)(?![\p{L}]))?(?![\d\p{L}]|:\d)`,
);
const RANGE = rule(
  String.raw`(${NUM})(\s?(?:km²|km2|m²|m³|mm|cm|km|kg|ha|°C|%|°|h|g|m|giờ(?: [\p{L} ]+ phút)?)?)\s?[-–—]\s?(?=(${NUM}))`,
);
const WORD_TO_NUMBER =
  /(giờ|phút|giây)\s?[-–—]\s?(?=\d|(?:không|một|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười) )/gu;

function webAddress(text: string): string {
  return text.replace(WEB_ADDRESS, (address) =>
    address
      .replace(/^https?:\/\//, '')
      .replaceAll('@', ' a còng ')
      .replace(/\.(?=[A-Za-z0-9])/g, ' chấm ')
      .replace(/[\/_-]/g, ' '),
  );
}

function documents(text: string): string {
  return text
    .replace(DOCUMENT_OF_YEAR, (_, number: string, year: string) => `${number} năm ${year} `)
    .replace(DOCUMENT, '$1 ')
    .replace(CODE, (code) => {
      const parts = code.split('-');
      if (!parts.some((part) => part in DOCUMENT_CODES || part in ABBREVIATIONS)) return code;
      return parts.map((part) => DOCUMENT_CODES[part] ?? ABBREVIATIONS[part] ?? spelled(part)).join(' ');
    });
}

function abbreviations(text: string): string {
  return text
    .replace(ETC, 'vân vân')
    .replace(PROVINCIAL_ROAD, 'đường tỉnh ')
    .replace(/(\d)\s?(TB|GB|MB)(?!\p{L})/gu, (_, digit: string, unit: string) => `${digit} ${UNITS[unit]}`)
    .replace(SHORT, (_, short: string) => `${ABBREVIATIONS[short]} `)
    .replace(WARD, (_, letter: string) => (letter === 'P' ? 'phường ' : 'quận '));
}

/** Letters that make no syllable are said one by one. Applied after the units, which are such letters too. */
function capitals(text: string): string {
  return text.replace(CAPITALS, (word) => {
    const vowels = word.replace(/[^AEIOUY]/g, '').length;
    return vowels === 0 || (word.length <= 4 && vowels === 1 && !SYLLABLE.test(word)) ? spelled(word) : word;
  });
}
const SYLLABLE =
  /^(?:NGH|NG|GH|GI|KH|NH|PH|QU|TH|TR|CH|[BCDĐGHKLMNPRSTVX])?[AEIOUY]{1,3}(?:CH|NG|NH|[CMNPT])?$/;

function spelled(word: string): string {
  return [...word].map((letter) => LETTERS[letter.toUpperCase()] ?? letter).join(' ');
}

const ROMAN = rule(
  String.raw`${BEFORE}(thế kỷ|thế kỉ|khóa|khoá|kỳ|kì|thứ|quý|chương|phần|loại|cấp|hạng|giai đoạn|khu vực|đại hội|mục|tập|bậc|vùng)(\s+)([IVX]+)${AFTER}`,
  'giu',
);

function romans(text: string): string {
  return text.replace(ROMAN, (all, word: string, space: string, roman: string) => {
    const value = romanValue(roman);
    return value === undefined ? all : `${word}${space}${value}`;
  });
}

function dateWords(day: string, month: string, year?: string): string {
  const ofYear = year === undefined ? '' : ` năm ${numberWords(year)}`;
  return `${numberWords(String(Number(day)))} tháng ${monthWords(Number(month))}${ofYear}`;
}

function dates(text: string): string {
  const day = String.raw`((?:${DATE_WORDS})\s+)?`;
  return text
    .replace(ISO_DATE, (_, year: string, month: string, date: string) => `${date}/${month}/${year}`)
    .replace(DATE_TO_DATE, '$1 đến ')
    .replace(
      rule(`${day}${FULL_DATE}`, 'giu'),
      (_, before: string | undefined, d: string, _s, m: string, y: string) =>
        `${named(before)}${dateWords(d, m, y)}`,
    )
    .replace(
      /(ngày\s+)(0?[1-9]|[12]\d|3[01])[-.](0?[1-9]|1[0-2])(?![\d-]|[.,]\d)/giu,
      (_, before: string, d: string, m: string) => `${before}${dateWords(d, m)}`,
    )
    .replace(rule(`${day}${DAY_MONTH}`, 'giu'), (all, before: string | undefined, d: string, m: string) =>
      before === undefined && Number(d) <= Number(m)
        ? all
        : `${before ? named(before) : ''}${dateWords(d, m)}`,
    )
    .replace(
      /(?<![\d/])(0?[1-9]|1[0-2])\/((?:19|20)\d\d)(?![\d/])/g,
      (_, m: string, y: string) => `${monthWords(Number(m))} năm ${numberWords(y)}`,
    );
}

/** “ngày” stands before a date unless a word that means it stands there already. */
function named(before: string | undefined): string {
  if (before === undefined) return 'ngày ';
  return /^(?:ngày|mùng|mồng|hôm)/iu.test(before) ? before : `${before}ngày `;
}

function telephones(text: string): string {
  return text
    .replace(PHONE, (number) => `${number.startsWith('+') ? 'cộng ' : ''}${digitWords(number)}`)
    .replace(HOTLINE, (_, before: string, number: string) => `${before}${digitWords(number)}`)
    .replace(EMERGENCY_NUMBER, (_, before: string, number: string) => `${before}${digitWords(number)}`);
}

function clock(text: string): string {
  return text.replace(CLOCK, (_, hour: string, minute: string, second: string | undefined) => {
    const parts = [`${numberWords(String(Number(hour)))} giờ`];
    if (Number(minute) > 0 || Number(second ?? 0) > 0)
      parts.push(`${numberWords(String(Number(minute)))} phút`);
    if (Number(second ?? 0) > 0) parts.push(`${numberWords(String(Number(second)))} giây`);
    return parts.join(' ');
  });
}

function ranges(text: string): string {
  return text
    .replace(RANGE, (_, from: string, unit: string, to: string) =>
      // Down from more to less is no range but a score, unless it is said of what (22h–5h).
      unit.trim() !== '' || valueOf(from) < valueOf(to) ? `${from}${unit} đến ` : `${from} `,
    )
    .replace(WORD_TO_NUMBER, '$1 đến ');
}

function valueOf(token: string): number {
  return Number(token.replaceAll('.', '').replace(',', '.'));
}

const UNIT = escaped(Object.keys(UNITS));
const QUANTITY = rule(
  String.raw`(${NUM}(?:\s?(?:nghìn|ngàn|triệu|tỷ|tỉ|trăm))?)\s?(${UNIT})((?:\s?\/\s?(?:${UNIT}))*)(?![\p{L}²³])`,
);
const PER = rule(
  String.raw`(\p{L})\s?\/\s?(${escaped(Object.keys(UNITS).filter((unit) => !/^[°%‰$€]/.test(unit)))})${AFTER}`,
);
const ALONE = rule(String.raw`${BEFORE}(${escaped(UNITS_ALONE)})(\/(?:${UNIT}))?${AFTER}`);

function units(text: string): string {
  return text
    .replace(rule(String.raw`(?:US)?\$\s?(${NUM})`), '$1 đô la')
    .replace(
      QUANTITY,
      (_, number: string, unit: string, per: string) =>
        `${number} ${UNITS[unit]}${per
          .split('/')
          .slice(1)
          .map((part) => ` trên ${UNITS[part.trim()]}`)
          .join('')} `,
    )
    .replace(
      ALONE,
      (_, unit: string, per: string | undefined) =>
        `${UNITS[unit]}${per === undefined ? '' : ` trên ${UNITS[per.slice(1)]}`}`,
    )
    .replace(PER, (_, before: string, unit: string) => `${before} trên ${UNITS[unit]}`);
}

function numbers(text: string): string {
  return text
    .replace(rule(String.raw`(?<=(?:^|[^\p{L}]))(thứ\s+)0?1(?![\d\/]|[.,]\d)`, 'giu'), '$1nhất')
    .replace(rule(String.raw`(?<=(?:^|[^\p{L}]))((?:thứ|tháng|quý)\s+)0?4(?![\d\/]|[.,]\d)`, 'giu'), '$1tư')
    .replace(/(?<![\p{L}\d])[-−](?=\d)/gu, 'âm ')
    .replace(/(?<=\d)\s?[x*]\s?(?=\d)/g, ' nhân ')
    .replace(
      /(?<![\d/])(\d{1,2})\/(\d{1,2})(?![\d/])/g,
      (_, top: string, bottom: string) =>
        `${top} ${Number(top) < Number(bottom) ? 'phần' : 'trên'} ${bottom === '4' ? 'tư' : bottom}`,
    )
    .replace(/(?<=\d)\s?\/\s?(?=\d)/g, ' trên ')
    .replace(/(?<=\d)\s?:\s?(?=\d)/g, ' trên ')
    .replace(rule(NUM), (token) => ` ${numberWords(token)} `);
}

function signs(text: string): string {
  return text
    .replace(
      rule(
        `[${Object.keys(SIGNS)
          .map((sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`)
          .join('')}]`,
      ),
      (sign) => ` ${SIGNS[sign]} `,
    )
    .replace(/(?<=\p{L})[-‐‑'’](?=\p{L})/gu, ' ')
    .replace(/[-–—−‐‑()[\]{}|•●▪■◦·]+/gu, ', ')
    .replace(/…/g, '.')
    .replace(/[^\p{L}\p{M} \n.,;:!?]+/gu, ' ');
}

/** One mark between words, the strongest of those that met; a line that ends without one ends a sentence. */
function pauses(text: string): string {
  return text
    .replace(/\s*\n\s*/g, '. ')
    .replace(/[\s,.;:!?]*[,.;:!?][\s,.;:!?]*/g, (marks) => `${strongest(marks)} `)
    .replace(/ {2,}/g, ' ')
    .replace(/^[\s,.;:!?]+/, '')
    .trim();
}

function strongest(marks: string): string {
  return ['?', '!', '.', ';', ':'].find((mark) => marks.includes(mark)) ?? ',';
}

export const RULES: readonly ((text: string) => string)[] = [
  webAddress,
  documents,
  romans,
  dates,
  telephones,
  abbreviations,
  telephones,
  clock,
  ranges,
  units,
  numbers,
  capitals,
  signs,
  pauses,
];
