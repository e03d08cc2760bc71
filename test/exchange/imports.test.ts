import { spawn } from 'node:child_process';
import fs from 'node:fs';
import iconv from 'iconv-lite';
import writeExcelFile from 'write-excel-file/node';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { FileRemoval, KEPT_DAYS } from '../../src/modules/exchange/file-removal.job.js';
import type { FindingDto, ImportChangeDto, ImportDto } from '../../src/modules/exchange/imports.dto.js';
import { OperatorsService, SitesService } from '../../src/modules/sites/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { removeTemporary, temporary } from './files.js';
import { csvOf, demo, demoAreas, demoRows, demoSites, KINDS } from './faults.js';

let app: TestApp;
let sites: SitesService;
beforeAll(async () => {
  app = await createTestApp();
  sites = app.app.get(SitesService);
  await app.app.get(UnitOfWork).run(async (tx) => {
    await app.app.get(AreasWriter).importAreas(demoAreas, tx);
    await app.app.get(OperatorsService).importOperators(demo.operators, tx);
  });
});
afterAll(async () => {
  removeTemporary();
  await app?.stop();
});

const call = (method: string, path: string, body?: FormData | string, token = app.adminToken) =>
  fetch(`${app.url}/api/v1/imports${path}`, {
    method,
    body: body ?? null,
    headers: {
      authorization: `Bearer ${token}`,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    },
  });
const get = async <T>(path: string): Promise<T> => (await call('GET', path)).json() as Promise<T>;

async function send(file: Buffer | string, fields: Record<string, string>): Promise<ImportDto> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ resource: 'sites', source: 'test', ...fields }))
    form.set(name, value);
  form.set('file', new Blob([new Uint8Array(Buffer.from(file))]), '../../tram.csv');
  const answer = await call('POST', '', form);
  const body = (await answer.json()) as ImportDto;
  expect({ status: answer.status, body }).toMatchObject({ status: 202 });
  return ended(body.id);
}

async function ended(id: string): Promise<ImportDto> {
  let run: ImportDto | undefined;
  await until(
    async () => {
      run = await get<ImportDto>(`/${id}`);
      return run.finishedAt !== null;
    },
    { what: 'the import ends' },
  );
  return run as ImportDto;
}

const errorsOf = async (id: string) =>
  (await get<{ items: FindingDto[] }>(`/${id}/report?severity=error&limit=1000`)).items;

const head = demoRows().slice(0, 3);
const planted = () => {
  const rows = demoRows();
  const right = demoRows();
  const faults = KINDS.flatMap((kind, k) =>
    [0, 1].map((again) => {
      const at = 20 + k * 50 + again * 25;
      kind[2](rows[at] ?? {}, rows);
      return { at, what: kind[0], code: kind[1] };
    }),
  );
  return { rows, right, faults };
};

describe('a file with 40 faults of 20 kinds in 1070 rows', () => {
  let id: string;

  it('is refused with every fault in one report, and nothing is written', async () => {
    const { rows, faults } = planted();
    expect([rows.length, faults.length]).toEqual([1070, 40]);
    const run = await send(csvOf(rows), { mode: 'apply' });
    id = run.id;
    expect(run).toMatchObject({ state: 'refused', counts: { rows: 1070, badRows: 40, created: 1030 } });
    const errors = await errorsOf(id);
    expect(errors.map(({ row, code }) => `${row} ${code}`)).toEqual(
      faults.map(({ at, code }) => `${at + 2} ${code}`),
    );
    for (const error of errors) expect(error.message !== '' && error.messageVi !== '').toBe(true);
    expect(errors.find(({ code }) => code === 'SWAPPED')?.message).toMatch(/lies in (Xã|Phường|Thị trấn) /);
    expect(await sites.count()).toMatchObject({ sites: 0 });
  });

  it('goes in with its valid rows, and the rest with the corrections mended', async () => {
    const answer = await call('POST', `/${id}/apply`, JSON.stringify({ onErrors: 'valid-rows' }));
    expect(answer.status).toBe(202);
    expect(await ended(id)).toMatchObject({ state: 'applied', counts: { created: 1030 } });
    expect(await sites.count()).toMatchObject({ sites: 1030 });

    const text = await (await call('GET', `/${id}/corrections.csv`)).text();
    const lines = text.trimEnd().split('\r\n');
    expect(lines).toHaveLength(41);
    expect(lines[0]).toContain('Lý do / Reasons');
    const { right, faults } = planted();
    const mended = faults.map(({ at }) => ({ ...right[at], 'Dòng gốc / Row': String(at + 2) }));
    const run = await send(csvOf(mended, ','), { mode: 'apply' });
    expect(await errorsOf(run.id)).toEqual([]);
    expect(run).toMatchObject({ state: 'applied', counts: { rows: 40, created: 40 } });
    expect(await sites.count()).toMatchObject({ sites: 1070 });
    const stored = await sites.read(demoSites[45]!.code);
    expect(stored).toMatchObject({
      name: demoSites[45]!.name,
      structureHeightM: demoSites[45]!.structureHeightM,
    });
  });

  it('is unchanged the second time, in UTF-16, Windows-1252’s neighbour 1258, XLSX and GeoJSON', async () => {
    const rows = demoRows().slice(0, 200);
    const headings = Object.keys(rows[0]!);
    const sheet = [headings, ...rows.map((row) => headings.map((name) => row[name] ?? ''))];
    const xlsx = await writeExcelFile(
      sheet.map((line) => line.map((value) => ({ value, type: String }))),
    ).toBuffer();
    const geojson = {
      type: 'FeatureCollection',
      features: demoSites.slice(0, 200).map(({ lon, lat, code, name }) => ({
        type: 'Feature',
        properties: { code, name },
        geometry: { type: 'Point', coordinates: [lon, lat] },
      })),
    };
    for (const file of [
      iconv.encode(csvOf(rows, '\t'), 'utf-16le', { addBOM: true }),
      windows1258(csvOf(rows)),
      xlsx,
      Buffer.from(JSON.stringify(geojson)),
    ]) {
      const run = await send(file, { mode: 'dry-run' });
      expect(await errorsOf(run.id)).toEqual([]);
      expect(run).toMatchObject({ state: 'checked', counts: { rows: 200, unchanged: 200 } });
    }
  });
});

describe('an import that changes what is there', () => {
  it('shows what differs, is applied, and is taken back', async () => {
    const [first, second] = head;
    const changed = [
      { ...first!, 'Độ cao cột (m)': '1.234,5 cm' },
      second!,
      { ...head[2]!, 'Mã trạm': 'HGI-NEW-1', 'Tên trạm': '=Trạm mới' },
    ];
    const dry = await send(csvOf(changed), { mode: 'dry-run' });
    expect(dry).toMatchObject({ state: 'checked', counts: { created: 1, updated: 1, unchanged: 1 } });
    const { items } = await get<{ items: ImportChangeDto[] }>(`/${dry.id}/changes`);
    const was = demoSites[0]!.structureHeightM;
    expect(items).toMatchObject([
      { row: 2, action: 'update', fields: [{ field: 'structureHeightM', before: was, after: 12.345 }] },
      { row: 4, action: 'create', key: 'HGI-NEW-1' },
    ]);
    const warnings = await get<{ items: FindingDto[] }>(`/${dry.id}/report?severity=warning`);
    expect(warnings.items.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['UNIT', 'NEAR_DUPLICATE']),
    );

    expect((await call('POST', `/${dry.id}/apply`)).status).toBe(202);
    expect(await ended(dry.id)).toMatchObject({ state: 'applied' });
    expect((await sites.read(demoSites[0]!.code)).structureHeightM).toBe(12.345);
    expect((await call('POST', `/${dry.id}/apply`)).status).toBe(409);

    expect((await call('POST', `/${dry.id}/undo`)).status).toBe(200);
    expect((await sites.read(demoSites[0]!.code)).structureHeightM).toBe(was);
    await expect(sites.read('HGI-NEW-1')).rejects.toThrow('HGI-NEW-1');
    expect((await call('POST', `/${dry.id}/undo`)).status).toBe(409);
  });

  it('is not taken back when something was changed since, which is named', async () => {
    const run = await send(csvOf([{ ...head[1]!, 'Tên trạm': 'Tên một' }]), { mode: 'apply' });
    const later = await send(csvOf([{ ...head[1]!, 'Tên trạm': 'Tên hai' }]), { mode: 'apply' });
    expect([run.state, later.state]).toEqual(['applied', 'applied']);
    const answer = await call('POST', `/${run.id}/undo`);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      code: 'CHANGED_SINCE',
      detail: expect.stringContaining(demoSites[1]!.code),
    });
    expect((await sites.read(demoSites[1]!.code)).name).toBe('Tên hai');
    for (const { id } of [later, run]) await call('POST', `/${id}/undo`);
  });
});

describe('cells', () => {
  it('come to the sites they name, and go again', async () => {
    const [a, b] = demoSites;
    const count = await sites.count();
    const line = (site: string, cell: string, mhz: string) =>
      `${site},${cell},Viettel,LTE,B3,"${mhz}","120,5"`;
    const text = ['Mã trạm,Mã cell,Nhà mạng,Công nghệ,Băng tần,Tần số (MHz),Góc phương vị'];
    const wrong = [...text, line('HGI-NOWHERE', 'L1', '1815'), line(a!.code, 'L1', '1,8')];
    const refused = await send(wrong.join('\n'), { resource: 'cells', mode: 'apply' });
    expect((await errorsOf(refused.id)).map(({ row, code }) => `${row} ${code}`)).toEqual([
      '2 SITE',
      '3 UNIT',
    ]);

    const right = [
      ...text,
      line(a!.code, 'L1', '1,815 GHz'),
      line(a!.code, 'L2', '1815'),
      line(b!.code, 'L1', '1815'),
    ];
    const run = await send(right.join('\n'), { resource: 'cells', mode: 'apply' });
    expect(run).toMatchObject({ state: 'applied', counts: { created: 3 } });
    expect((await sites.count()).cells).toBe(count.cells + 3);
    const cells = (await sites.read(a!.code)).cells;
    expect(cells.find(({ code }) => code === 'L1')).toMatchObject({ frequencyMhz: 1815, azimuthDeg: 120.5 });
    expect((await call('POST', `/${run.id}/undo`)).status).toBe(200);
    expect(await sites.count()).toEqual(count);
  });
});

describe('columns', () => {
  it('are mapped as said, and the mapping is remembered for the source', async () => {
    const [site] = demoSites;
    const text = `Mast no.,Ten,Y,X,Cao,Thừa\n${site!.code},${site!.name},${site!.lat},${site!.lon},33,x\n`;
    const unmapped = await send(text, { source: 'Viettel' });
    expect(unmapped).toMatchObject({ state: 'checked', counts: { rows: 0 } });
    expect((await errorsOf(unmapped.id)).map(({ code }) => code)).toEqual(['MISSING_COLUMN']);
    const mapping = JSON.stringify({ 'Mast no.': 'code', Cao: 'structureHeightM' });
    for (const fields of [{ mapping }, {}] as Record<string, string>[]) {
      const run = await send(text, { source: 'Viettel', ...fields });
      expect(run).toMatchObject({ counts: { rows: 1, updated: 1 } });
      const { items } = await get<{ items: FindingDto[] }>(`/${run.id}/report?severity=warning`);
      expect(items).toMatchObject([{ code: 'UNKNOWN_COLUMN', column: 'Thừa' }]);
    }
  });
});

describe('cancelling', () => {
  it('stops an import that is at work, of which nothing is written', async () => {
    const before = await sites.count();
    const form = new FormData();
    form.set('resource', 'sites');
    form.set('mode', 'apply');
    form.set(
      'file',
      new Blob([csvOf(demoRows().map((row) => ({ ...row, 'Mã trạm': `X-${row['Mã trạm']}` })))]),
      'x',
    );
    const { id } = (await (await call('POST', '', form)).json()) as ImportDto;
    const answer = await call('POST', `/${id}/cancel`);
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 200,
      body: { state: 'cancelled' },
    });
    await until(async () => {
      const [job] = await app.database.dataSource.query<{ state: string }[]>(
        `select j.state from jobs j join imports i on i.job_id = j.id where i.id = $1`,
        [id],
      );
      return job?.state !== 'queued' && job?.state !== 'running';
    });
    expect((await get<ImportDto>(`/${id}`)).state).toBe('cancelled');
    expect(await sites.count()).toEqual(before);
    expect((await call('POST', `/${id}/cancel`)).status).toBe(409);
  });
});

describe('npm run import', () => {
  it('sends a file, prints the report, and writes the corrections', async () => {
    const made = await fetch(`${app.url}/api/v1/api-keys`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'imports', roles: ['planner'] }),
    });
    const { key } = (await made.json()) as { key: string };
    const file = temporary(csvOf([head[0]!, { ...head[1]!, 'Vĩ độ': 'abc' }]));
    const corrections = temporary('');
    const run = await program(['--resource', 'sites', '--api-key', key, '--corrections', corrections, file]);
    expect(run).toMatchObject({ code: 1, out: expect.stringContaining('error NUMBER: 1') });
    expect(run.out).toContain('"abc" không phải là số');
    expect(fs.readFileSync(corrections, 'utf8').trimEnd().split('\r\n')).toHaveLength(2);
    expect((await program(['--resource', 'sites', '--api-key', 'wrong', file])).code).toBe(2);
    expect((await program([])).out).toContain('--resource');
  });

  /** The compiled program: `pretest` has built it. */
  function program(args: string[]): Promise<{ code: number | null; out: string }> {
    const child = spawn(process.execPath, ['dist/src/cli/import.js', '--server', app.url, ...args]);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })));
  }
});

describe('what is refused', () => {
  it('tells of a file that cannot be read', async () => {
    const run = await send('Mã trạm,Tên trạm\nA,x\0y\n', {});
    expect(run).toMatchObject({ state: 'failed', error: { code: 'NUL' } });
  });

  it('tells of a file that was removed since', async () => {
    const run = await send(csvOf([{ ...demoRows()[0], 'Mã trạm': 'GONE-1' }], ','), { mode: 'dry-run' });
    const later = new Date(Date.now() + (KEPT_DAYS + 1) * 86_400_000);
    expect(await app.app.get(FileRemoval).run(later)).toBeGreaterThan(0);
    const answer = await call('POST', `/${run.id}/apply`);
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({
      status: 409,
      body: { code: 'FILE_GONE' },
    });
    expect(await get(`/${run.id}`)).toMatchObject({ state: run.state });
  });

  it('tells of wrong fields, and of imports that are not there', async () => {
    const form = new FormData();
    form.set('resource', 'towers');
    form.set('nonsense', '1');
    form.set('mapping', '[');
    form.set('file', new Blob(['a,b\n']), 'a.csv');
    const answer = await call('POST', '', form);
    expect(answer.status).toBe(400);
    const { errors } = (await answer.json()) as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field)).toEqual(['nonsense', 'resource']);
    expect((await call('POST', '', '{}')).status).toBe(415);
    expect((await call('GET', '/nothing')).status).toBe(404);
    expect((await call('GET', '?cursor=eA')).status).toBe(400);
  });
});

/** Windows-1258 writes a tone behind its vowel. */
function windows1258(text: string): Buffer {
  const tone = /[\u0300\u0301\u0303\u0309\u0323]/u;
  const split = [...text].map((letter) => {
    const marks = [...letter.normalize('NFD')];
    return (
      marks
        .filter((mark) => !tone.test(mark))
        .join('')
        .normalize('NFC') + marks.filter((m) => tone.test(m)).join('')
    );
  });
  return iconv.encode(split.join(''), 'windows-1258');
}
