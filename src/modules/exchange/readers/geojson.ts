import fs from 'node:fs';
import { composed } from '../domain/neutral-text.js';
import {
  FileRefused,
  hugeCell,
  LIMITS,
  nulByte,
  type RawRow,
  type Table,
  textOf,
  tooMany,
} from './limits.js';

interface Feature {
  properties?: Record<string, unknown> | null;
  geometry?: { type?: string; coordinates?: unknown } | null;
}

/**
 * Reads a FeatureCollection feature by feature. Properties are columns; a point is `lon` and `lat`, a polygon
 * `boundary`. The file is gone through twice: once for the names of the columns.
 */
export async function readGeoJson(file: string): Promise<Table> {
  const names = new Set<string>();
  let points = false;
  let polygons = false;
  for await (const { feature } of features(file)) {
    for (const name of Object.keys(feature.properties ?? {})) names.add(name);
    if (feature.geometry?.type === 'Point') points = true;
    else if (isPolygon(feature)) polygons = true;
    if (names.size > LIMITS.columns) throw tooMany('columns', LIMITS.columns);
  }
  if (points) for (const name of ['lon', 'lat']) names.add(name);
  if (polygons) names.add('boundary');
  const columns = [...names];
  async function* rows(): AsyncGenerator<RawRow> {
    for await (const { row, feature } of features(file)) {
      const all: Record<string, unknown> = { ...feature.properties };
      const at = feature.geometry?.coordinates;
      if (feature.geometry?.type === 'Point' && Array.isArray(at)) [all.lon, all.lat] = at as unknown[];
      else if (isPolygon(feature)) all.boundary = feature.geometry;
      const values = columns.map((name) => scalar(name === 'boundary', all[name] ?? null));
      if (values.some((value) => typeof value === 'string' && value.length > LIMITS.cellChars))
        throw hugeCell(row);
      yield { row, values };
    }
  }
  return {
    columns,
    rows: rows(),
    notes: [{ code: 'FORMAT', en: 'Read as GeoJSON.', vi: 'Đọc theo GeoJSON.' }],
  };
}

function isPolygon({ geometry }: Feature): boolean {
  return geometry?.type === 'Polygon' || geometry?.type === 'MultiPolygon';
}

function scalar(isBoundary: boolean, value: unknown): unknown {
  if (isBoundary || typeof value !== 'object' || value === null)
    return typeof value === 'string' ? composed(value) : value;
  return Array.isArray(value) ? value.map(textOf).join(';') : JSON.stringify(value);
}

/** The features one after another, whatever else the file holds. Nothing but the current one is in memory. */
async function* features(file: string): AsyncGenerator<{ row: number; feature: Feature }> {
  const scanner = new FeatureScanner();
  let row = 0;
  for await (const chunk of fs.createReadStream(file, 'utf8')) {
    for (const text of scanner.take(chunk as string)) {
      row += 1;
      if (row > LIMITS.rows) throw tooMany('rows', LIMITS.rows);
      yield { row, feature: parseFeature(text) };
    }
  }
  scanner.end();
}

function parseFeature(text: string): Feature {
  try {
    // A NUL may also be written as an escape.
    return JSON.parse(text, (_key, value: unknown) => {
      if (typeof value === 'string' && value.includes('\0')) throw nulByte();
      return value;
    }) as Feature;
  } catch (error) {
    if (error instanceof FileRefused) throw error;
    throw notJson();
  }
}

/** Finds the objects in the top-level array `features` by counting brackets outside of strings. */
class FeatureScanner {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private key = '';
  private inFeatures = false;
  private found = false;
  private pieces: string[] = [];
  private length = 0;
  private begun = false;

  take(chunk: string): string[] {
    if (chunk.includes('\0')) throw nulByte();
    const done: string[] = [];
    let from = this.begun ? 0 : -1;
    for (let i = 0; i < chunk.length; i += 1) {
      const character = chunk[i] as string;
      if (this.inString) {
        this.string(character);
        continue;
      }
      if (character === '"') {
        this.inString = true;
        if (this.depth === 1) this.key = '';
      } else if (character === '{' || character === '[') {
        if (this.inFeatures && this.depth === 2 && character === '{') {
          this.begun = true;
          from = i;
        }
        if (this.depth === 1 && character === '[' && this.key === 'features')
          this.inFeatures = this.found = true;
        this.depth += 1;
        if (this.depth > LIMITS.jsonDepth) throw tooDeep();
      } else if (character === '}' || character === ']') {
        this.depth -= 1;
        if (this.depth < 0) throw notJson();
        if (this.depth === 1) this.inFeatures = false;
        if (this.begun && this.depth === 2) {
          done.push([...this.pieces, chunk.slice(from, i + 1)].join(''));
          this.pieces = [];
          this.length = 0;
          this.begun = false;
          from = -1;
        }
      }
    }
    if (this.begun) {
      const rest = chunk.slice(from);
      this.pieces.push(rest);
      this.length += rest.length;
      if (this.length > LIMITS.featureChars)
        throw new FileRefused(
          'TOO_LARGE',
          'A feature of the file is too large.',
          'Có đối tượng quá lớn trong tệp.',
        );
    }
    return done;
  }

  end(): void {
    if (this.depth !== 0 || this.inString) throw notJson();
    if (!this.found)
      throw new FileRefused(
        'GEOJSON',
        'The file is no GeoJSON FeatureCollection.',
        'Tệp không phải là GeoJSON FeatureCollection.',
      );
  }

  private string(character: string): void {
    if (this.escaped) this.escaped = false;
    else if (character === '\\') this.escaped = true;
    else if (character === '"') this.inString = false;
    else if (this.depth === 1 && this.key.length < 20) this.key += character;
  }
}

function notJson(): FileRefused {
  return new FileRefused('JSON', 'The file is no well-formed JSON.', 'Tệp không phải JSON đúng cú pháp.');
}

function tooDeep(): FileRefused {
  return new FileRefused(
    'TOO_DEEP',
    `The file is nested deeper than ${LIMITS.jsonDepth} levels.`,
    `Tệp lồng nhau sâu hơn ${LIMITS.jsonDepth} mức.`,
  );
}
