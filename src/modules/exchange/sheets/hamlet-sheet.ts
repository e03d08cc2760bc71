import type { Sheet } from '../domain/sheet.js';
import { COMMUNE, LAT, LON, SOURCE } from './common-fields.js';

/** One row is one hamlet, at its community house. */
export const HAMLETS_SHEET: Sheet = {
  fields: [
    {
      key: 'code',
      titleVi: 'Mã ấp, khu vực',
      type: 'text',
      required: true,
      aliases: ['ma ap', 'ma khu vuc', 'ma ap khu vuc', 'ma', 'ma thon', 'hamlet code', 'hamlet id'],
    },
    {
      key: 'name',
      titleVi: 'Tên ấp, khu vực',
      type: 'text',
      required: true,
      aliases: [
        'ten ap',
        'ten khu vuc',
        'ten ap khu vuc',
        'ap khu vuc',
        'ap',
        'ten',
        'hamlet',
        'hamlet name',
      ],
    },
    {
      key: 'kind',
      titleVi: 'Loại',
      type: 'choice',
      aliases: ['loai', 'type', 'cap'],
      choices: { ap: ['thon', 'hamlet'], khu_vuc: ['kv', 'khu pho', 'to dan pho', 'quarter'] },
    },
    LAT,
    LON,
    COMMUNE,
    {
      key: 'households',
      titleVi: 'Số hộ',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['so ho', 'ho', 'so ho dan'],
    },
    {
      key: 'population',
      titleVi: 'Dân số',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['dan so', 'so dan', 'nhan khau', 'so nhan khau'],
    },
    {
      key: 'signal',
      titleVi: 'Tình trạng sóng',
      type: 'choice',
      aliases: ['song', 'song di dong', 'tinh trang song', 'tinh trang', 'hien trang song', 'mobile signal'],
      choices: {
        served: ['co song', 'tot', 'on dinh', 'co', 'co song on dinh', 'song tot'],
        weak: ['lom song', 'song yeu', 'yeu', 'chap chon', 'lom'],
        none: ['trang song', 'mat song', 'khong song', 'khong co song', 'trang'],
      },
    },
    {
      key: 'signalReportedOn',
      titleVi: 'Ngày báo cáo',
      type: 'date',
      aliases: ['ngay bao cao', 'ngay bao cao song', 'ngay khao sat', 'reported on', 'ngay do'],
    },
    {
      key: 'signalSource',
      titleVi: 'Nguồn báo cáo',
      type: 'text',
      aliases: ['nguon bao cao', 'don vi bao cao', 'nguoi bao cao', 'reported by', 'nguon bao cao song'],
    },
    SOURCE,
  ],
};
