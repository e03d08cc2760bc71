import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance } from 'fastify';
import type { Config } from '../../src/config/config.js';
import { Problem } from '../../src/common/http/problem.js';
import { ImportFiles } from '../../src/modules/exchange/import-files.js';
import { FileRefused, LIMITS } from '../../src/modules/exchange/readers/limits.js';
import { openTable } from '../../src/modules/exchange/readers/open-table.js';
import { receiveUpload, type Upload } from '../../src/modules/exchange/upload.js';
import { readAll, removeTemporary, temporary, workbook, zipOf } from './files.js';

afterAll(removeTemporary);

async function refusal(work: Promise<unknown>): Promise<FileRefused> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof FileRefused)) throw new Error('a refusal was expected', { cause: error });
  expect([error.en, error.vi]).not.toContain('');
  return error;
}

describe('files that are too much', () => {
  const cell = (ref: string, value: string) => `<c r="${ref}" t="str"><v>${value}</v></c>`;
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, '']));

  it.each<[string, string, () => Buffer | string]>([
    [
      '100,000 columns',
      'TOO_LARGE',
      () => `${Array.from({ length: 100_000 }, (_, i) => `c${i}`).join(',')}\n`,
    ],
    ['more rows than may be', 'TOO_LARGE', () => `a,b\n${'1,2\n'.repeat(LIMITS.rows + 1)}`],
    ['a cell of millions of characters', 'HUGE_CELL', () => `a,b\n1,${'x'.repeat(20_000_000)}\n`],
    ['2,001 entries in the ZIP', 'ZIP_BOMB', () => workbook('', many(LIMITS.entries))],
    ['a ZIP in a ZIP', 'XLSX', () => zipOf({ 'a.xlsx': workbook('<row r="1"/>') })],
    [
      'a cell at XFD1048576',
      'TOO_LARGE',
      () => workbook(`<row r="1048576">${cell('XFD1048576', 'x')}</row>`),
    ],
    ['a row that is no number', 'XLSX', () => workbook(`<row r="1e9">${cell('A1', 'x')}</row>`)],
    ['tags in tags without an end', 'XLSX', () => workbook('<a>'.repeat(100_000))],
    [
      'entities of entities',
      'XLSX',
      () =>
        workbook('', {
          'xl/sharedStrings.xml': `<!DOCTYPE sst [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>`,
        }),
    ],
  ])('are refused: %s', async (_what, code, bytes) => {
    expect((await refusal(readAll(bytes()))).code).toBe(code);
  });

  it('are refused by their size alone, before a byte of them is read', async () => {
    const file = temporary('a,b\n');
    await fs.promises.truncate(file, 2_000_000_000);
    expect((await refusal(openTable(file, () => 0))).code).toBe('TOO_LARGE');
  });

  it('are read where only their claims are large', async () => {
    const bytes = workbook(
      `<row r="1">${cell('A1', 'code')}</row><row r="1048576">${cell('A1048576', 'x')}</row>`,
    );
    const claiming = workbook('', {
      'xl/worksheets/sheet1.xml': `<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1">${cell('A1', 'code')}</row><row r="2">${cell('A2', 'x')}</row></sheetData></worksheet>`,
    });
    expect((await readAll(bytes)).rows).toEqual([{ row: 1_048_576, values: ['x'] }]);
    expect((await readAll(claiming)).rows).toEqual([{ row: 2, values: ['x'] }]);
  });

  it('take a million quotation marks for one cell', async () => {
    const { rows } = await readAll(`a,b\n1,${'"'.repeat(1_000_000)}\n2,3\n`);
    expect(rows).toHaveLength(2);
    expect(rows[0]?.values[1]).toBe('"'.repeat(499_999));
    expect(rows[1]).toEqual({ row: 3, values: ['2', '3'] });
  });
});

describe('forms', () => {
  const MOST = 1_000_000;
  const folder = fs.mkdtempSync(`${temporary('')}-uploads-`);
  const files = new ImportFiles({ mediaDir: folder } as Config);
  let server: FastifyInstance;
  let port: number;
  let received: Upload | undefined;

  beforeAll(async () => {
    server = fastify();
    await server.register(multipart);
    server.setErrorHandler((error, _request, reply) =>
      error instanceof Problem
        ? reply.code(error.status).send({ code: error.code, ...error.detail, errors: error.errors })
        : reply.code(500).send({ code: String(error) }),
    );
    server.post('/', async (request) => {
      received = await receiveUpload(request, files, MOST);
      return { fileName: received.fileName, fileBytes: received.fileBytes, fields: received.fields };
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
    port = (server.server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());
  afterEach(() => fs.rmSync(`${folder}/imports`, { recursive: true, force: true }));

  const stored = () => (fs.existsSync(`${folder}/imports`) ? fs.readdirSync(`${folder}/imports`) : []);
  const part = (disposition: string, value: string) =>
    `--x\r\ncontent-disposition: form-data; ${disposition}\r\n\r\n${value}\r\n`;
  const FILE = 'name="file"; filename="../../../etc/t\u1ea1m.csv"';
  async function post(body: string, type = 'multipart/form-data; boundary=x') {
    const answer = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }

  it('give the file a name of ours, whatever theirs says, and take fields behind it', async () => {
    const { status, body } = await post(`${part(FILE, 'a,b')}${part('name="resource"', 'sites')}--x--\r\n`);
    expect({ status, body }).toEqual({
      status: 200,
      body: { fileName: 'tạm.csv', fileBytes: 3, fields: { resource: 'sites' } },
    });
    expect(stored()).toEqual([received?.importId]);
  });

  it.each<[string, number, string, string]>([
    ['no file', 400, 'INVALID', `${part('name="resource"', 'sites')}--x--\r\n`],
    ['two files', 400, 'INVALID', `${part(FILE, 'a')}${part(FILE, 'b')}--x--\r\n`],
    ['a file under another name', 400, 'INVALID', `${part('name="data"; filename="a"', 'a')}--x--\r\n`],
    ['a body that is cut off', 400, 'BAD_REQUEST', part(FILE, 'a').slice(0, -2)],
    ['a field without an end', 400, 'INVALID', `${part('name="mapping"', 'x'.repeat(100_001))}--x--\r\n`],
  ])('are refused with %s, and nothing of them stays', async (_what, status, code, body) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status, body: { code } });
    expect([answer.body.en, answer.body.vi]).not.toContain(undefined);
    expect(stored()).toEqual([]);
  });

  it('are refused as JSON or text', async () => {
    expect(await post('--x--', 'text/plain')).toMatchObject({ status: 415, body: { code: 'MEDIA_TYPE' } });
  });

  it('are refused at the limit when 2 GB come, of which no more is taken than the limit', async () => {
    const line = Buffer.from('HGI-1;Trạm Đông Phú;9,75;105,5\r\n'.repeat(2_000));
    let sent = 0;
    function* lines(): Generator<Buffer> {
      yield Buffer.from(`--x\r\ncontent-disposition: form-data; ${FILE}\r\n\r\n`);
      for (; sent < 2 * 1024 ** 3; sent += line.length) yield line;
    }
    const body = Readable.from(lines());
    const answer = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      const request = http.request(
        { port, method: 'POST', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
        (response) => {
          let text = '';
          response.setEncoding('utf8');
          response.on('data', (chunk: string) => (text += chunk));
          response.on('end', () => {
            body.destroy();
            request.destroy();
            resolve({ status: response.statusCode, text });
          });
        },
      );
      request.on('error', reject);
      body.pipe(request);
    });
    expect({ status: answer.status, body: JSON.parse(answer.text) as unknown }).toMatchObject({
      status: 413,
      body: { code: 'TOO_LARGE' },
    });
    expect(sent).toBeLessThan(100 * 1024 ** 2);
    expect(stored()).toEqual([]);
  });
});
