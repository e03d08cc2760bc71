import { polygonsOf } from '../../../geo/index.js';
import type { Ground } from './ground/ground.js';
import type { LandCoverRule, SettlementRule } from './parameters.js';
import type { GridArea } from './snapshot.js';

export interface GridOptions {
  /** H3 resolution, 6–11. */
  resolution: number;
  settlement: SettlementRule;
  landCover: LandCoverRule;
  /** Left out: the ground follows the people, and of water nothing is known. */
  ground?: Ground;
}

/** Changes whenever the way a grid is made changes. */
const GRID_VERSION = 2;

/** Two 32-bit FNV-1a sums with different starts over the bits of numbers and the units of text. */
class Fingerprint {
  private a = 0x811c9dc5;
  private b = 0x01000193;
  private readonly number = new Float64Array(1);
  private readonly words = new Uint32Array(this.number.buffer);

  addNumber(value: number): void {
    this.number[0] = value;
    this.addWord(this.words[0] as number);
    this.addWord(this.words[1] as number);
  }

  addText(text: string): void {
    this.addWord(text.length);
    for (let i = 0; i < text.length; i++) this.addWord(text.charCodeAt(i));
  }

  toString(): string {
    return [this.a, this.b].map((sum) => (sum >>> 0).toString(16).padStart(8, '0')).join('');
  }

  private addWord(word: number): void {
    this.a = Math.imul(this.a ^ word, 0x01000193);
    this.a ^= this.a >>> 15;
    this.b = Math.imul(this.b ^ word, 0x85ebca6b);
    this.b ^= this.b >>> 13;
  }
}

/**
 * A short name for all that a grid is made from: two equal keys mean the same grid (short of a collision, 1 in 2⁶⁴ for unrelated
 * input). Not a cryptographic sum.
 */
export function gridKey(areas: readonly GridArea[], options: GridOptions): string {
  const sum = new Fingerprint();
  const { settlement, landCover } = options;
  sum.addNumber(settlement.share);
  sum.addNumber(settlement.radiusM);
  sum.addNumber(landCover.urbanFromPerKm2);
  sum.addNumber(landCover.suburbanFromPerKm2);
  if (options.ground) sum.addText(options.ground.key);
  for (const area of areas) {
    sum.addText(area.code);
    sum.addNumber(area.population ?? -1);
    sum.addNumber(area.households ?? -1);
    for (const centre of area.centres) centre.forEach((value) => sum.addNumber(value));
    for (const point of area.people ?? []) point.forEach((value) => sum.addNumber(value));
    for (const side of area.peopleSpreadDeg ?? []) sum.addNumber(side);
    for (const rings of polygonsOf(area.polygon)) {
      sum.addNumber(rings.length);
      for (const ring of rings) {
        sum.addNumber(ring.length);
        for (const [lon, lat] of ring) {
          sum.addNumber(lon);
          sum.addNumber(lat);
        }
      }
    }
  }
  return `g${GRID_VERSION}-r${options.resolution}-${sum.toString()}`;
}
