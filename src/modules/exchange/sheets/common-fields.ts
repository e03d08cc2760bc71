import type { Field } from '../domain/sheet.js';

/** Columns that mean the same in every sheet. */
export const LAT: Field = {
  key: 'lat',
  titleVi: 'Vĩ độ',
  type: 'number',
  unit: 'coordinate',
  required: true,
  aliases: ['vi do', 'latitude', 'y', 'vi do wgs84', 'lat wgs84', 'toa do vi do'],
};

export const LON: Field = {
  key: 'lon',
  titleVi: 'Kinh độ',
  type: 'number',
  unit: 'coordinate',
  required: true,
  aliases: ['kinh do', 'lng', 'long', 'longitude', 'x', 'kinh do wgs84', 'toa do kinh do'],
};

export const COMMUNE: Field = {
  key: 'commune',
  titleVi: 'Xã phường',
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
};

export const SOURCE: Field = {
  key: 'source',
  titleVi: 'Nguồn dữ liệu',
  type: 'text',
  aliases: ['nguon', 'nguon du lieu'],
};
