import type { SiteInput } from '../../src/modules/sites/index.js';
import { generateDemo } from '../../src/demo/province/index.js';
import { areaRows, siteRows } from '../../src/demo/load/rows.js';

export const demo = generateDemo(1);
export const demoAreas = areaRows(demo);
export const demoSites = siteRows(demo);

type Row = Record<string, string>;

/** Headings and words as an operator's file has them. */
export function rowOf(site: SiteInput, communeCode: string): Row {
  return {
    'Mã trạm': site.code,
    'Tên trạm': site.name,
    'Vĩ độ': String(site.lat).replace('.', ','),
    'Kinh độ': String(site.lon).replace('.', ','),
    'Mã xã': communeCode,
    'Loại cột': site.structure ?? '-',
    'Loại cột ăng ten': site.mastClass ?? '',
    'Độ cao cột (m)':
      site.structureHeightM == null ? '#N/A' : String(site.structureHeightM).replace('.', ','),
    'Chủ sở hữu': site.ownerCode ?? '',
    'Nhà mạng dùng chung': (site.tenantCodes ?? []).join('; '),
    'Nguồn điện': site.power === 'grid_three_phase' ? 'Điện 3 pha' : 'Điện 1 pha',
    'Máy phát điện': site.hasGenerator ? 'Có' : 'Không',
    'Giờ dự phòng': site.backupHours == null ? 'không có' : String(site.backupHours).replace('.', ','),
    'Truyền dẫn': site.backhaul === 'fibre' ? 'Cáp quang' : 'Vi ba',
    'Dung lượng truyền dẫn': String(site.backhaulCapacityMbps ?? ''),
    'Trạng thái': 'Đang hoạt động',
    'Lý do vướng': '',
    'Hạn kiểm định': local(site.certificateExpiresOn),
    'Ngày kiểm tra': local(site.lastVerifiedOn),
    'Độ tin cậy': site.confidence ?? '',
  };
}

function local(date: string | null | undefined): string {
  return date ? date.split('-').reverse().join('/') : '-';
}

export const demoRows = (): Row[] => demo.sites.map((site) => rowOf(site, site.communeCode));

export const csvOf = (rows: readonly Row[], delimiter = ';'): string => {
  const quoted = (text: string) => (/[;,"\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const headings = Object.keys(rows[0] ?? {});
  return [headings, ...rows.map((row) => headings.map((heading) => row[heading] ?? ''))]
    .map((values) => values.map(quoted).join(delimiter))
    .join('\r\n');
};

/** Twenty ways to be wrong: what is done to a row, in which column, and the code that the report must have. */
export const KINDS: [what: string, code: string, spoil: (row: Row, rows: Row[]) => void][] = [
  ['no code', 'REQUIRED', (row) => (row['Mã trạm'] = '')],
  ['no name', 'REQUIRED', (row) => (row['Tên trạm'] = 'không có')],
  ['a code with a space', 'PATTERN', (row) => (row['Mã trạm'] += ' x')],
  ['a code twice', 'DUPLICATE_IN_FILE', (row, rows) => (row['Mã trạm'] = rows[0]?.['Mã trạm'] ?? '')],
  [
    'coordinates exchanged',
    'SWAPPED',
    (row) => ([row['Vĩ độ'], row['Kinh độ']] = [row['Kinh độ'] ?? '', row['Vĩ độ'] ?? '']),
  ],
  ['a place elsewhere', 'OUTSIDE', (row) => (row['Vĩ độ'] = '21,03')],
  ['a lost decimal sign', 'RANGE', (row) => (row['Vĩ độ'] = '978')],
  ['words for a number', 'NUMBER', (row) => (row['Kinh độ'] = 'gần chợ')],
  ['another commune', 'COMMUNE_MISMATCH', (row) => (row['Mã xã'] = 'Xã Không Đâu')],
  ['an unknown owner', 'OPERATOR', (row) => (row['Chủ sở hữu'] = 'Viettell')],
  ['an unknown tenant', 'OPERATOR', (row) => (row['Nhà mạng dùng chung'] = 'viettel; beeline')],
  ['a negative height', 'NEGATIVE', (row) => (row['Độ cao cột (m)'] = '-42')],
  ['a height in centimetres', 'RANGE', (row) => (row['Độ cao cột (m)'] = '4200')],
  ['an unknown structure', 'CHOICE', (row) => (row['Loại cột'] = 'cột cờ')],
  ['an unknown mast class', 'CHOICE', (row) => (row['Loại cột ăng ten'] = 'A9')],
  ['neither yes nor no', 'YES_NO', (row) => (row['Máy phát điện'] = 'có lẽ')],
  ['a day that is none', 'DATE', (row) => (row['Hạn kiểm định'] = '31/02/2026')],
  ['too many hours', 'RANGE', (row) => (row['Giờ dự phòng'] = '9999')],
  ['an unknown supply', 'CHOICE', (row) => (row['Nguồn điện'] = 'điện gió')],
  ['an unknown confidence', 'CHOICE', (row) => (row['Độ tin cậy'] = 'chắc là đúng')],
];
