import { BAND_PATTERN, downlinkMhz } from './bands.js';
import {
  checkDate,
  checkNames,
  checkOneOf,
  checkPattern,
  checkRange,
  checkText,
  type Range,
} from './checks.js';
import { TECHNOLOGIES, type Cell, type Technology, type Violation } from './site-model.js';

/** Limits of what antennas and transmitters can be; what is outside was mistyped or in another unit. */
export const CELL_RANGES = {
  frequencyMhz: { min: 300, max: 52_600, unit: 'MHz' },
  bandwidthMhz: { min: 0.1, max: 400, unit: 'MHz' },
  azimuthDeg: { min: 0, max: 360, unit: '°' },
  horizontalBeamwidthDeg: { min: 1, max: 360, unit: '°' },
  verticalBeamwidthDeg: { min: 1, max: 180, unit: '°' },
  mechanicalTiltDeg: { min: -20, max: 30, unit: '°' },
  electricalTiltDeg: { min: -20, max: 30, unit: '°' },
  antennaHeightM: { min: 1, max: 350, unit: 'm' },
  txPowerDbm: { min: -10, max: 60, unit: 'dBm' },
  referenceEirpDbm: { min: -30, max: 90, unit: 'dBm' },
  gainDbi: { min: -10, max: 40, unit: 'dBi' },
  feederLossDb: { min: 0, max: 20, unit: 'dB' },
} as const satisfies Partial<Record<keyof Cell, Range>>;
type RangedField = keyof typeof CELL_RANGES;
const RANGED_FIELDS = Object.keys(CELL_RANGES) as RangedField[];

/** BSIC, primary scrambling code, and physical cell id of LTE and NR: 3GPP TS 23.003, 25.213, 36.211, 38.211. */
const PHYSICAL_IDS: Readonly<Record<Technology, number>> = { '2G': 63, '3G': 511, '4G': 503, '5G': 1007 };

const ASSUMABLE: readonly string[] = [...RANGED_FIELDS, 'band', 'physicalCellId', 'onAirSince', 'onAirUntil'];

export const CELL_CODE = /^[A-Za-z0-9._-]{1,64}$/;

/** Everything that is wrong with a cell taken by itself; `at` comes before each field's name, as in `cells.0.`. */
export function checkCell(cell: Cell, at: string): Violation[] {
  const technology = TECHNOLOGIES.find((known) => known === cell.technology);
  const found: Violation[] = [
    ...checkPattern('code', cell.code, CELL_CODE, {
      en: '1 to 64 letters a–z, digits, dots, hyphens or underscores',
      vi: '1 đến 64 chữ cái a–z, chữ số, dấu chấm, gạch nối hoặc gạch dưới',
    }),
    ...checkOneOf('technology', cell.technology, TECHNOLOGIES),
    ...RANGED_FIELDS.flatMap((field) => checkRange(field, cell[field], CELL_RANGES[field])),
    ...(technology
      ? checkRange('physicalCellId', cell.physicalCellId, {
          min: 0,
          max: PHYSICAL_IDS[technology],
          unit: '',
          whole: true,
        })
      : []),
    ...checkBand(cell),
    ...checkPower(cell),
    ...checkOnAir(cell),
    ...checkNames('assumedFields', cell.assumedFields, ASSUMABLE),
    ...checkText('source', cell.source, 500),
  ];
  return found.map((violation) => ({ ...violation, field: at + violation.field }));
}

function checkBand({ band, technology, frequencyMhz }: Cell): Violation[] {
  if (band === null) return [];
  const right = {
    en: 'B and a number before 5G (B3), n and a number in 5G (n78)',
    vi: 'B và số với 2G–4G (B3), n và số với 5G (n78)',
  };
  if (!BAND_PATTERN.test(band) || band.startsWith('n') !== (technology === '5G'))
    return [{ field: 'band', code: 'BAND', en: `band must be ${right.en}`, vi: `band phải là ${right.vi}` }];
  const downlink = downlinkMhz(band);
  if (!downlink || frequencyMhz === null || (frequencyMhz >= downlink[0] && frequencyMhz <= downlink[1]))
    return [];
  const [low, high] = downlink;
  return [
    {
      field: 'frequencyMhz',
      code: 'BAND',
      en: `frequencyMhz is the centre of the downlink, in band ${band} from ${low} to ${high} MHz`,
      vi: `frequencyMhz là tần số trung tâm đường xuống, ở băng ${band} từ ${low} đến ${high} MHz`,
    },
  ];
}

function checkPower({ txPowerDbm, referenceEirpDbm }: Cell): Violation[] {
  if (txPowerDbm === null || referenceEirpDbm === null) return [];
  return [
    {
      field: 'referenceEirpDbm',
      code: 'EITHER',
      en: 'give either txPowerDbm or referenceEirpDbm, not both',
      vi: 'chỉ ghi txPowerDbm hoặc referenceEirpDbm, không ghi cả hai',
    },
  ];
}

function checkOnAir({ onAirSince, onAirUntil }: Cell): Violation[] {
  const found = [...checkDate('onAirSince', onAirSince), ...checkDate('onAirUntil', onAirUntil)];
  if (found.length > 0 || onAirSince === null || onAirUntil === null || onAirSince < onAirUntil) return found;
  return [
    {
      field: 'onAirUntil',
      code: 'ORDER',
      en: 'onAirUntil must be after onAirSince (it is the first day no longer on air)',
      vi: 'onAirUntil phải sau onAirSince (là ngày đầu tiên ngừng phát sóng)',
    },
  ];
}
