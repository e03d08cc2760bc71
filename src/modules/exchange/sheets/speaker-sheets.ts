import type { Field, Sheet } from '../domain/sheet.js';
import { COMMUNE, LAT, LON, SOURCE } from './common-fields.js';

/** A unit of any kind may stand here: plain loudspeakers are counted by it. */
const UNIT: Field = { ...COMMUNE, aliases: [...COMMUNE.aliases, 'don vi', 'unit'] };

/**
 * One row is one cluster of loudspeakers that the network reaches. Its horns stand as a number, powers and directions
 * (`30; 15`, `0; 90`): one power may be meant for all of them.
 */
export const CLUSTERS_SHEET: Sheet = {
  fields: [
    {
      key: 'id',
      titleVi: 'Mã cụm loa',
      type: 'text',
      required: true,
      aliases: ['ma cum', 'ma cum loa', 'ma', 'code', 'cluster', 'cluster code', 'cluster id'],
    },
    {
      key: 'name',
      titleVi: 'Tên cụm loa',
      type: 'text',
      required: true,
      aliases: ['ten cum', 'ten cum loa', 'ten', 'cluster name'],
    },
    LAT,
    LON,
    UNIT,
    {
      key: 'hornCount',
      titleVi: 'Số loa',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['so loa', 'so luong loa', 'so luong', 'so cu loa', 'horns', 'loudspeakers'],
    },
    {
      key: 'hornPowersW',
      titleVi: 'Công suất loa',
      type: 'text',
      aliases: ['cong suat', 'cong suat loa', 'cong suat w', 'power', 'power w', 'horn power'],
    },
    {
      key: 'hornAzimuthsDeg',
      titleVi: 'Hướng loa',
      type: 'text',
      aliases: ['huong loa', 'huong', 'goc phuong vi', 'phuong vi', 'azimuth', 'direction', 'horn azimuth'],
    },
    {
      key: 'hornHeightM',
      titleVi: 'Độ cao lắp đặt',
      type: 'number',
      unit: 'm',
      aliases: [
        'do cao lap',
        'do cao lap dat',
        'do cao loa',
        'do cao treo loa',
        'chieu cao lap dat',
        'do cao',
        'height',
        'horn height',
      ],
    },
    {
      key: 'uplink',
      titleVi: 'Đường truyền',
      type: 'choice',
      aliases: ['ket noi', 'duong truyen', 'truyen dan', 'connection'],
      choices: {
        fibre: ['fiber', 'quang', 'cap quang', 'internet cap quang'],
        '4G': ['sim', 'sim 4g', 'lte', 'di dong', '3g 4g', 'mang di dong'],
      },
    },
    {
      key: 'uplinkOperator',
      titleVi: 'Nhà cung cấp',
      type: 'text',
      aliases: ['nha mang', 'nha cung cap', 'don vi cung cap', 'operator', 'provider'],
    },
    {
      key: 'uplinkSiteCode',
      titleVi: 'Mã trạm di động',
      type: 'text',
      aliases: ['ma tram', 'tram', 'tram bts', 'ma tram bts', 'uplink site', 'site', 'site code'],
    },
    {
      key: 'volumePercent',
      titleVi: 'Âm lượng',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['am luong', 'muc am luong', 'volume'],
    },
    {
      key: 'volumeCapPercent',
      titleVi: 'Âm lượng tối đa',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['am luong toi da', 'gioi han am luong', 'volume cap', 'max volume'],
    },
    {
      key: 'quietHours',
      titleVi: 'Giờ yên tĩnh',
      type: 'text',
      aliases: ['gio yen tinh', 'gio im lang', 'khung gio yen tinh', 'gio khong phat'],
    },
    {
      key: 'active',
      titleVi: 'Đang sử dụng',
      type: 'boolean',
      aliases: ['dang su dung', 'con su dung', 'hoat dong', 'dang hoat dong', 'in service'],
    },
    SOURCE,
  ],
};

/**
 * One row is one horn of a cluster that is in the register (cluster, number, power, direction), or the number of FM or wired
 * loudspeakers, which no network reaches, of a commune (commune, kind, count).
 */
export const LOUDSPEAKERS_SHEET: Sheet = {
  notRead: ['lon', 'lat'],
  fields: [
    {
      key: 'clusterId',
      titleVi: 'Mã cụm loa',
      type: 'text',
      aliases: ['ma cum', 'ma cum loa', 'cum', 'cum loa', 'cluster', 'cluster code'],
    },
    {
      key: 'number',
      titleVi: 'Loa số',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['so thu tu loa', 'loa so', 'thu tu loa', 'horn', 'horn number'],
    },
    {
      key: 'powerW',
      titleVi: 'Công suất',
      type: 'number',
      unit: '',
      aliases: ['cong suat', 'cong suat loa', 'cong suat w', 'power'],
    },
    {
      key: 'azimuthDeg',
      titleVi: 'Hướng loa',
      type: 'number',
      unit: 'deg',
      aliases: ['huong loa', 'huong', 'goc phuong vi', 'phuong vi', 'azimuth', 'direction'],
    },
    {
      key: 'sensitivityDb',
      titleVi: 'Độ nhạy loa',
      type: 'number',
      unit: '',
      aliases: ['do nhay', 'do nhay db', 'sensitivity', 'spl'],
    },
    {
      key: 'dispersionDeg',
      titleVi: 'Góc phủ loa',
      type: 'number',
      unit: 'deg',
      aliases: ['goc phu', 'goc phu am', 'do mo', 'dispersion', 'coverage angle'],
    },
    UNIT,
    {
      key: 'kind',
      titleVi: 'Loại loa',
      type: 'choice',
      aliases: ['loai loa', 'loai', 'loai hinh', 'type'],
      choices: {
        ip: ['thong minh', 'ung dung cntt', 'cntt vien thong', 'cntt', 'internet'],
        fm: ['vo tuyen', 'khong day', 'truyen thanh khong day', 'truyen thanh fm', 'loa fm'],
        wired: ['huu tuyen', 'co day', 'truyen thanh co day', 'truyen thanh huu tuyen', 'loa co day'],
      },
    },
    {
      key: 'count',
      titleVi: 'Số lượng',
      type: 'number',
      unit: '',
      whole: true,
      aliases: ['so loa', 'so luong', 'so luong loa', 'loudspeakers'],
    },
    SOURCE,
  ],
};
