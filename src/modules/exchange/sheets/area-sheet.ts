import type { Sheet } from '../domain/sheet.js';
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
      type: 'text',
      required: true,
      aliases: ['ma', 'ma don vi', 'ma xa', 'ma dvhc', 'ma don vi hanh chinh', 'area code', 'unit code'],
    },
    {
      key: 'validFrom',
      type: 'date',
      required: true,
      aliases: ['tu ngay', 'hieu luc tu', 'ngay hieu luc', 'ngay bat dau', 'from'],
    },
    {
      key: 'validTo',
      type: 'date',
      aliases: ['valid until', 'het hieu luc', 'ngay het hieu luc', 'hieu luc den', 'until'],
    },
    { key: 'name', type: 'text', aliases: ['ten', 'ten don vi', 'ten xa', 'area name', 'unit name'] },
    {
      key: 'kind',
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
      type: 'choice',
      aliases: ['loai', 'loai don vi', 'loai hinh'],
      choices: Object.fromEntries(Object.keys(UNIT_TYPES).map((name) => [name, SHORT[name] ?? []])),
    },
    { key: 'fullName', type: 'text', aliases: ['ten day du'] },
    {
      key: 'parentCode',
      type: 'text',
      aliases: ['parent', 'ma cap tren', 'ma don vi cap tren', 'ma cha', 'truc thuoc', 'ma huyen', 'ma tinh'],
    },
    { key: 'population', type: 'number', unit: '', whole: true, aliases: ['dan so', 'so dan', 'nhan khau'] },
    { key: 'populationBasis', type: 'text', aliases: ['nguon dan so', 'co so dan so'] },
    { key: 'households', type: 'number', unit: '', whole: true, aliases: ['so ho', 'ho', 'so ho dan'] },
    { key: 'householdsBasis', type: 'text', aliases: ['nguon so ho', 'co so so ho'] },
    { key: 'boundary', type: 'geometry', aliases: ['geojson', 'ranh gioi', 'geometry', 'geom'] },
    { key: 'source', type: 'text', aliases: ['nguon', 'nguon du lieu'] },
  ],
};
