import { toTypedText } from '../domain/neutral-text.js';
import type { Field } from '../domain/sheet.js';
import type { Row } from './exporter.js';
import { type Cell, cellOf, type Head } from './table.js';

/** Reading takes these from the geometry. */
const isInGeometry = ({ key, type }: Field) => key === 'lon' || key === 'lat' || type === 'geometry';

/** A FeatureCollection (RFC 7946), batch by batch. A feature without a place has the geometry null. */
export async function* geoJsonOf(head: Head, batches: AsyncIterable<readonly Row[]>): AsyncGenerator<string> {
  const shape = head.fields.find(({ type }) => type === 'geometry');
  let before = '{"type":"FeatureCollection","features":[\n';
  for await (const rows of batches) {
    const texts = rows.map((row) => JSON.stringify(featureOf(head, row, shape)));
    if (texts.length === 0) continue;
    yield before + texts.join(',\n');
    before = ',\n';
  }
  yield before.startsWith(',') ? '\n]}\n' : `${before}]}\n`;
}

function featureOf({ fields, headings }: Head, row: Row, shape: Field | undefined): object {
  const properties: Record<string, Cell> = {};
  fields.forEach((field, i) => {
    if (isInGeometry(field)) return;
    const cell = cellOf(field, row);
    properties[headings[i] ?? field.key] = typeof cell === 'string' ? toTypedText(cell) : cell;
  });
  return { type: 'Feature', properties, geometry: geometryOf(row, shape) };
}

function geometryOf({ lon, lat, ...row }: Row, shape: Field | undefined): object | null {
  if (typeof lon === 'number' && typeof lat === 'number') return { type: 'Point', coordinates: [lon, lat] };
  return shape ? (row[shape.key] ?? null) : null;
}
