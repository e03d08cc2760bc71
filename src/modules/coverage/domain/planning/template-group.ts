import type { RunParameters } from '../parameters.js';
import { lossAt, MIN_SQUARED_M2 } from '../path-loss-table.js';
import { depressionDeg } from '../sector-levels.js';
import { LAND_COVERS, type Technology } from '../technology.js';
import { PATTERN_STEPS, type TransmitterGroup } from '../transmitter-groups.js';

/** Directions are told apart by so many steps to a quarter. */
const QUARTER = 180;
const DIRECTIONS = 4 * QUARTER;
/** Directions looked at within a step, and distances within an octave of the square. */
const SAMPLES = 4;
const DISTANCE_STEPS = 256;
/** Beams narrower than this change too fast for it: nothing is certain about them. */
const NARROW_DEG = { horizontal: 15, vertical: 3 };
/** Between two distances that are looked at the loss differs by less, dB. */
const LOSS_SLACK_DB = 0.1;
/** From one that is looked at the next direction is at most so far, and the next elevation, degrees; a little more than it is. */
const TURN_DEG = { across: 0.09, upAndDown: 0.045 };
const HALF_PATTERN = PATTERN_STEPS / 2;

/** Places that are looked for a server for, in metres of the grid's projection. */
export interface Spots {
  x: Float64Array;
  y: Float64Array;
  landCover: Uint8Array;
}

/**
 * Cells of a template that share frequency and height: whether a place is served by one of them. Levels are reckoned as the engine does only
 * where it is not certain from direction, distance and land cover alone.
 */
export class TemplateGroup {
  readonly reachM: number;
  private readonly thresholdDbm: number;
  private readonly furthest: number;
  /** By land cover and direction, m²: served up to here, and nowhere from there on. */
  private readonly certain: Float64Array;
  private readonly never: Float64Array;

  constructor(
    private readonly group: TransmitterGroup,
    technology: Technology,
    private readonly parameters: RunParameters,
  ) {
    this.thresholdDbm = parameters.thresholds[technology].sufficientDbm;
    this.certain = new Float64Array(LAND_COVERS.length * (DIRECTIONS + 1));
    this.never = new Float64Array(this.certain.length);
    for (let c = 0; c < group.transmitter.length; c++) this.findCertainties(c);
    const never = this.never.reduce((a, b) => Math.max(a, b), 0);
    this.furthest = Math.min(group.reachSquaredM2, never);
    this.reachM = Math.sqrt(this.furthest);
  }

  /** Writes 1 for each of the spots `from` to `to` (exclusive) that a site at x, y serves; the first spot's mark comes first. */
  mark(spots: Spots, from: number, to: number, x: number, y: number, served: Uint8Array): void {
    const { furthest, certain, never } = this;
    for (let p = from; p < to; p++) {
      const dx = (spots.x[p] as number) - x;
      const dy = (spots.y[p] as number) - y;
      const squaredM2 = dx * dx + dy * dy;
      if (squaredM2 > furthest) continue;
      const landCover = spots.landCover[p] as number;
      // In the middle of the mast there is no direction.
      const at = squaredM2 === 0 ? -1 : landCover * (DIRECTIONS + 1) + directionOf(dx, dy);
      if (squaredM2 <= (certain[at] ?? -1)) served[p - from] = 1;
      else if (squaredM2 < (never[at] ?? Infinity) && this.reachesAt(dx, dy, squaredM2, landCover))
        served[p - from] = 1;
    }
  }

  private reachesAt(dx: number, dy: number, squaredM2: number, landCover: number): boolean {
    const turn = squaredM2 === 0 ? 0 : 1 / Math.sqrt(squaredM2);
    return this.reaches(Math.max(squaredM2, MIN_SQUARED_M2), landCover, dx * turn, dy * turn);
  }

  /** As `addSector` reckons it, towards a unit vector. */
  private reaches(ground: number, landCover: number, east: number, north: number): boolean {
    const { group } = this;
    const loss = lossAt(group.table, landCover, ground);
    for (let c = 0; c < group.transmitter.length; c++) {
      const both = this.acrossDb(c, east, north) + this.upAndDownDb(c, ground);
      const attenuation = Math.min(both, this.parameters.antenna.maxAttenuationDb);
      if (Math.fround((group.eirpDbm[c] as number) - loss - attenuation) >= this.thresholdDbm) return true;
    }
    return false;
  }

  private acrossDb(c: number, east: number, north: number): number {
    const { group } = this;
    const cosine = east * (group.east[c] as number) + north * (group.north[c] as number);
    const place = (cosine + 1) * HALF_PATTERN;
    const edge = place | 0;
    const pattern = group.pattern[c] as Float32Array;
    const low = pattern[edge] as number;
    return low + ((pattern[edge + 1] as number) - low) * (place - edge);
  }

  private upAndDownDb(c: number, ground: number): number {
    const { group } = this;
    const depression = depressionDeg(group.riseM / Math.sqrt(ground));
    const off = (depression - (group.tiltDeg[c] as number)) * (group.perBeamDeg[c] as number);
    return Math.min(12 * off * off, this.parameters.antenna.sideLobeDb);
  }

  /**
   * A sector serves where its attenuation across is at most what distance and elevation leave of its power: served for certain as long as that
   * is enough all the way, and for certain not where it is not enough from there on.
   */
  private findCertainties(c: number): void {
    const { group } = this;
    const { maxAttenuationDb } = this.parameters.antenna;
    const [least, most] = this.attenuationByDirection(c);
    const narrow = (group.perBeamDeg[c] as number) > 1 / NARROW_DEG.vertical;
    const slackDb = this.slackDb(c);
    const factor = 2 ** (1 / DISTANCE_STEPS);
    const grounds: number[] = [];
    for (let ground = MIN_SQUARED_M2; ground <= group.reachSquaredM2; ground *= factor) grounds.push(ground);
    for (let landCover = 0; landCover < LAND_COVERS.length; landCover++) {
      const left = grounds.map((ground) => {
        const power =
          (group.eirpDbm[c] as number) - lossAt(group.table, landCover, ground) - this.thresholdDbm;
        const enough = power >= maxAttenuationDb + slackDb;
        return {
          most: enough ? Infinity : power,
          least: enough ? Infinity : power - this.upAndDownDb(c, ground),
        };
      });
      const allTheWay = left.map(({ least: now }) => now);
      for (let k = 1; k < left.length; k++)
        allTheWay[k] = Math.min(allTheWay[k] as number, allTheWay[k - 1] as number);
      const fromThere = left.map((now) => (narrow ? now.most : now.least));
      for (let k = left.length - 2; k >= 0; k--)
        fromThere[k] = Math.max(fromThere[k] as number, fromThere[k + 1] as number);
      const ofCover = landCover * (DIRECTIONS + 1);
      const certain = this.certain.subarray(ofCover, ofCover + DIRECTIONS + 1);
      const never = this.never.subarray(ofCover, ofCover + DIRECTIONS + 1);
      for (let d = 0; d <= DIRECTIONS; d++) {
        const sure = narrow ? 0 : countFalling(allTheWay, (most[d] as number) + slackDb);
        if (sure > 0) certain[d] = Math.max(certain[d] as number, grounds[sure - 1] as number);
        const may = countFalling(fromThere, (least[d] as number) - slackDb);
        if (may > 0) never[d] = Math.max(never[d] as number, (grounds[may - 1] as number) * factor * factor);
      }
    }
  }

  /** No level differs by more between two places that are looked at: a beam's 12 (φ / width)² dB is steepest where it ends. */
  private slackDb(c: number): number {
    const { maxAttenuationDb, sideLobeDb } = this.parameters.antenna;
    const across = steepestDbPerDeg(
      1 / beamwidthDeg(this.group.pattern[c] as Float32Array),
      maxAttenuationDb,
    );
    const upAndDown = steepestDbPerDeg(this.group.perBeamDeg[c] as number, sideLobeDb);
    return LOSS_SLACK_DB + TURN_DEG.across * across + TURN_DEG.upAndDown * upAndDown;
  }

  /** The least and the most that the pattern takes off across, in each step of direction. */
  private attenuationByDirection(c: number): [least: Float64Array, most: Float64Array] {
    const least = new Float64Array(DIRECTIONS + 1).fill(Infinity);
    const most = new Float64Array(DIRECTIONS + 1);
    const narrow = beamwidthDeg(this.group.pattern[c] as Float32Array) < NARROW_DEG.horizontal;
    for (let d = 0; d <= DIRECTIONS; d++) {
      for (let sample = 0; sample <= SAMPLES; sample++) {
        const across = this.acrossDb(c, ...unitVector(d + sample / SAMPLES));
        least[d] = narrow ? 0 : Math.min(least[d] as number, across);
        most[d] = narrow ? Infinity : Math.max(most[d] as number, across);
      }
    }
    return [least, most];
  }
}

/** Which step a direction lies in: by the share of north in both together, which rises with the angle and needs no arctangent. */
function directionOf(dx: number, dy: number): number {
  const share = dy / (Math.abs(dx) + Math.abs(dy));
  return (((dx >= 0 ? share : 2 - share) + 1) * QUARTER) | 0;
}

/** The unit vector of a place among the steps of direction. */
function unitVector(place: number): [east: number, north: number] {
  const turned = Math.min(place, DIRECTIONS) / QUARTER - 1;
  const dy = turned <= 1 ? turned : 2 - turned;
  const dx = (turned <= 1 ? 1 : -1) * (1 - Math.abs(dy));
  const length = Math.hypot(dx, dy);
  return [dx / length, dy / length];
}

/** The angle within which a pattern takes off at most 3 dB, degrees. */
function beamwidthDeg(pattern: Float32Array): number {
  const edge = pattern.findIndex((attenuation) => attenuation <= 3);
  return (360 / Math.PI) * Math.acos(Math.max(-1, edge / HALF_PATTERN - 1));
}

function steepestDbPerDeg(perBeamDeg: number, endDb: number): number {
  return 2 * perBeamDeg * Math.sqrt(12 * endDb);
}

/** How many of some falling values come before the first that is below a limit. */
function countFalling(values: readonly number[], limit: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] as number) >= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
