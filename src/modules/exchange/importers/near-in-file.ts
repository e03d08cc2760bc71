import { haversineM } from '../../../geo/index.js';
import { NEAR_M } from './places.reader.js';

interface Spot {
  row: number;
  lon: number;
  lat: number;
}

/** About 55 m: any two places within `NEAR_M` are in the same square or in neighbouring ones. */
const SQUARE_DEG = 0.0005;

/** Finds the earlier row of a file that has the same owner at the same place. */
export class NearInFile {
  private readonly squares = new Map<string, Spot[]>();

  add(owner: string | null, spot: Spot): number | undefined {
    const [x, y] = [Math.floor(spot.lon / SQUARE_DEG), Math.floor(spot.lat / SQUARE_DEG)];
    const key = (dx: number, dy: number) => `${owner}|${x + dx}|${y + dy}`;
    let near: number | undefined;
    if (owner !== null)
      for (const dx of [-1, 0, 1])
        for (const dy of [-1, 0, 1])
          near ??= this.squares
            .get(key(dx, dy))
            ?.find((other) => haversineM(other.lon, other.lat, spot.lon, spot.lat) <= NEAR_M)?.row;
    const own = this.squares.get(key(0, 0));
    if (own) own.push(spot);
    else this.squares.set(key(0, 0), [spot]);
    return near;
  }
}
