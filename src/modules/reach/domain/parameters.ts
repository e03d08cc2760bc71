import type { Air } from './air-absorption.js';
import { SPEECH_SOURCE } from './speech-bands.js';

/** A value's origin. `assumed` is true when no publication gives it for this use. */
export interface Sourced {
  source: string;
  assumed: boolean;
}

/** When it is: the background differs. */
export const PERIODS = ['day', 'night'] as const;
export type Period = (typeof PERIODS)[number];

/** What a land cover does to sound, and how loud it is there by itself. */
export interface Surroundings extends Sourced {
  landCover: string;
  /** G of ISO 9613-2, 0 hard to 1 porous. */
  groundFactor: number;
  /** Background, dB(A). */
  dayDba: number;
  nightDba: number;
}

/** What stands in for what the register does not know of a horn. */
export interface HornDefaults extends Sourced {
  /** Level at 1 m on the axis from 1 W, dB. */
  sensitivityDb: number;
  /** Nominal dispersion: between the two directions where the level is 6 dB less than on the axis, degrees. */
  dispersionDeg: number;
  heightM: number;
}

/** All that the reckoning depends on beside clusters and grid. Plain data; goes into the manifest as it is. */
export interface ReachParameters {
  earHeightM: number;
  air: Air & Sourced;
  /** How far the mean level of speech lies below that of a steady tone at the horn's power. */
  speech: Sourced & { belowToneDb: number; spectrum: string };
  horn: HornDefaults;
  /** An FM or wired loudspeaker, of which nobody knows more than that it is there. */
  plainLoudspeaker: Sourced & { powerW: number };
  /** What a horn radiates behind itself, dB below its axis: nothing is less than that. */
  behindHorn: Sourced & { attenuationDb: number };
  /** In the order of the grid's codes of land cover. */
  surroundings: Surroundings[];
  /** How far speech must stand out of the background to be heard and understood. */
  margin: Sourced & { marginDb: number };
  /** Nobody is reckoned to hear from further away, metres. */
  maxRangeM: number;
}

/** Levels are reported down to this far below what is heard. */
export const BELOW_HEARD_DB = 10;
export const MAX_RANGE_M = 5000;

/** To which ISO 9613-2 states its accuracy (±3 dB, table 5), and ISO 9613-1 its own (clause 7). */
export const STATED_RANGES = {
  distanceM: [0, 1000],
  heightM: [0, 30],
  temperatureC: [-20, 50],
  relativeHumidityPercent: [10, 100],
} as const;

const EPA =
  'assumption within the outdoor levels of U.S. EPA 550/9-74-004 (1974): rural 35–50, suburban 48–55, urban 58–72 dB(A); ' +
  'QCVN 26:2010/BTNMT allows 70 dB(A) from 6:00 to 21:00 and 55 dB(A) at night';

const SURROUNDINGS: readonly Surroundings[] = [
  { landCover: 'urban', groundFactor: 0.3, dayDba: 60, nightDba: 50, source: EPA, assumed: true },
  { landCover: 'suburban', groundFactor: 0.6, dayDba: 52, nightDba: 44, source: EPA, assumed: true },
  { landCover: 'open', groundFactor: 1, dayDba: 45, nightDba: 40, source: EPA, assumed: true },
  { landCover: 'water', groundFactor: 0, dayDba: 45, nightDba: 40, source: EPA, assumed: true },
];

/** The defaults for a grid with these codes of land cover, which a caller may change one by one. Each call gives a new object. */
export function defaultReachParameters(landCovers: readonly string[]): ReachParameters {
  const open = SURROUNDINGS.find(({ landCover }) => landCover === 'open') as Surroundings;
  return {
    earHeightM: 1.5,
    air: {
      temperatureC: 27,
      relativeHumidityPercent: 82,
      pressureKpa: 101.325,
      source: 'yearly mean of the Mekong delta (Cần Thơ), rounded',
      assumed: true,
    },
    speech: {
      belowToneDb: 6,
      spectrum: SPEECH_SOURCE,
      source: 'assumption: compressed speech of 9 dB crest factor, peaks at the horn’s power (a tone: 3 dB)',
      assumed: true,
    },
    horn: {
      sensitivityDb: 108,
      dispersionDeg: 90,
      heightM: 8,
      source: 'assumption: usual reflex horns are sold with 105 to 113 dB (1 W, 1 m) and 60 to 120°',
      assumed: true,
    },
    plainLoudspeaker: {
      powerW: 25,
      source: 'assumption: one usual horn, in any direction, somewhere where people of the commune live',
      assumed: true,
    },
    behindHorn: {
      attenuationDb: 15,
      source: 'assumption: usual for reflex horns in the speech band',
      assumed: true,
    },
    surroundings: landCovers.map((landCover) => ({
      ...(SURROUNDINGS.find((known) => known.landCover === landCover) ?? open),
      landCover,
    })),
    margin: {
      marginDb: 10,
      source:
        'IEC 60268-16: a signal 10 dB above the noise has a transmission index of (10 + 15) / 30 = 0.83; NFPA 72 asks 15 dB of alarms',
      assumed: false,
    },
    maxRangeM: 3000,
  };
}

/** Input that nothing can be reckoned from; the message is for the user. */
export class ReachInputError extends Error {
  constructor(
    readonly field: string,
    readonly messageEn: string,
    readonly messageVi: string,
  ) {
    super(messageEn);
    this.name = 'ReachInputError';
  }
}

/** Throws a `ReachInputError` for the first parameter that makes no sense. */
export function checkReachParameters(p: ReachParameters): void {
  const between = (value: number, min: number, max: number, field: string): void => {
    if (value >= min && value <= max) return;
    throw new ReachInputError(
      field,
      `${field} must be from ${min} to ${max}.`,
      `${field} phải từ ${min} đến ${max}.`,
    );
  };
  between(p.earHeightM, 0.5, 20, 'earHeightM');
  between(p.air.temperatureC, -40, 60, 'air.temperatureC');
  between(p.air.relativeHumidityPercent, 1, 100, 'air.relativeHumidityPercent');
  between(p.air.pressureKpa, 50, 120, 'air.pressureKpa');
  between(p.speech.belowToneDb, 0, 30, 'speech.belowToneDb');
  between(p.horn.sensitivityDb, 70, 130, 'horn.sensitivityDb');
  between(p.horn.dispersionDeg, 10, 360, 'horn.dispersionDeg');
  between(p.horn.heightM, 0.5, 200, 'horn.heightM');
  between(p.plainLoudspeaker.powerW, 0, 1000, 'plainLoudspeaker.powerW');
  between(p.behindHorn.attenuationDb, 0, 60, 'behindHorn.attenuationDb');
  between(p.margin.marginDb, 0, 40, 'margin.marginDb');
  between(p.maxRangeM, 50, MAX_RANGE_M, 'maxRangeM');
  p.surroundings.forEach(({ landCover, groundFactor, dayDba, nightDba }) => {
    between(groundFactor, 0, 1, `surroundings.${landCover}.groundFactor`);
    between(dayDba, 0, 120, `surroundings.${landCover}.dayDba`);
    between(nightDba, 0, 120, `surroundings.${landCover}.nightDba`);
  });
}

/** Background of a land cover in a period, dB(A). */
export function backgroundDba(surroundings: Surroundings, period: Period): number {
  return period === 'day' ? surroundings.dayDba : surroundings.nightDba;
}
