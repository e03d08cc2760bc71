import { writeArrayBuffer } from 'geotiff';

/** A square raster of a value for each pixel, from 105.39, 9.91 to the south-east, in degrees of WGS84 unless said otherwise. */
export interface TinyTiff {
  size?: number;
  pixel?: number;
  west?: number;
  north?: number;
  /** 1: whole numbers of 8 bits; 3: floating point of 32. */
  sampleFormat?: 1 | 3;
  noData?: string;
  /** Further tags, or others in their stead. */
  tags?: Record<string, unknown>;
  /** Tags to leave out. */
  without?: readonly string[];
}

export function tinyTiff(
  valueAt: (x: number, y: number) => number,
  given: TinyTiff = {},
): Uint8Array<ArrayBuffer> {
  const { size = 44, pixel = 0.005, west = 105.39, north = 9.91, sampleFormat = 3, noData } = given;
  const values = sampleFormat === 3 ? new Float32Array(size * size) : new Uint8Array(size * size);
  for (let row = 0; row < size; row++)
    for (let column = 0; column < size; column++)
      values[row * size + column] = valueAt(west + (column + 0.5) * pixel, north - (row + 0.5) * pixel);
  const tags: Record<string, unknown> = {
    width: size,
    height: size,
    BitsPerSample: [sampleFormat === 3 ? 32 : 8],
    SampleFormat: [sampleFormat],
    ModelPixelScale: [pixel, pixel, 0],
    ModelTiepoint: [0, 0, 0, west, north, 0],
    GTModelTypeGeoKey: 2,
    GTRasterTypeGeoKey: 1,
    GeographicTypeGeoKey: 4326,
    GeogCitationGeoKey: 'WGS 84',
    ...(noData === undefined ? {} : { GDAL_NODATA: noData }),
    ...given.tags,
  };
  for (const name of given.without ?? []) delete tags[name];
  return new Uint8Array(writeArrayBuffer(values, tags));
}
