import type { HamletInput } from '../../src/modules/hamlets/index.js';

/** Hamlets in the communes c1, c2 and c3 of the areas' fixtures. */
export const HAMLETS: HamletInput[] = [
  {
    code: 'c1-ap-1',
    name: 'Ấp 1',
    kind: 'ap',
    lon: 105.42,
    lat: 9.75,
    households: 150,
    population: 540,
    signal: 'none',
    signalReportedOn: '2025-03-01',
    signalSource: 'Báo cáo của xã',
    source: 'test',
  },
  { code: 'c1-ap-2', name: 'Ấp Mỹ Lợi', kind: 'ap', lon: 105.47, lat: 9.75, households: 130, signal: 'weak' },
  { code: 'c2-ap-1', name: 'Ấp Thạnh Thắng', kind: 'ap', lon: 105.55, lat: 9.75 },
  {
    code: 'c3-kv-1',
    name: 'Khu vực 1',
    kind: 'khu_vuc',
    lon: 105.65,
    lat: 9.75,
    households: 300,
    signal: 'served',
    signalReportedOn: '2025-04-01',
  },
];
