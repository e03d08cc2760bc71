/** Answers as the document of the API shows them. */
const AREA = { areaId: '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11', areaCode: '31318', areaName: 'Phường I' };

export const RUN_SUMMARY_EXAMPLE = {
  id: '7c1f0c52-1c7e-4b52-8f0a-6f1f3f1f2d31',
  title: 'Tầm nghe loa 2025-06-30 (H3 10)',
  state: 'done',
  jobId: '1d2f0c52-1c7e-4b52-8f0a-6f1f3f1f2d22',
  progress: 1,
  progressNote: null,
  boundaryDate: '2025-06-30',
  resolution: 10,
  synthetic: true,
  error: null,
  createdBy: 'admin',
  createdAt: '2025-06-30T08:00:00.000Z',
  finishedAt: '2025-06-30T08:00:03.000Z',
};

export const RUN_EXAMPLE = {
  ...RUN_SUMMARY_EXAMPLE,
  parameters: { boundaryDate: '2025-06-30', resolution: 10, atVolume: 'full', settledFromPerKm2: 200 },
  manifest: {
    manifestVersion: 1,
    engine: { id: 'iso-9613-speech', version: '1' },
    dataVersion: '4be1c0f6a1d1a9d3e2f4657a0b1c2d3e',
    boundaryDate: '2025-06-30',
    atVolume: 'full',
    clusters: { given: 120, used: 120, horns: 361, withAssumedValues: 120 },
    plainLoudspeakers: 3239,
    sources: ['synthetic demo'],
    synthetic: true,
  },
  warnings: [
    {
      code: 'horn.assumed',
      field: 'sensitivityDb',
      messageEn: 'The register does not know this of the cluster’s horns; a default stands in.',
      messageVi: 'Không có dữ liệu này của loa; dùng giá trị mặc định.',
      count: 120,
      subjects: ['hgi-31318-01'],
    },
  ],
};

export const QUEUED_RUN_EXAMPLE = {
  ...RUN_EXAMPLE,
  state: 'queued',
  progress: 0,
  synthetic: null,
  finishedAt: null,
  manifest: null,
  warnings: [],
};

export const FIGURE_EXAMPLE = {
  ...AREA,
  areaKind: 'commune',
  period: 'day',
  areaKm2: 2.1,
  areaHeardKm2: 0.9,
  areaPercent: 42.857,
  areaEchoKm2: 0.2,
  population: 9100,
  populationHeard: 4200,
  populationPercent: 46.154,
  populationEcho: 930,
  plainLoudspeakers: 44,
  populationWithPlain: 5900,
  populationPercentWithPlain: 64.835,
  householdsPercentWithPlain: 64.84,
  households: 2500,
  householdsHeard: 1154,
  householdsPercent: 46.16,
  communes: 1,
  communesWithoutPopulation: 0,
  communesWithoutHouseholds: 0,
};

export const SILENT_SPOT_EXAMPLE = {
  ...AREA,
  period: 'day',
  cells: 41,
  areaKm2: 0.58,
  population: 2310.4,
  households: 640.2,
  densestCell: '8a694869c427fff',
  lon: 105.4699,
  lat: 9.7831,
  nearestCluster: { id: 'hgi-31318-01', distanceM: 612 },
};

export const CELLS_EXAMPLE = {
  type: 'FeatureCollection',
  period: 'day',
  numberMatched: 1,
  numberReturned: 1,
  nextCursor: null,
  features: [
    {
      type: 'Feature',
      id: '8a694869c427fff',
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [105.4698, 9.7838],
            [105.4692, 9.7834],
            [105.4693, 9.7827],
            [105.47, 9.7824],
            [105.4706, 9.7828],
            [105.4705, 9.7835],
            [105.4698, 9.7838],
          ],
        ],
      },
      properties: {
        levelDba: 64.2,
        cluster: 'hgi-31318-01',
        heardShare: 0.714,
        echoShare: 0,
        clustersHeard: 1,
        landCover: 'suburban',
        population: 41.2,
      },
    },
  ],
};

export const PLACE_EXAMPLE = {
  cell: '8a694869c427fff',
  lon: 105.4699,
  lat: 9.7831,
  population: 41.2,
  households: 11.4,
  landCover: 'suburban',
  groundFactor: 0.6,
  periods: [
    { period: 'day', backgroundDba: 52, heardFromDba: 62, heard: true, marginDb: 2.2, clustersHeard: 1 },
    { period: 'night', backgroundDba: 44, heardFromDba: 54, heard: true, marginDb: 10.2, clustersHeard: 1 },
  ],
  clusters: [
    {
      clusterId: 'hgi-31318-01',
      distanceM: 287,
      bearingDeg: 31,
      hornHeightM: 8,
      atOneMetreDba: 114.9,
      spreadingDb: 49.2,
      airDb: 1.4,
      groundDb: 0.1,
      levelDba: 64.2,
      assumed: ['dispersionDeg', 'sensitivityDb'],
      outsideRange: [],
    },
  ],
};
