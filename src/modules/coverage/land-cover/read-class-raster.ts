import type { Bbox } from '../../../geo/index.js';
import type { ClassRaster } from '../domain/index.js';
import { withRasterFile } from '../geotiff/raster-file.js';
import { refusedFile } from '../geotiff/refused.js';

/** Different classes that a source has at most; each pixel's is kept in a byte. */
export const MOST_CLASSES = 250;

/**
 * Reads classes from a GeoTIFF of whole numbers within a box, a byte a pixel; one block of the file is in memory at a time. Throws 400
 * for what cannot be read, and for a raster that knows nothing there.
 */
export async function readClassRaster(path: string, box: Bbox): Promise<ClassRaster> {
  return withRasterFile(path, async (raster) => {
    const window = raster.windowOf(box);
    const [width, height] = [window.right - window.left, window.bottom - window.top];
    const data = new Uint8Array(width * height);
    const places = new Map<number, number>();
    const placeOf = (value: number): number => {
      const known = places.get(value);
      if (known !== undefined) return known;
      if (!Number.isInteger(value))
        throw refusedFile(`the class ${value} is no whole number`, `lớp ${value} không phải số nguyên`);
      if (places.size >= MOST_CLASSES)
        throw refusedFile(
          `the raster has more than ${MOST_CLASSES} classes`,
          `ảnh raster có hơn ${MOST_CLASSES} lớp`,
        );
      places.set(value, places.size + 1);
      return places.size;
    };
    for await (const { left, top, right, bottom, values, start, stride } of raster.blocks(window)) {
      for (let row = top; row < bottom; row++) {
        const from = start + (row - top) * stride - left;
        const to = (row - window.top) * width - window.left;
        for (let column = left; column < right; column++) {
          const value = values[from + column] as number;
          if (value === raster.noData || Number.isNaN(value)) continue;
          data[to + column] = placeOf(value);
        }
      }
    }
    if (places.size === 0)
      throw refusedFile(
        'the raster has no class over the administrative units',
        'ảnh raster không có lớp nào trên các đơn vị hành chính',
      );
    const { place } = raster;
    return {
      ...place,
      west: place.west + window.left * place.dx,
      north: place.north - window.top * place.dy,
      width,
      height,
      codes: [...places.keys()].map(String),
      data,
    };
  });
}
