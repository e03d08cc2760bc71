import type { Sheet } from '../domain/sheet.js';
import { SOURCE } from './common-fields.js';
import { UNIT_TYPES } from '../domain/unit-words.js';

const SHORT: Partial<Record<string, string[]>> = {
  'Thành phố': ['tp'],
  Huyện: ['h'],
  Quận: ['q'],
  'Thị xã': ['tx'],
  Xã: ['x'],
  Phường: ['p'],
  'Thị trấn': ['tt'],
};

/** One row is one unit in one period of its life; boundaries come with GeoJSON, or as GeoJSON in a column. */
export const AREAS_SHEET: Sheet = {
  fields: [
    {
      key: 'code',
      titleVi: 'Mã đơn vị',
      type: 'text',
      required: true,
      aliases: ['ma', 'ma don vi', 'ma xa', 'ma dvhc', 'ma don vi hanh chinh', 'area code', 'unit code'],
    },
    {
      key: 'validFrom',
      titleVi: 'Từ ngày',
      type: 'date',
      required: true,
      aliases: ['tu ngay', 'hieu luc tu', 'ngay hieu luc', 'ngay bat dau', 'from'],
    },
    {
      key: 'validTo',
      titleVi: 'Ngày hết hiệu lực',
      type: 'date',
      aliases: ['valid until', 'het hieu luc', 'ngay het hieu luc', 'hieu luc den', 'until'],
    },
    {
      key: 'name',
      titleVi: 'Tên đơn vị',
      type: 'text',
      aliases: ['ten', 'ten don vi', 'ten xa', 'area name', 'unit name'],
    },
    {
      key: 'kind',
      titleVi: 'Cấp',
      type: 'choice',
      aliases: ['cap', 'cap hanh chinh', 'level'],
      choices: {
        province: ['tinh', 'cap tinh', 'tinh thanh pho'],
        district: ['huyen', 'cap huyen', 'quan huyen'],
        commune: ['xa', 'cap xa', 'phuong', 'thi tran', 'dac khu', 'xa phuong', 'ward', 'township'],
      },
    },
    {
      key: 'type',
      titleVi: 'Loại đơn vị',
      type: 'choice',
      aliases: ['loai', 'loai don vi', 'loai hinh'],
      choices: Object.fromEntries(Object.keys(UNIT_TYPES).map((name) => [name, SHORT[name] ?? []])),
    },
    { key: 'fullName', titleVi: 'Tên đầy đủ', type: 'text', aliases: ['ten day du'] },
    {
      key: 'parentCode',
      titleVi: 'Mã cấp trên',
      type: 'text',
      aliases: ['parent', 'ma cap tren', 'ma don vi cap tren', 'ma cha', 'truc thuoc', 'ma huyen', 'ma tinh'],
    },
    {
      key: 'population',
      titleVi: 'Dân số',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['dan so', 'so dan', 'nhan khau'],
    },
    {
      key: 'populationBasis',
      titleVi: 'Nguồn dân số',
      type: 'text',
      aliases: ['nguon dan so', 'co so dan so'],
    },
    {
      key: 'households',
      titleVi: 'Số hộ',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['so ho', 'ho', 'so ho dan'],
    },
    { key: 'householdsBasis', titleVi: 'Nguồn số hộ', type: 'text', aliases: ['nguon so ho', 'co so so ho'] },
    {
      key: 'boundary',
      titleVi: 'Ranh giới',
      type: 'geometry',
      aliases: ['geojson', 'ranh gioi', 'geometry', 'geom'],
    },
    SOURCE,
  ],
};
