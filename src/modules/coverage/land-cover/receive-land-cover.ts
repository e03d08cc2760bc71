import type { FastifyRequest } from 'fastify';
import { Problem } from '../../../common/http/problem.js';
import type { Bbox } from '../../../geo/index.js';
import { GROUND_CLASSES, type ClassMapping, type ClassRaster, type GroundClass } from '../domain/index.js';
import { looksLikeTiff } from '../geotiff/check-tags.js';
import { refusedFile } from '../geotiff/refused.js';
import { ABOUT_FIELDS, tooLarge, withReceivedFile } from '../sources/receive-file.js';
import { LAND_COVER_KINDS, type LandCoverKind, type NewLandCoverSource } from './land-cover-source.js';
import { MOST_GEOJSON_BYTES, readClassPolygons } from './read-class-polygons.js';
import { readClassRaster } from './read-class-raster.js';

const FIELDS = {
  ...ABOUT_FIELDS,
  kind: { most: 20 },
  property: { most: 100 },
  mapping: { most: 20_000 },
} as const;

/** What the form's reading depends on. */
export interface ReceiveContext {
  extent: () => Promise<Bbox>;
  /** What classes stand for when the form brings no mapping. */
  worldCover: () => Promise<ClassMapping>;
}

/** Reads a form with a GeoTIFF of classes or a GeoJSON of polygons. Throws 400, 413, 415. */
export async function receiveLandCover(
  request: FastifyRequest,
  context: ReceiveContext,
): Promise<NewLandCoverSource> {
  return withReceivedFile(request, FIELDS, async ({ fields, path, head, sizeBytes }) => {
    const { title = '', source = '' } = fields;
    const kind = kindOf(fields.kind);
    const given = fields.mapping ? mappingOf(fields.mapping) : undefined;
    const tiff = looksLikeTiff(head);
    if (!tiff && sizeBytes > MOST_GEOJSON_BYTES) throw tooLarge(MOST_GEOJSON_BYTES);
    if (kind === 'water') {
      refuseForWater(fields, tiff);
      const raster = await readClassPolygons(path, await context.extent(), () => 'water');
      return { kind, format: 'geojson', title, source, mapping: { water: 'water' }, raster };
    }
    if (tiff) {
      const raster = await readClassRaster(path, await context.extent());
      assertMapped(raster, given ?? (await context.worldCover()));
      return { kind, format: 'geotiff', title, source, mapping: given ?? null, raster };
    }
    const property = fields.property || 'class';
    const raster = await readClassPolygons(path, await context.extent(), (properties, at) =>
      classOf(properties[property], property, at),
    );
    const mapping = given ?? Object.fromEntries(GROUND_CLASSES.map((name) => [name, name]));
    assertMapped(raster, mapping);
    return { kind, format: 'geojson', title, source, mapping, raster };
  });
}

function kindOf(text = ''): LandCoverKind {
  const kind = LAND_COVER_KINDS.find((known) => known === (text || 'land-cover'));
  if (kind) return kind;
  const list = LAND_COVER_KINDS.join(', ');
  throw Problem.invalidField('kind', 'VALUE', {
    en: `kind must be one of: ${list}`,
    vi: `kind phải là một trong: ${list}`,
  });
}

/** All of its polygons are water: there is nothing to map, and no raster to map it in. */
function refuseForWater(fields: Record<string, string>, tiff: boolean): void {
  if (tiff)
    throw refusedFile(
      'water is given as GeoJSON; a raster of classes is a source of land cover, and may have water among them',
      'mặt nước phải là GeoJSON; ảnh raster các lớp là nguồn lớp phủ đất, trong đó có thể có mặt nước',
    );
  for (const field of ['mapping', 'property'])
    if (fields[field])
      throw Problem.invalidField(field, 'NOT_FOR_WATER', {
        en: `${field} is for sources of land cover: every polygon of water is water`,
        vi: `${field} chỉ dành cho nguồn lớp phủ đất: mọi vùng của nguồn mặt nước đều là nước`,
      });
}

function mappingOf(text: string): ClassMapping {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw wrongMapping();
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw wrongMapping();
  const entries = Object.entries(json as Record<string, unknown>);
  if (entries.length === 0 || !entries.every(([, name]) => GROUND_CLASSES.includes(name as GroundClass)))
    throw wrongMapping();
  return Object.fromEntries(entries) as ClassMapping;
}

function wrongMapping(): Problem {
  const list = GROUND_CLASSES.join(', ');
  return Problem.invalidField('mapping', 'VALUE', {
    en: `mapping must be a JSON object that gives each class of the source one of: ${list}`,
    vi: `mapping phải là đối tượng JSON gán mỗi lớp của nguồn với một trong: ${list}`,
  });
}

function classOf(value: unknown, property: string, at: number): string {
  if ((typeof value === 'string' && value.trim() !== '' && value.length <= 100) || typeof value === 'number')
    return String(value).trim();
  throw refusedFile(
    `feature ${at + 1} has no class in its property "${property}"`,
    `đối tượng ${at + 1} không có lớp trong thuộc tính "${property}"`,
  );
}

/** Every class that occurs must stand for something: nothing is guessed. */
function assertMapped({ codes }: ClassRaster, mapping: ClassMapping): void {
  const unmapped = codes.filter((code) => !Object.hasOwn(mapping, code));
  if (unmapped.length === 0) return;
  const some = unmapped.slice(0, 20).join(', ');
  throw Problem.invalidField('mapping', 'UNMAPPED', {
    en: `nothing says what these classes stand for: ${some}`,
    vi: `chưa rõ các lớp này ứng với gì: ${some}`,
  });
}
