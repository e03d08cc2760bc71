import type {
  CellDefaults,
  Cutoff,
  LandCoverRule,
  RunParameters,
  SettlementRule,
  Threshold,
} from './parameters.js';
import type { ModelId } from './propagation/registry.js';
import type { LandCover, Technology } from './technology.js';

const TRAI =
  'Telecom Regulatory Authority of India, guidelines on publishing coverage maps under the quality of service regulations of 2024';
const STEPS = 'classes above: assumption (good −105 dBm RSRP; else 5 and 15 dB above the threshold)';

const threshold = (metric: Threshold['metric'], sufficientDbm: number): Threshold => ({
  metric,
  sufficientDbm,
  goodDbm: sufficientDbm + 5,
  veryGoodDbm: sufficientDbm + 15,
  source: `${TRAI}: ${metric} ≥ ${sufficientDbm} dBm outdoors; ${STEPS}`,
  assumed: false,
});

/** Vietnam's own criteria for white spots (1603/BTTTT-CVT) could not be read; they are to be set here when known. */
export const DEFAULT_THRESHOLDS: Record<Technology, Threshold> = {
  '2G': threshold('RxLev', -95),
  '3G': threshold('RSCP', -99),
  '4G': threshold('RSRP', -110),
  '5G': threshold('RSRP', -110),
};

const TRADE = 'usual values of the trade, assumed';

/** Values that stand in for unknown ones. None is published for this province: all are assumed, and are counted where used. */
export const DEFAULT_CELLS: Record<Technology, CellDefaults> = {
  '2G': {
    frequencyMhz: 945,
    bandwidthMhz: 0.2,
    txPowerDbm: 43,
    gainDbi: 15.5,
    omniGainDbi: 11,
    feederLossDb: 2,
    horizontalBeamwidthDeg: 65,
    verticalBeamwidthDeg: 10,
    tiltDeg: 3,
    antennaHeightM: null,
    source: TRADE,
    assumed: true,
  },
  '3G': {
    frequencyMhz: 2140,
    bandwidthMhz: 5,
    txPowerDbm: 43,
    gainDbi: 17.5,
    omniGainDbi: 11,
    feederLossDb: 1.5,
    horizontalBeamwidthDeg: 65,
    verticalBeamwidthDeg: 7,
    tiltDeg: 3,
    antennaHeightM: null,
    source: TRADE,
    assumed: true,
  },
  '4G': {
    frequencyMhz: 1840,
    bandwidthMhz: 20,
    txPowerDbm: 46,
    gainDbi: 17.5,
    omniGainDbi: 11,
    feederLossDb: 0.5,
    horizontalBeamwidthDeg: 65,
    verticalBeamwidthDeg: 7,
    tiltDeg: 3,
    antennaHeightM: null,
    source: TRADE,
    assumed: true,
  },
  '5G': {
    frequencyMhz: 3500,
    bandwidthMhz: 100,
    txPowerDbm: 53,
    gainDbi: 24,
    omniGainDbi: 11,
    feederLossDb: 0,
    horizontalBeamwidthDeg: 65,
    verticalBeamwidthDeg: 7,
    tiltDeg: 3,
    antennaHeightM: null,
    source: TRADE,
    assumed: true,
  },
};

const everywhere = (model: ModelId): Record<LandCover, ModelId> => ({
  urban: model,
  suburban: model,
  open: model,
});

const cutoff = (maxRangeM: number): Cutoff => ({
  maxRangeM,
  belowThresholdDb: 20,
  source: 'assumption: no service is planned beyond, and levels 20 dB below the threshold are of no use',
  assumed: true,
});

export const DEFAULT_LAND_COVER: LandCoverRule = {
  urbanFromPerKm2: 2500,
  suburbanFromPerKm2: 500,
  source: 'assumption: people per km² of the cell, no satellite land cover',
  assumed: true,
};

export const DEFAULT_SETTLEMENT: SettlementRule = {
  share: 0.4,
  radiusM: 700,
  source:
    'assumption: 40 % of the people about the settlement centres, the others evenly along canals and roads',
  assumed: true,
};

/** The parameters of a run of outdoor coverage at 50 %, which a caller may change one by one. Each call gives a new object. */
export function defaultParameters(changes: Partial<RunParameters> = {}): RunParameters {
  const parameters: RunParameters = {
    resolution: 10,
    place: 'outdoor',
    probability: 0.5,
    shadowSigmaDb: 8,
    mobileHeightM: 1.5,
    buildings: { urban: 'low', suburban: 'low', open: 'low' },
    environments: { urban: 'urban', suburban: 'suburban', open: 'open' },
    models: {
      '2G': everywhere('extended-hata'),
      '3G': everywhere('extended-hata'),
      '4G': everywhere('extended-hata'),
      '5G': everywhere('3gpp-38901-rma'),
    },
    thresholds: DEFAULT_THRESHOLDS,
    cellDefaults: DEFAULT_CELLS,
    antenna: {
      maxAttenuationDb: 25,
      sideLobeDb: 20,
      source: '3GPP TR 36.814 table A.2.1.1-2',
      assumed: false,
    },
    cutoffs: { '2G': cutoff(15_000), '3G': cutoff(10_000), '4G': cutoff(10_000), '5G': cutoff(5000) },
    landCover: DEFAULT_LAND_COVER,
    settlement: DEFAULT_SETTLEMENT,
    ...changes,
  };
  return structuredClone(parameters);
}
