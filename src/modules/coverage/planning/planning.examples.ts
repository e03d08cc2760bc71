import { COUNTING } from './planning.service.js';

const ENGINE = { id: 'wasm-simd', version: '1' };
const PROVENANCE = {
  run: {
    id: '9a3f0c52-1c7e-4b52-8f0a-6f1f3f1f2d21',
    title: 'Vùng phủ sóng 2025-06-30 (H3 10)',
    boundaryDate: '2025-06-30',
    networkDate: '2025-06-30',
    dataVersion: '9b1f0c3d5a7e4f60',
    resolution: 10,
    synthetic: true,
    engine: ENGINE,
  },
  view: { environment: 'indoor', probability: 0.9, technology: '5G', operator: 'viettel' },
  engine: ENGINE,
  warnings: [],
  tookMs: 21.4,
  counting: COUNTING,
};
const amounts = (sign: 1 | -1) => ({
  areaKm2: {
    total: 1621.8,
    before: 1540.2,
    after: 1540.2 + sign * 11.4,
    difference: sign * 11.4,
    percentBefore: 94.97,
    percentAfter: sign > 0 ? 95.67 : 94.27,
  },
  population: {
    total: 733_017,
    before: 700_112,
    after: 700_112 + sign * 5127,
    difference: sign * 5127,
    percentBefore: 95.51,
    percentAfter: sign > 0 ? 96.21 : 94.81,
  },
  households: null,
});
const CELLS = {
  count: 771,
  areaKm2: 11.4,
  population: 5127,
  households: 0,
  ids: ['8a65b4c1a6a7fff'],
  truncated: true,
};
const NONE = { count: 0, areaKm2: 0, population: 0, households: 0, ids: [], truncated: false };
const changeExample = (sign: 1 | -1) => ({
  ...PROVENANCE,
  total: amounts(sign),
  units: [{ areaCode: '31318', areaKind: 'commune', areaName: 'Phường I', ...amounts(sign) }],
  gained: sign > 0 ? CELLS : NONE,
  lost: sign > 0 ? NONE : CELLS,
  geojson: null,
});

export const WHAT_IF_EXAMPLE = changeExample(1);
export const OUTAGE_CHANGE_EXAMPLE = {
  ...changeExample(-1),
  sites: ['HGI-VTL-0001'],
  operatorDown: null,
  consequences: {},
};
export const CRITICALITY_EXAMPLE = {
  ...PROVENANCE,
  by: 'people',
  sites: [
    {
      rank: 1,
      siteCode: 'HGI-VTL-0001',
      lon: 105.4701,
      lat: 9.7845,
      areaKm2: 3.2,
      population: 2140.5,
      households: 560.1,
      cells: 216,
    },
  ],
  critical: 412,
  all: 1070,
};
export const SITING_EXAMPLE = {
  ...changeExample(1),
  by: 'people',
  unit: 'people',
  candidates: 13_695,
  picks: [{ order: 1, candidate: 4711, lon: 105.6123, lat: 9.7311, gain: 5127 }],
  gain: 5127,
  upperBound: 5127,
  gapPercent: 0,
  optimal: true,
  uncovered: 92_311.8,
  coverable: 91_022.7,
};
export const DESK_STATE_EXAMPLE = {
  running: true,
  waiting: 0,
  networks: [
    { key: '9a3f0c52-1c7e-4b52-8f0a-6f1f3f1f2d21|indoor|0.9', cells: 94_268, layers: 16, bytes: 44_283_384 },
  ],
};
