import fs from 'node:fs';
import { readCsv } from './csv.js';
import { readGeoJson } from './geojson.js';
import { FileRefused, type HeadingScore, LIMITS, type Table } from './limits.js';
import { readXlsx } from './xlsx.js';

/** Opens a CSV, XLSX or GeoJSON file, told apart by what is in it. Throws `FileRefused`, also while rows are read. */
export async function openTable(file: string, score: HeadingScore, sheetName?: string): Promise<Table> {
  const handle = await fs.promises.open(file);
  let start: Buffer;
  try {
    const { size } = await handle.stat();
    if (size > LIMITS.fileBytes) throw tooLarge();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    start = buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
  if (start.length === 0) throw new FileRefused('EMPTY', 'The file is empty.', 'Tệp trống.');
  if (start.subarray(0, 2).toString('latin1') === 'PK') return readXlsx(file, score, sheetName);
  if (start.length >= 4 && start.readUInt32BE(0) === 0xd0cf11e0)
    throw new FileRefused(
      'OLD_EXCEL',
      'This is an .xls of Excel 97–2003: save it as .xlsx.',
      'Đây là tệp .xls của Excel 97–2003: hãy lưu lại thành .xlsx.',
    );
  if (
    /^[[{]/.test(
      start
        .toString('utf8')
        .replace(/^\uFEFF/, '')
        .trimStart(),
    )
  )
    return readGeoJson(file);
  return readCsv(file, score);
}

export function tooLarge(): FileRefused {
  const most = LIMITS.fileBytes / 1024 / 1024;
  return new FileRefused('TOO_LARGE', `The file is larger than ${most} MB.`, `Tệp lớn hơn ${most} MB.`);
}
