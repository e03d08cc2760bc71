import type { Sheet } from '../domain/sheet.js';

/** One row is one hamlet, at its community house. */
export const HAMLETS_SHEET: Sheet = {
  fields: [
    {
      key: 'code',
      type: 'text',
      required: true,
      aliases: ['ma ap', 'ma khu vuc', 'ma ap khu vuc', 'ma', 'ma thon', 'hamlet code', 'hamlet id'],
    },
    {
      key: 'name',
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
      type: 'choice',
      aliases: ['loai', 'type', 'cap'],
      choices: { ap: ['thon', 'hamlet'], khu_vuc: ['kv', 'khu pho', 'to dan pho', 'quarter'] },
    },
    {
      key: 'lat',
      type: 'number',
      unit: 'coordinate',
      required: true,
      aliases: ['vi do', 'latitude', 'y', 'vi do wgs84', 'lat wgs84', 'toa do vi do'],
    },
    {
      key: 'lon',
      type: 'number',
      unit: 'coordinate',
      required: true,
      aliases: ['kinh do', 'lng', 'long', 'longitude', 'x', 'kinh do wgs84', 'toa do kinh do'],
    },
    {
      key: 'commune',
      type: 'text',
      aliases: [
        'xa',
        'phuong',
        'xa phuong',
        'phuong xa',
        'ten xa',
        'ward',
        'ma xa',
        'commune code',
        'xa phuong thi tran',
      ],
    },
    { key: 'households', type: 'number', unit: '', whole: true, aliases: ['so ho', 'ho', 'so ho dan'] },
    {
      key: 'population',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['dan so', 'so dan', 'nhan khau', 'so nhan khau'],
    },
    {
      key: 'signal',
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
      type: 'date',
      aliases: ['ngay bao cao', 'ngay bao cao song', 'ngay khao sat', 'reported on', 'ngay do'],
    },
    {
      key: 'signalSource',
      type: 'text',
      aliases: ['nguon bao cao', 'don vi bao cao', 'nguoi bao cao', 'reported by', 'nguon bao cao song'],
    },
    { key: 'source', type: 'text', aliases: ['nguon', 'nguon du lieu'] },
  ],
};
