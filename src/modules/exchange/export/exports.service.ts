import { Readable } from 'node:stream';
import { Injectable, StreamableFile } from '@nestjs/common';
import { Problem } from '../../../common/http/problem.js';
import { AreasService } from '../../areas/index.js';
import type { Field } from '../domain/sheet.js';
import type { Resource } from '../import.types.js';
import { Importers } from '../importers/registry.js';
import { csvOf } from './csv.js';
import type { Row, RowSource } from './exporter.js';
import { geoJsonOf } from './geojson.js';
import { Snapshot } from './snapshot.js';
import type { Head } from './table.js';
import { xlsxFields, xlsxOf } from './xlsx.js';

export const EXPORT_FORMATS = ['csv', 'xlsx', 'geojson'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const HEADINGS = ['keys', 'vi'] as const;
export type Headings = (typeof HEADINGS)[number];

export interface ExportOptions {
  format: ExportFormat;
  headings: Headings;
}

export const MEDIA_TYPES: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  geojson: 'application/geo+json',
};

/** Each holds a connection to the database for as long as its client takes. */
const MOST_AT_ONCE = 3;
const LONGEST_MS = 15 * 60_000;

/** Sends a resource as the same table that can be imported. */
@Injectable()
export class ExportsService {
  private running = 0;

  constructor(
    private readonly importers: Importers,
    private readonly snapshot: Snapshot,
    private readonly areas: AreasService,
  ) {}

  /** Read while it is sent: no more than some batches are in memory. When the client goes away, reading stops. */
  async send(
    resource: Resource,
    source: RowSource,
    { format, headings }: ExportOptions,
  ): Promise<StreamableFile> {
    if (this.running >= MOST_AT_ONCE)
      throw new Problem(429, 'TOO_MANY_EXPORTS', {
        en: `${MOST_AT_ONCE} exports are running already. Please try again when one has ended.`,
        vi: `Đang có ${MOST_AT_ONCE} lượt xuất dữ liệu. Vui lòng thử lại khi một lượt kết thúc.`,
      });
    const { fields } = await this.importers.sheetOf(resource);
    const shown = format === 'xlsx' ? xlsxFields(fields) : [...fields];
    const head = { fields: shown, headings: shown.map((field) => headingOf(field, headings)) };
    const rows = this.counted(this.snapshot.read(source)) as AsyncGenerator<readonly Row[]>;
    // Read now, so that what fails is answered as an error and not as a broken file.
    const first = await rows.next();
    const stream = bodyOf(resource, format, head, following(first, rows));
    const timer = setTimeout(() => stream.destroy(new Error('the export took too long')), LONGEST_MS).unref();
    stream.on('close', () => {
      clearTimeout(timer);
      // Also where nobody began to read it.
      void rows.return(undefined);
    });
    return new StreamableFile(stream, {
      type: MEDIA_TYPES[format],
      disposition: `attachment; filename="${resource}-${this.areas.today()}.${format}"`,
    });
  }

  private async *counted<T>(rows: AsyncGenerator<T>): AsyncGenerator<T> {
    this.running += 1;
    try {
      yield* rows;
    } finally {
      this.running -= 1;
    }
  }
}

async function* following<T>(first: IteratorResult<T>, rows: AsyncGenerator<T>): AsyncGenerator<T> {
  if (first.done) return;
  yield first.value;
  yield* rows;
}

function headingOf({ key, titleVi }: Field, headings: Headings): string {
  return headings === 'vi' ? (titleVi ?? key) : key;
}

function bodyOf(
  resource: Resource,
  format: ExportFormat,
  head: Head,
  rows: AsyncGenerator<readonly Row[]>,
): Readable {
  switch (format) {
    case 'csv':
      return Readable.from(csvOf(head, rows));
    case 'geojson':
      return Readable.from(geoJsonOf(head, rows));
    case 'xlsx':
      return xlsxOf(resource, head, rows);
  }
}
