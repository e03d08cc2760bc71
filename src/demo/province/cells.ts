import { type RandomStream, round } from './random.js';
import { type DemoCell, type DemoSite, type DemoTechnology, SYNTHETIC } from './types.js';

/** A carrier as an operator builds it. Powers, gains and losses are usual values of the trade, not published ones. */
interface Carrier {
  key: string;
  technology: DemoTechnology;
  band: string;
  frequencyMhz: number;
  bandwidthMhz: number;
  txPowerDbm: number;
  gainDbi: number;
  feederLossDb: number;
  verticalBeamwidthDeg: number;
  /** Share of the operator's sites that have it, in towns and outside. */
  inTown: number;
  outside: number;
  since: string;
}

const gsm900 = (frequencyMhz: number, inTown: number, outside: number): Carrier => ({
  key: 'G9',
  technology: '2G',
  band: 'B8',
  frequencyMhz,
  bandwidthMhz: 0.2,
  txPowerDbm: 43,
  gainDbi: 15.5,
  feederLossDb: 2,
  verticalBeamwidthDeg: 10,
  inTown,
  outside,
  since: '2009-06-01',
});

const umts2100 = (frequencyMhz: number, inTown: number, outside: number): Carrier => ({
  key: 'U21',
  technology: '3G',
  band: 'B1',
  frequencyMhz,
  bandwidthMhz: 5,
  txPowerDbm: 43,
  gainDbi: 17.5,
  feederLossDb: 1.5,
  verticalBeamwidthDeg: 7,
  inTown,
  outside,
  since: '2012-04-01',
});

const lte = (
  key: string,
  band: string,
  frequencyMhz: number,
  bandwidthMhz: number,
  inTown: number,
  outside: number,
): Carrier => ({
  key,
  technology: '4G',
  band,
  frequencyMhz,
  bandwidthMhz,
  txPowerDbm: bandwidthMhz >= 15 ? 46 : 43,
  gainDbi: band === 'B8' ? 15.5 : 17.5,
  feederLossDb: 0.5,
  verticalBeamwidthDeg: band === 'B8' ? 10 : 7,
  inTown,
  outside,
  since: '2017-05-01',
});

const nr = (key: string, band: string, frequencyMhz: number): Carrier => ({
  key,
  technology: '5G',
  band,
  frequencyMhz,
  bandwidthMhz: 100,
  txPowerDbm: 53,
  gainDbi: 24,
  feederLossDb: 0,
  verticalBeamwidthDeg: 6,
  inTown: 0,
  outside: 0,
  since: '2024-12-01',
});

/** Carriers by operator; the first of technology 4G is on every site, so that each network reaches everybody with it. */
const CARRIERS: Readonly<Record<string, readonly Carrier[]>> = {
  viettel: [
    lte('L18', 'B3', 1815, 20, 1, 1),
    lte('L21', 'B1', 2117.5, 15, 0.7, 0.25),
    gsm900(947.5, 0.6, 0.5),
    umts2100(2132.5, 0.6, 0.4),
  ],
  vnpt: [
    lte('L18', 'B3', 1835, 20, 1, 1),
    lte('L21', 'B1', 2137.5, 10, 0.5, 0.15),
    gsm900(939, 0.5, 0.45),
    umts2100(2147.5, 0.9, 0.7),
  ],
  mobifone: [
    lte('L18', 'B3', 1855, 20, 1, 1),
    lte('L21', 'B1', 2152.5, 10, 0.4, 0.15),
    gsm900(955, 0.5, 0.45),
    umts2100(2162.5, 0.9, 0.7),
  ],
  vietnamobile: [lte('L9', 'B8', 930, 10, 1, 1), umts2100(2167.5, 0.9, 0.8), gsm900(926, 0.3, 0.3)],
};

/** 5G carriers by operator. */
const NR_CARRIERS: Readonly<Record<string, Carrier>> = {
  viettel: nr('N41', 'n41', 2550),
  vnpt: nr('N78', 'n78', 3750),
};

interface AntennaSetting {
  operatorCode: string;
  /** What the codes of the cells begin with. */
  codePrefix: string;
  /** Azimuth of the first sector; the others follow at 120°. */
  firstAzimuthDeg: number;
  antennaHeightM: number;
  confidence: DemoSite['confidence'];
  inTown: boolean;
}

function physicalCellId(technology: DemoTechnology, sector: number, random: RandomStream): number | null {
  if (technology === '4G') return 3 * random.whole(0, 167) + sector;
  if (technology === '5G') return 3 * random.whole(0, 335) + sector;
  return null;
}

/** Three sectors of one carrier. Poorly known sites leave what nobody measured unknown. */
function sectors(carrier: Carrier, setting: AntennaSetting, random: RandomStream): DemoCell[] {
  const unknownRadio =
    setting.confidence === 'estimated' || (setting.confidence === 'inferred' && random.chance(0.35));
  const unknownTilt = setting.confidence !== 'confirmed';
  const known = (value: number): number | null => (unknownRadio ? null : value);
  const assumedFields = [
    ...(unknownRadio ? ['txPowerDbm', 'gainDbi', 'feederLossDb', 'verticalBeamwidthDeg'] : []),
    ...(unknownTilt ? ['mechanicalTiltDeg', 'electricalTiltDeg'] : []),
    ...(setting.confidence === 'confirmed' ? [] : ['horizontalBeamwidthDeg']),
    ...(setting.confidence === 'estimated' ? ['azimuthDeg', 'antennaHeightM'] : []),
  ];
  const electricalTiltDeg = random.whole(setting.inTown ? 3 : 1, setting.inTown ? 7 : 4);
  return [0, 1, 2].map((sector) => ({
    code: `${setting.codePrefix}-${carrier.key}-${sector + 1}`,
    operatorCode: setting.operatorCode,
    technology: carrier.technology,
    band: carrier.band,
    frequencyMhz: carrier.frequencyMhz,
    bandwidthMhz: carrier.bandwidthMhz,
    azimuthDeg: (setting.firstAzimuthDeg + 120 * sector) % 360,
    horizontalBeamwidthDeg: 65,
    verticalBeamwidthDeg: known(carrier.verticalBeamwidthDeg),
    mechanicalTiltDeg: unknownTilt ? null : random.whole(0, 2),
    electricalTiltDeg: unknownTilt ? null : electricalTiltDeg,
    antennaHeightM: round(setting.antennaHeightM, 1),
    txPowerDbm: known(carrier.txPowerDbm),
    gainDbi: known(carrier.gainDbi),
    feederLossDb: known(carrier.feederLossDb),
    physicalCellId: physicalCellId(carrier.technology, sector, random),
    onAirSince: carrier.since,
    assumedFields,
    source: SYNTHETIC,
  }));
}

/** The cells of one network on one site: the carriers it happens to have there, and 5G where asked for. */
export function cellsOf(setting: AntennaSetting, with5g: boolean, random: RandomStream): DemoCell[] {
  const carriers = (CARRIERS[setting.operatorCode] ?? []).filter((carrier) =>
    random.chance(setting.inTown ? carrier.inTown : carrier.outside),
  );
  const extra = with5g ? NR_CARRIERS[setting.operatorCode] : undefined;
  return [...carriers, ...(extra ? [extra] : [])].flatMap((carrier) => sectors(carrier, setting, random));
}
