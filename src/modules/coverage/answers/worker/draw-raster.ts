import { encode as encodePng } from 'fast-png';
import { writeArrayBuffer } from 'geotiff';
import type { CoverageGrid } from '../../domain/grid.js';
import { LEVEL_CLASSES, levelClass, type Threshold } from '../../domain/parameters.js';
import { rasterCells, type RasterFrame } from '../../domain/raster.js';
import { CLASS_COLOURS } from '../../map/map-style.js';

/** A view as a picture: levels or classes as GeoTIFF, or classes in colours as PNG. */
export interface RasterTask {
  kind: 'raster';
  grid: Pick<CoverageGrid, 'h3' | 'cellCount'>;
  frame: RasterFrame;
  format: 'level.tif' | 'class.tif' | 'png';
  levelDbm: Float32Array;
  threshold: Threshold;
}

/** Where nothing is received, or the grid ends. */
export const NO_LEVEL_DBM = -9999;
/** Where the grid ends. */
export const NO_CLASS = 255;

export function drawRaster({ grid, frame, format, levelDbm, threshold }: RasterTask): Uint8Array {
  const cells = rasterCells(grid, frame);
  if (format === 'level.tif') {
    const levels = Float32Array.from(cells, (i) => {
      const dbm = i < 0 ? -Infinity : (levelDbm[i] as number);
      return dbm > -Infinity ? dbm : NO_LEVEL_DBM;
    });
    return tiff(levels, frame, { bits: 32, sampleFormat: 3, noData: NO_LEVEL_DBM });
  }
  const classes = Uint8Array.from(cells, (i) =>
    i < 0 ? NO_CLASS : LEVEL_CLASSES.indexOf(levelClass(threshold, levelDbm[i] as number)),
  );
  if (format === 'class.tif') return tiff(classes, frame, { bits: 8, sampleFormat: 1, noData: NO_CLASS });
  return png(classes, frame);
}

/** GeoTIFF 1.1 in degrees of WGS84 (EPSG:4326), values for the area of a pixel. */
function tiff(
  values: Float32Array | Uint8Array,
  { width, height, west, north, pixelDeg }: RasterFrame,
  { bits, sampleFormat, noData }: { bits: number; sampleFormat: number; noData: number },
): Uint8Array {
  const written = writeArrayBuffer(values, {
    width,
    height,
    BitsPerSample: [bits],
    SampleFormat: [sampleFormat],
    ModelPixelScale: [pixelDeg, pixelDeg, 0],
    ModelTiepoint: [0, 0, 0, west, north, 0],
    GTModelTypeGeoKey: 2,
    GTRasterTypeGeoKey: 1,
    GeographicTypeGeoKey: 4326,
    GeogCitationGeoKey: 'WGS 84',
    GDAL_NODATA: String(noData),
  });
  return new Uint8Array(written);
}

/** In the map's colours; clear where the grid ends. */
function png(classes: Uint8Array, { width, height }: RasterFrame): Uint8Array {
  const data = new Uint8Array(4 * classes.length);
  const colours = LEVEL_CLASSES.map((name) =>
    [1, 3, 5].map((at) => Number.parseInt(CLASS_COLOURS[name].slice(at, at + 2), 16)),
  );
  classes.forEach((code, n) => {
    const colour = colours[code];
    if (colour) data.set([...colour, 255], 4 * n);
  });
  return encodePng({ width, height, data, channels: 4, depth: 8 });
}
