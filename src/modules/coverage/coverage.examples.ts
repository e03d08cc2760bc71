/** Answers as the document of the API shows them. */
const RUN_ID = '9a3f0c52-1c7e-4b52-8f0a-6f1f3f1f2d21';
const AREA_ID = '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11';

export const RUN_SUMMARY_EXAMPLE = {
  id: RUN_ID,
  title: 'Vùng phủ sóng 2025-06-30 (H3 9)',
  state: 'done',
  jobId: '1d2f0c52-1c7e-4b52-8f0a-6f1f3f1f2d22',
  progress: 1,
  progressNote: null,
  boundaryDate: '2025-06-30',
  resolution: 9,
  environments: ['outdoor', 'indoor'],
  probabilities: [0.5, 0.9],
  dataVersion: '4be1c0f6a1d1a9d3e2f4657a0b1c2d3e',
  synthetic: true,
  error: null,
  createdBy: 'admin',
  createdAt: '2025-06-30T08:00:00.000Z',
  finishedAt: '2025-06-30T08:00:06.000Z',
};

export const RUN_EXAMPLE = {
  ...RUN_SUMMARY_EXAMPLE,
  parameters: {
    boundaryDate: '2025-06-30',
    networkDate: '2025-06-30',
    resolution: 9,
    environments: ['outdoor', 'indoor'],
    probabilities: [0.5, 0.9],
    technologies: null,
    operators: null,
    reckoning: { resolution: 9, shadowSigmaDb: 8, mobileHeightM: 1.5 },
    settings: { version: 0, sources: {} },
    populationSource: null,
  },
  manifest: {
    manifestVersion: 1,
    engine: { id: 'wasm-simd', version: '1' },
    dataVersion: '4be1c0f6a1d1a9d3e2f4657a0b1c2d3e',
    boundaryDate: '2025-06-30',
    networkDate: '2025-06-30',
    settings: { version: 0, sources: {} },
    populationSource: null,
    people: {
      communes: 75,
      communesFromSource: 0,
      communesWithCentres: 75,
      centres: 525,
      communesSpreadEvenly: 0,
    },
    grid: { key: 'g1-r9-0f3a5c7e9b1d2f40', resolution: 9, cells: 13686, areas: 75, areaM2: 1621800000 },
    sources: ['synthetic demo'],
    synthetic: true,
  },
  warnings: [
    {
      code: 'cell.no-height',
      field: 'antennaHeightM',
      messageEn: 'Neither the cell nor its site has a height.',
      messageVi: 'Cell và trạm đều không có độ cao.',
      count: 1,
      subjects: ['HGI-VTL-0007/HGI-VTL-0007-VTL-L18-1'],
    },
  ],
};

export const QUEUED_RUN_EXAMPLE = {
  ...RUN_EXAMPLE,
  state: 'queued',
  progress: 0,
  dataVersion: null,
  synthetic: null,
  finishedAt: null,
  manifest: null,
  warnings: [],
};

export const FIGURE_EXAMPLE = {
  areaId: AREA_ID,
  areaCode: '930',
  areaKind: 'district',
  areaName: 'Thành phố Vị Thanh',
  technology: '4G',
  operator: null,
  environment: 'indoor',
  probability: 0.9,
  areaKm2: 118.7,
  areaCoveredKm2: 104.2,
  areaPercent: 87.8,
  population: 73322,
  populationCovered: 66210,
  populationPercent: 90.3,
  households: 20368,
  householdsCovered: 18392,
  householdsPercent: 90.3,
  communes: 9,
  communesWithoutPopulation: 0,
  communesWithoutHouseholds: 0,
};

const CELL_ID = '89694869c43ffff';
export const CELLS_EXAMPLE = {
  type: 'FeatureCollection',
  technology: '4G',
  operator: null,
  environment: 'indoor',
  probability: 0.9,
  numberMatched: 1,
  numberReturned: 1,
  nextCursor: null,
  features: [
    {
      type: 'Feature',
      id: CELL_ID,
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [105.4656, 9.7812],
            [105.4641, 9.7803],
            [105.4643, 9.7786],
            [105.466, 9.7778],
            [105.4675, 9.7787],
            [105.4673, 9.7804],
            [105.4656, 9.7812],
          ],
        ],
      },
      properties: {
        levelDbm: -84.2,
        levelClass: 'very-good',
        site: 'HGI-VTL-0001',
        cell: 'HGI-VTL-0001-VTL-L18-1',
        operator: 'viettel',
        servingCells: 4,
        servingSites: 3,
        operatorCount: 3,
        landCover: 'suburban',
        population: 61.4,
      },
    },
  ],
};

export const CELL_EXPLANATION_EXAMPLE = {
  environment: 'indoor',
  probability: 0.9,
  cell: CELL_ID,
  lon: 105.4658,
  lat: 9.7795,
  landCover: 'suburban',
  population: 61.4,
  households: 17.1,
  networks: [
    {
      technology: '4G',
      operator: 'viettel',
      levelDbm: -84.2,
      levelClass: 'very-good',
      metric: 'RSRP',
      thresholdDbm: -110,
      marginDb: 25.8,
      servingCells: 2,
      servingSites: 1,
      best: {
        siteCode: 'HGI-VTL-0001',
        cellCode: 'HGI-VTL-0001-VTL-L18-1',
        distanceM: 412,
        bearingDeg: 131,
        frequencyMhz: 1815,
        antennaHeightM: 40,
        eirpDbm: 32.2,
        pathLossDb: 94.1,
        entryLossDb: 11.6,
        shadowMarginDb: 10.3,
        antennaLossDb: 0.4,
        model: 'extended-hata',
        outsideRange: [],
      },
    },
  ],
};
