/** Columns and rows by turns. */
export type PixelRing = Float64Array;

/**
 * Gives a class to the pixels whose centres lie in a polygon (its rings by even and odd, so that holes are holes). Returns how much
 * work it was, pixels and crossings; when that would be more than `mostWork` it stops early.
 */
export function fillRings(
  raster: { width: number; height: number; data: Uint8Array },
  rings: readonly PixelRing[],
  value: number,
  mostWork: number,
): number {
  const { width, height, data } = raster;
  const crossings = new Map<number, number[]>();
  let work = 0;
  for (const ring of rings) {
    for (let i = 0; i < ring.length; i += 2) {
      const j = (i + 2) % ring.length;
      const [ax, ay, bx, by] = [ring[i], ring[i + 1], ring[j], ring[j + 1]] as [
        number,
        number,
        number,
        number,
      ];
      // Rows whose middle lies from the upper end (inclusive) to the lower one.
      const first = Math.max(0, Math.ceil(Math.min(ay, by) - 0.5));
      const end = Math.min(height, Math.ceil(Math.max(ay, by) - 0.5));
      work += 1 + Math.max(0, end - first);
      if (work > mostWork) return work;
      for (let row = first; row < end; row++) {
        const x = ax + ((row + 0.5 - ay) / (by - ay)) * (bx - ax);
        const list = crossings.get(row);
        if (list) list.push(x);
        else crossings.set(row, [x]);
      }
    }
  }
  for (const [row, xs] of crossings) {
    xs.sort((a, b) => a - b);
    for (let k = 0; k + 1 < xs.length; k += 2) {
      const from = Math.max(0, Math.ceil((xs[k] as number) - 0.5));
      const to = Math.min(width, Math.ceil((xs[k + 1] as number) - 0.5));
      if (to <= from) continue;
      work += to - from;
      if (work > mostWork) return work;
      data.fill(value, row * width + from, row * width + to);
    }
  }
  return work;
}
