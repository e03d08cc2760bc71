import { haversineM } from '../../../geo/index.js';
import { NEAR_M } from './places.reader.js';

interface Spot {
  row: number;
  lon: number;
  lat: number;
}

/** About 55 m: any two places within `NEAR_M` are in the same square or in neighbouring ones. */
const SQUARE_DEG = 0.0005;
/** More squares than there are from the south to the north. */
const COLUMN = 1_000_000;

/** Finds the earlier row of a file that has the same owner at the same place. */
export class NearInFile {
  /** By owner, then by the number of the square. */
  private readonly squares = new Map<string, Map<number, Spot[]>>();

  add(owner: string | null, spot: Spot): number | undefined {
    if (owner === null) return undefined;
    const squares = this.squares.get(owner) ?? new Map<number, Spot[]>();
    this.squares.set(owner, squares);
    const square = Math.floor(spot.lon / SQUARE_DEG) * COLUMN + Math.floor(spot.lat / SQUARE_DEG);
    let near: number | undefined;
    for (const dx of [-COLUMN, 0, COLUMN])
      for (const dy of [-1, 0, 1])
        near ??= squares
          .get(square + dx + dy)
          ?.find((other) => haversineM(other.lon, other.lat, spot.lon, spot.lat) <= NEAR_M)?.row;
    const own = squares.get(square);
    if (own) own.push(spot);
    else squares.set(square, [spot]);
    return near;
  }
}
