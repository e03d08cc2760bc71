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
const NONE = -1;

/** Finds the earlier row of a file that has the same owner at the same place. */
export class NearInFile {
  /** By owner, then by the number of the square: its latest spot. A file's spots are numbers side by side, not objects. */
  private readonly squares = new Map<string, Map<number, number>>();
  private spots = new Float64Array(3 * 1024);
  /** The spot before in the same square. */
  private earlier = new Int32Array(1024);
  private count = 0;

  add(owner: string | null, spot: Spot): number | undefined {
    if (owner === null) return undefined;
    const squares = this.squares.get(owner) ?? new Map<number, number>();
    this.squares.set(owner, squares);
    const square = Math.floor(spot.lon / SQUARE_DEG) * COLUMN + Math.floor(spot.lat / SQUARE_DEG);
    let near: number | undefined;
    for (const dx of [-COLUMN, 0, COLUMN])
      for (const dy of [-1, 0, 1]) near ??= this.firstNear(squares.get(square + dx + dy), spot);
    squares.set(square, this.push(spot, squares.get(square)));
    return near;
  }

  private firstNear(latest: number | undefined, { lon, lat }: Spot): number | undefined {
    let row: number | undefined;
    for (let i = latest ?? NONE; i !== NONE; i = this.earlier[i] ?? NONE) {
      const at = 3 * i;
      const [otherRow = 0, otherLon = 0, otherLat = 0] = [
        this.spots[at],
        this.spots[at + 1],
        this.spots[at + 2],
      ];
      if (haversineM(otherLon, otherLat, lon, lat) <= NEAR_M) row = otherRow;
    }
    return row;
  }

  private push({ row, lon, lat }: Spot, earlier = NONE): number {
    const i = this.count;
    if (i === this.earlier.length) {
      this.spots = grown(this.spots, new Float64Array(2 * this.spots.length));
      this.earlier = grown(this.earlier, new Int32Array(2 * this.earlier.length));
    }
    this.spots.set([row, lon, lat], 3 * i);
    this.earlier[i] = earlier;
    this.count += 1;
    return i;
  }
}

function grown<T extends Float64Array | Int32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
