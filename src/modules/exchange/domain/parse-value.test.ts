import fc from 'fast-check';
import { type FieldType, parseNumber, readValue } from './parse-value.js';
import { fieldOf, type Sheet } from './sheet.js';
import { fold, isNullLike } from './text.js';

const OPERATORS = new Map([
  ['viettel', 'viettel'],
  ['vinaphone', 'vnpt'],
]);
const read = (field: FieldType, raw: unknown) => {
  const { value, error, warning } = readValue(field, raw, OPERATORS);
  return error?.code ?? (warning ? [value, warning.code] : value);
};

it.each([
  ['1.234,5', false, 1234.5],
  ['1,234.5', false, 1234.5],
  ['9,784', false, 9.784],
  ['105.470', false, 105.47],
  ['1.234', true, 1234],
  ['1.234.567', true, 1_234_567],
  ['1 234', true, 1234],
  ['-0,5', false, -0.5],
  ['1,2,3', false, undefined],
  ['1.2,3.4', false, undefined],
  ['12a', false, undefined],
  [',', false, undefined],
])('parseNumber(%j, %s) is %s', (text, whole, value) => {
  expect(parseNumber(text, whole)).toBe(value);
});

it('reads every number back that was written the Vietnamese way', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), (thousandths) => {
      const value = thousandths / 1000;
      expect(
        parseNumber(value.toLocaleString('vi-VN', { maximumFractionDigits: 3 }), Number.isInteger(value)),
      ).toBe(value);
      expect(parseNumber(String(value).replace('.', ','), false)).toBe(value);
    }),
  );
});

const MHZ: FieldType = { type: 'number', unit: 'MHz' };
const HEIGHT: FieldType = { type: 'number', unit: 'm' };
const PLACE: FieldType = { type: 'number', unit: 'coordinate' };
const HOUSEHOLDS: FieldType = { type: 'number', unit: 'households', whole: true };
it.each<[FieldType, unknown, unknown]>([
  [MHZ, '1815', 1815],
  [MHZ, '1,8', 'UNIT'],
  [MHZ, '1,8 GHz', [1800, 'UNIT']],
  [HEIGHT, '45 m', 45],
  [HEIGHT, '100 ft', [30.48, 'UNIT']],
  [HEIGHT, '138', [138, 'UNIT']],
  [HEIGHT, '-3', 'NEGATIVE'],
  [PLACE, `9°47'24"N`, 9.79],
  [PLACE, 'Vị Thanh', 'NUMBER'],
  [HOUSEHOLDS, '1.563', 1563],
  [HOUSEHOLDS, '0', 0],
  [HOUSEHOLDS, '76 %', 'UNIT'],
  [HOUSEHOLDS, 0.76, 'UNIT'],
  [HOUSEHOLDS, '0,765', 'UNIT'],
  [HOUSEHOLDS, -3, 'NEGATIVE'],
  [HOUSEHOLDS, 'nhiều', 'NUMBER'],
  [{ type: 'quarter' }, 'Quý 1/2026', '2026Q1'],
  [{ type: 'quarter' }, '2026', 'QUARTER'],
  [{ type: 'date' }, '01/06/2025', '2025-06-01'],
  [{ type: 'date' }, '2025-6-1', '2025-06-01'],
  [{ type: 'date' }, 45809, '2025-06-01'],
  [{ type: 'date' }, '45809', '2025-06-01'],
  [{ type: 'date' }, '31.02.2025', 'DATE'],
  [{ type: 'date' }, '06/13/2025', 'DATE'],
  [{ type: 'boolean' }, 'Có', true],
  [{ type: 'boolean' }, 'không có', false],
  [{ type: 'boolean' }, '', null],
  [{ type: 'boolean' }, 'có lẽ', 'YES_NO'],
  [{ type: 'operator' }, 'VinaPhone', 'vnpt'],
  [{ type: 'operator' }, 'Beeline', 'OPERATOR'],
  [{ type: 'operators' }, 'Viettel + vinaphone', ['viettel', 'vnpt']],
  [{ type: 'text' }, 123, '123'],
  [{ type: 'text' }, `'=1+1`, '=1+1'],
])('reads %j %j', (field, raw, expected) => {
  expect(read(field, raw)).toEqual(expected);
});

it.each(['', ' - ', '#N/A', 'n/a', 'Không có', 'NULL', '—', undefined, null])('%j means nothing', (raw) => {
  expect(isNullLike(raw)).toBe(true);
});

it('knows headings whatever their diacritics, units and signs', () => {
  const sheet: Sheet = {
    fields: [
      { key: 'lat', type: 'number', unit: 'coordinate', aliases: ['vi do'] },
      { key: 'structureHeightM', type: 'number', unit: 'm', aliases: ['do cao cot'] },
    ],
  };
  for (const heading of ['Vĩ độ', 'VI_DO', 'vĩ độ (WGS84)', 'lat'.toUpperCase()])
    expect(fieldOf(sheet, heading)?.key).toBe('lat');
  for (const heading of ['Độ cao cột (m)', 'structure_height_m', 'structureHeightM'])
    expect(fieldOf(sheet, heading)?.key).toBe('structureHeightM');
  expect(fieldOf(sheet, 'độ cao')).toBeUndefined();
  expect(fold('Đông  Phú')).toBe('dong phu');
});
