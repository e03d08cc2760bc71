import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { deflateRawSync, crc32 as zlibCrc32 } from 'node:zlib';
import { type RawRow } from '../../src/modules/exchange/readers/limits.js';
import { openTable } from '../../src/modules/exchange/readers/open-table.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-files-'));
let nr = 0;

export function temporary(bytes: Buffer | string): string {
  nr += 1;
  const file = path.join(folder, `file-${nr}`);
  fs.writeFileSync(file, bytes);
  return file;
}

export function removeTemporary(): void {
  fs.rmSync(folder, { recursive: true, force: true });
}

export async function readAll(bytes: Buffer | string, sheet?: string) {
  const table = await openTable(temporary(bytes), () => 0, sheet);
  const rows: RawRow[] = [];
  for await (const row of table.rows) rows.push(row);
  return { columns: table.columns, rows, notes: table.notes.map(({ en }) => en) };
}

/** A ZIP with these parts; `claims` overrides the unpacked size that its directory tells. */
export function zipOf(parts: Record<string, string | Buffer>, claims?: number): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, content] of Object.entries(parts)) {
    const data = Buffer.from(content);
    const packed = deflateRawSync(data);
    const size = claims ?? data.length;
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(20, 4);
    head.writeUInt16LE(8, 8);
    head.writeUInt32LE(crc(data), 14);
    head.writeUInt32LE(packed.length, 18);
    head.writeUInt32LE(size, 22);
    head.writeUInt16LE(Buffer.byteLength(name), 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    head.copy(entry, 10, 8, 30);
    entry.writeUInt16LE(Buffer.byteLength(name), 28);
    entry.writeUInt32LE(offset, 42);
    local.push(head, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    offset += head.length + Buffer.byteLength(name) + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(parts).length, 8);
  end.writeUInt16LE(Object.keys(parts).length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, directory, end]);
}

function crc(data: Buffer): number {
  if (typeof zlibCrc32 === 'function') return zlibCrc32(data);
  let value = 0xffffffff;
  for (const byte of data) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit += 1) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

/** A workbook of one sheet whose rows are given as XML. */
export function workbook(sheetData: string, more: Record<string, string> = {}): Buffer {
  return zipOf({
    'xl/workbook.xml': `<workbook xmlns:r="r"><sheets><sheet name="BTS" sheetId="1" r:id="rId1"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`,
    'xl/worksheets/sheet1.xml': `<?xml version="1.0"?><worksheet><sheetData>${sheetData}</sheetData></worksheet>`,
    ...more,
  });
}
