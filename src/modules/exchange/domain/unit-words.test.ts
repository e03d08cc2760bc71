import { unitWords } from './unit-words.js';

it.each([
  [{ name: 'Xã Vị Tân' }, { kind: 'commune', type: 'Xã', name: 'Vị Tân' }],
  [{ name: 'THỊ TRẤN Cái Tắc' }, { kind: 'commune', type: 'Thị trấn', name: 'Cái Tắc' }],
  [{ name: 'Thị xã Long Mỹ' }, { kind: 'district', type: 'Thị xã', name: 'Long Mỹ' }],
  [
    { name: 'Thành phố Cần Thơ', kind: 'province' },
    { kind: 'province', type: 'Thành phố', name: 'Cần Thơ' },
  ],
  [{ name: 'Thành phố Vị Thanh' }, { kind: undefined, type: 'Thành phố', name: 'Vị Thanh' }],
  [
    { name: 'Phường I', type: 'Phường' },
    { kind: 'commune', type: 'Phường', name: 'I' },
  ],
  [
    { name: 'Xã Phiên', type: 'Phường' },
    { kind: 'commune', type: 'Phường', name: 'Xã Phiên' },
  ],
  [
    { name: 'Xà Phiên', type: 'Xã' },
    { kind: 'commune', type: 'Xã', name: 'Xà Phiên' },
  ],
  [{ name: 'Thị tran Rạch Gòi' }, { kind: 'commune', type: 'Thị trấn', name: 'Rạch Gòi' }],
  [{ name: 'Xa Phiên' }, { kind: 'commune', type: 'Xã', name: 'Phiên' }],
  [
    { name: 'Vị Tân', type: 'Xã' },
    { kind: 'commune', type: 'Xã', name: 'Vị Tân' },
  ],
  [{ name: 'Quận' }, { kind: undefined, type: undefined, name: 'Quận' }],
  [{}, { kind: undefined, type: undefined, name: undefined }],
])('takes %j apart', (given, expected) => {
  expect(unitWords(given)).toEqual(expected);
});
