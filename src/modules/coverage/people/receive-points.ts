import { createReadStream } from 'node:fs';
import type { FastifyRequest } from 'fastify';
import type { Bbox } from '../../../geo/index.js';
import type { PeoplePoints } from '../domain/index.js';
import { looksLikeTiff } from '../geotiff/check-tags.js';
import { ABOUT_FIELDS, tooLarge, withReceivedFile } from '../sources/receive-file.js';
import { readPeopleRaster } from './read-people-raster.js';
import { MOST_BYTES, readPeoplePoints } from './read-points.js';

export const POPULATION_FORMATS = ['csv', 'geotiff'] as const;
export type PopulationFormat = (typeof POPULATION_FORMATS)[number];

export interface ReceivedPoints {
  title: string;
  source: string;
  format: PopulationFormat;
  points: PeoplePoints;
}

/** Reads a form of `title`, `source` and `file`: CSV, or a GeoTIFF by its first bytes. Throws 400, 413, 415. */
export async function receivePoints(
  request: FastifyRequest,
  extent: () => Promise<Bbox>,
): Promise<ReceivedPoints> {
  return withReceivedFile(request, ABOUT_FIELDS, async ({ fields, path, head, sizeBytes }) => {
    const { title = '', source = '' } = fields;
    if (looksLikeTiff(head)) {
      const points = await readPeopleRaster(path, await extent());
      return { title, source, format: 'geotiff' as const, points };
    }
    if (sizeBytes > MOST_BYTES) throw tooLarge(MOST_BYTES);
    return { title, source, format: 'csv' as const, points: await readPeoplePoints(createReadStream(path)) };
  });
}
