import { GeoTIFF, getDecoder, type BaseDecoder, type GeoTIFFImage } from 'geotiff';
import { Problem } from '../../../common/http/problem.js';
import { fromUtm, toUtm, type Bbox } from '../../../geo/index.js';
import type { RasterPlace } from '../domain/index.js';
import { checkTags } from './check-tags.js';
import { COMPRESSIONS } from './decoders.js';
import { FileSource } from './file-source.js';
import { refusedFile } from './refused.js';

/** A whole country at ten metres has some 10¹⁰ pixels; a file of it is not what is wanted here. */
const MOST_PIXELS = 3e9;
/** What is unpacked at once. */
const MOST_BLOCK_BYTES = 32_000_000;
/** In the window that is read: a province of 60 × 60 km at ten metres has 36 million. */
export const MOST_PIXELS_READ = 60_000_000;

/** Whole pixels: columns `left` to `right`, rows `top` to `bottom` (exclusive). */
interface PixelWindow {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** What a window of a raster holds, block by block in the file's order: `values[start]` is its first pixel, a row below is `stride` on. */
interface RasterBlock extends PixelWindow {
  values: ArrayLike<number>;
  start: number;
  stride: number;
}

/** One band of a GeoTIFF, read by windows. */
export interface RasterFile {
  width: number;
  height: number;
  place: RasterPlace;
  /** Null: every value counts. */
  noData: number | null;
  /** Whether the band's values are whole numbers. */
  whole: boolean;
  /** The pixels that a box touches. Throws 400 when there are none, or too many. */
  windowOf: (box: Bbox) => PixelWindow;
  /** The window's blocks, one in memory at a time. Throws 400 when one cannot be read. */
  blocks: (window: PixelWindow) => AsyncGenerator<RasterBlock>;
}

/** Opens a GeoTIFF for as long as `use` takes. Throws 400 for what is none, and for what cannot be placed or is too large. */
export async function withRasterFile<T>(path: string, use: (raster: RasterFile) => Promise<T>): Promise<T> {
  const source = await FileSource.open(path);
  try {
    return await use(rasterOf(await firstImage(source)));
  } finally {
    await source.close();
  }
}

async function firstImage(source: FileSource): Promise<GeoTIFFImage> {
  try {
    await checkTags(source);
    return await (await GeoTIFF.fromSource(source)).getImage(0);
  } catch (error) {
    throw unreadable(error);
  }
}

function unreadable(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const reason = error instanceof Error ? error.message.slice(0, 200) : String(error);
  return refusedFile(
    `the file is no readable GeoTIFF (${reason})`,
    `tệp không phải GeoTIFF đọc được (${reason})`,
  );
}

function rasterOf(image: GeoTIFFImage): RasterFile {
  const [width, height] = [image.getWidth(), image.getHeight()];
  checkShape(image, width, height);
  const place = placeOf(image);
  const noData = image.getGDALNoData();
  return {
    width,
    height,
    place,
    noData: noData !== null && Number.isNaN(noData) ? null : noData,
    whole: image.getSampleFormat() !== 3,
    windowOf: (box) => windowOf(place, width, height, box),
    blocks: (window) => blocksOf(image, window),
  };
}

function checkShape(image: GeoTIFFImage, width: number, height: number): void {
  if (!(width >= 1 && height >= 1) || width * height > MOST_PIXELS)
    throw refusedFile(
      `the raster has ${width} × ${height} pixels; ${MOST_PIXELS} together at most`,
      `ảnh raster có ${width} × ${height} điểm ảnh; tối đa ${MOST_PIXELS}`,
    );
  const blocks = Math.ceil(width / image.getTileWidth()) * Math.ceil(height / image.getTileHeight());
  // The library mistakes the tables of blocks, and differences between pixels, of such files.
  if (!image.littleEndian && (blocks > 1 || image.fileDirectory.hasTag('Predictor')))
    throw refusedFile(
      'the file has its bytes the other way round (big-endian) and several blocks: write it anew, little-endian',
      'tệp có thứ tự byte big-endian và nhiều khối: hãy ghi lại ở dạng little-endian',
    );
  const bands = image.getSamplesPerPixel();
  if (bands !== 1)
    throw refusedFile(
      `the raster has ${bands} bands instead of one`,
      `ảnh raster có ${bands} kênh thay vì một`,
    );
  const bits = Number(image.getBitsPerSample());
  if (![8, 16, 32, 64].includes(bits) || ![1, 2, 3].includes(Number(image.getSampleFormat())))
    throw refusedFile(
      'values must be numbers of 8, 16, 32 or 64 bits',
      'giá trị phải là số 8, 16, 32 hoặc 64 bit',
    );
  const compression = Number(image.fileDirectory.getValue('Compression') ?? 1);
  if (!COMPRESSIONS.includes(compression))
    throw refusedFile(
      `the compression ${compression} is not read; use none, LZW or deflate`,
      `không đọc được kiểu nén ${compression}; hãy dùng không nén, LZW hoặc deflate`,
    );
  const bytes = image.getTileWidth() * image.getTileHeight() * (bits / 8);
  if (!(bytes > 0 && bytes <= MOST_BLOCK_BYTES))
    throw refusedFile(
      `a block of the raster has ${bytes} bytes; ${MOST_BLOCK_BYTES} at most: write it in tiles`,
      `một khối của ảnh có ${bytes} byte; tối đa ${MOST_BLOCK_BYTES}: hãy ghi theo ô (tiled)`,
    );
}

const NO_PLACE = {
  en: 'the raster does not say where it lies: no GeoTIFF scale, tie point and coordinate system',
  vi: 'ảnh raster không cho biết vị trí: thiếu tỷ lệ, điểm gốc và hệ tọa độ GeoTIFF',
};

function placeOf(image: GeoTIFFImage): RasterPlace {
  const directory = image.fileDirectory;
  const keys = image.getGeoKeys() as Partial<Record<string, unknown>> | null;
  const scale = numbers(directory.getValue('ModelPixelScale'));
  const tie = numbers(directory.getValue('ModelTiepoint'));
  const matrix = numbers(directory.getValue('ModelTransformation'));
  if (!keys || (scale.length < 2 && matrix.length < 8)) throw refusedFile(NO_PLACE.en, NO_PLACE.vi);
  if (matrix.length >= 8 && (matrix[1] !== 0 || matrix[4] !== 0))
    throw refusedFile(
      'the raster is rotated; warp it so that rows run from west to east',
      'ảnh raster bị xoay; hãy nắn lại để các hàng chạy từ tây sang đông',
    );
  if (matrix.length < 8 && tie.length !== 6) throw refusedFile(NO_PLACE.en, NO_PLACE.vi);
  const [dx = 0, dy = 0] = scale.length >= 2 ? scale : [matrix[0], -(matrix[5] as number)];
  const [column = 0, row = 0, , tieX = 0, tieY = 0] =
    tie.length === 6 ? tie : [0, 0, 0, matrix[3] as number, matrix[7] as number];
  if (!(dx > 0 && dy > 0 && Number.isFinite(dx + dy + tieX + tieY + column + row)))
    throw refusedFile(
      'the size of the pixels must be above nought, rows from north to south',
      'kích thước điểm ảnh phải dương, các hàng từ bắc xuống nam',
    );
  // Values of points stand in the middle of their pixels.
  const half = keys.GTRasterTypeGeoKey === 2 ? 0.5 : 0;
  const utmZone = zoneOf(keys);
  return { utmZone, west: tieX - (column + half) * dx, north: tieY + (row + half) * dy, dx, dy };
}

/** Null: degrees of WGS84. Throws 400 for any system but that one and UTM of the northern half on WGS84. */
function zoneOf(keys: Partial<Record<string, unknown>>): number | null {
  const projected = Number(keys.ProjectedCSTypeGeoKey ?? 0);
  const zone = projected - 32_600;
  if (keys.GTModelTypeGeoKey === 1 && zone >= 47 && zone <= 50) return zone;
  if (keys.GTModelTypeGeoKey === 2 && Number(keys.GeographicTypeGeoKey ?? 0) === 4326) return null;
  const named = projected || Number(keys.GeographicTypeGeoKey ?? 0);
  const given = named > 0 && named < 32_767 ? `EPSG:${named}` : 'unknown';
  const known = 'EPSG:4326, EPSG:32647–32650 (WGS 84 / UTM)';
  throw refusedFile(
    `the coordinate system (${given}) is not read; warp the raster to one of ${known}`,
    `không đọc được hệ tọa độ (${given}); hãy chuyển ảnh về một trong ${known}`,
  );
}

function numbers(value: unknown): number[] {
  return value === undefined || value === null ? [] : Array.from(value as ArrayLike<number>, Number);
}

function windowOf(place: RasterPlace, width: number, height: number, box: Bbox): PixelWindow {
  const { west, south, east, north } = box;
  const corners = [
    [west, south],
    [west, north],
    [east, south],
    [east, north],
  ].map(([lon = 0, lat = 0]) => (place.utmZone === null ? [lon, lat] : toUtm(place.utmZone, lon, lat)));
  const columns = corners.map(([x = 0]) => (x - place.west) / place.dx);
  const rows = corners.map(([, y = 0]) => (place.north - y) / place.dy);
  const window = {
    left: Math.max(0, Math.floor(Math.min(...columns))),
    right: Math.min(width, Math.ceil(Math.max(...columns))),
    top: Math.max(0, Math.floor(Math.min(...rows))),
    bottom: Math.min(height, Math.ceil(Math.max(...rows))),
  };
  if (!(window.right > window.left && window.bottom > window.top))
    throw refusedFile(
      'the raster covers nothing of the administrative units',
      'ảnh raster không phủ phần nào của các đơn vị hành chính',
    );
  const pixels = (window.right - window.left) * (window.bottom - window.top);
  if (pixels > MOST_PIXELS_READ)
    throw refusedFile(
      `the raster has ${pixels} pixels over the administrative units; ${MOST_PIXELS_READ} at most`,
      `ảnh raster có ${pixels} điểm ảnh trên các đơn vị hành chính; tối đa ${MOST_PIXELS_READ}`,
    );
  return window;
}

async function* blocksOf(image: GeoTIFFImage, window: PixelWindow): AsyncGenerator<RasterBlock> {
  const [wide, high] = [image.getTileWidth(), image.getTileHeight()];
  const decoder = await decoderOf(image);
  const first = (at: number, size: number) => Math.floor(at / size) * size;
  for (let y = first(window.top, high); y < window.bottom; y += high) {
    for (let x = first(window.left, wide); x < window.right; x += wide) {
      const block = {
        left: Math.max(x, window.left),
        top: Math.max(y, window.top),
        right: Math.min(x + wide, window.right),
        bottom: Math.min(y + high, window.bottom),
      };
      const values = await unpacked(image, x / wide, y / high, decoder);
      if (values.length < (block.bottom - 1 - y) * wide + block.right - x)
        throw unreadable(new RangeError('a block holds too little'));
      yield { ...block, values, stride: wide, start: (block.top - y) * wide + block.left - x };
    }
  }
}

async function decoderOf(image: GeoTIFFImage): Promise<BaseDecoder> {
  const directory = image.fileDirectory;
  const bits = Number(image.getBitsPerSample());
  return getDecoder(Number(directory.getValue('Compression') ?? 1), {
    tileWidth: image.getTileWidth(),
    tileHeight: image.getTileHeight(),
    predictor: Number((await directory.loadValue('Predictor')) ?? 1),
    bitsPerSample: [bits],
    planarConfiguration: 1,
  });
}

/** The library's own reading of windows goes number by number and takes some ten times as long. */
async function unpacked(
  image: GeoTIFFImage,
  column: number,
  row: number,
  decoder: BaseDecoder,
): Promise<ArrayLike<number>> {
  try {
    const { data } = await image.getTileOrStrip(column, row, 0, decoder);
    const bytes = Number(image.getBitsPerSample()) / 8;
    if (!image.littleEndian && bytes > 1) turned(Buffer.from(data), bytes);
    return image.getArrayForSample(0, data);
  } catch (error) {
    throw unreadable(error);
  }
}

/** Each number with its bytes the other way round, in place. */
function turned(numbers: Buffer, bytes: number): Buffer {
  if (bytes === 2) return numbers.swap16();
  return bytes === 4 ? numbers.swap32() : numbers.swap64();
}

/** The middle of a pixel, degrees. */
export function pixelCentre(place: RasterPlace, column: number, row: number): [lon: number, lat: number] {
  const [x, y] = [place.west + (column + 0.5) * place.dx, place.north - (row + 0.5) * place.dy];
  return place.utmZone === null ? [x, y] : fromUtm(place.utmZone, x, y);
}
