import { localProjection, type Bbox } from '../../../geo/index.js';
import type { PeoplePoints } from '../domain/index.js';
import { pixelCentre, withRasterFile, type RasterFile } from '../geotiff/raster-file.js';
import { refusedFile } from '../geotiff/refused.js';
import { MOST_PEOPLE, MOST_POINTS } from './read-points.js';

/**
 * Reads people per pixel from a GeoTIFF as points with the size of the pixels, within a box; what has no data, or nobody, is left out.
 * One block of the file is in memory at a time. Throws 400 for what cannot be read, negative people, and a raster with nobody.
 */
export async function readPeopleRaster(path: string, box: Bbox): Promise<PeoplePoints> {
  return withRasterFile(path, async (raster) => {
    const found = { lon: [] as number[], lat: [] as number[], people: [] as number[] };
    for await (const { left, top, right, bottom, values, start, stride } of raster.blocks(
      raster.windowOf(box),
    )) {
      for (let row = top; row < bottom; row++) {
        for (let column = left; column < right; column++) {
          const people = values[start + (row - top) * stride + column - left] as number;
          if (Number.isNaN(people) || people === 0 || isNoData(people, raster)) continue;
          checkPeople(people, column, row);
          const [lon, lat] = pixelCentre(raster.place, column, row);
          if (lon < box.west || lon > box.east || lat < box.south || lat > box.north) continue;
          found.lon.push(lon);
          found.lat.push(lat);
          found.people.push(people);
        }
      }
      if (found.lon.length > MOST_POINTS)
        throw refusedFile(
          `more than ${MOST_POINTS} pixels have people: make them larger`,
          `có hơn ${MOST_POINTS} điểm ảnh có dân: hãy dùng điểm ảnh lớn hơn`,
        );
    }
    if (found.lon.length === 0)
      throw refusedFile(
        'no pixel over the administrative units has people',
        'không điểm ảnh nào trên các đơn vị hành chính có dân',
      );
    return {
      lon: Float64Array.from(found.lon),
      lat: Float64Array.from(found.lat),
      people: Float64Array.from(found.people),
      households: new Float64Array(found.lon.length),
      spreadDeg: pixelSizeDeg(raster, box),
    };
  });
}

/** The value as the file's own type has it: −3.4e38 is not the same in 32 and in 64 bits. */
function isNoData(people: number, { noData }: RasterFile): boolean {
  return noData !== null && (people === noData || people === Math.fround(noData));
}

function checkPeople(people: number, column: number, row: number): void {
  if (people > 0 && people <= MOST_PEOPLE) return;
  throw refusedFile(
    `the pixel in column ${column}, row ${row} has ${people} people: from 0 to ${MOST_PEOPLE} are possible (is that the value for no data, which the file does not name?)`,
    `điểm ảnh ở cột ${column}, hàng ${row} có ${people} người: chỉ chấp nhận từ 0 đến ${MOST_PEOPLE} (có phải đây là giá trị "không có dữ liệu" mà tệp chưa khai báo?)`,
  );
}

function pixelSizeDeg({ place }: RasterFile, box: Bbox): [lon: number, lat: number] {
  if (place.utmZone === null) return [place.dx, place.dy];
  const middle = localProjection((box.west + box.east) / 2, (box.south + box.north) / 2);
  return [place.dx / middle.metresPerDegreeLon, place.dy / middle.metresPerDegreeLat];
}
