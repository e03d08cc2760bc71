import { AreasWriter } from '../../src/modules/areas/index.js';
import type { FindingDto, ImportChangeDto, ImportDto } from '../../src/modules/exchange/imports.dto.js';
import { FibreReader, FibreService } from '../../src/modules/fibre/index.js';
import { HamletsWriter } from '../../src/modules/hamlets/index.js';
import { square } from '../areas/fixtures.js';
import { openRegisterApi, type RegisterApi } from '../sites/api-client.js';
import { until } from '../support/until.js';

/** Fibre figures from files: c1 and c5 are both called Vị Tân, c2 has two hamlets. */
let r: RegisterApi;
beforeAll(async () => {
  r = await openRegisterApi([]);
  const period = { validFrom: '2020-01-01', validTo: '2025-07-01' };
  const boundary = square(105.7, 9.7);
  await r.app.app
    .get(AreasWriter)
    .importAreas([
      { code: 'c5', kind: 'commune', type: 'Phường', name: 'Vị Tân', parentCode: 'd2', boundary, ...period },
    ]);
  await r.app.app.get(HamletsWriter).importHamlets([
    { code: 'c2-01', name: 'Ấp 1', kind: 'ap', lon: 105.52, lat: 9.72 },
    { code: 'c2-02', name: 'Ấp 2', kind: 'ap', lon: 105.58, lat: 9.78 },
  ]);
});
afterAll(async () => r?.app.stop());

const HEAD = 'Mã xã;Xã/Phường;Mã ấp;Nhà mạng;Quý;Tổng số hộ;Số hộ phủ;Số hộ kết nối;Hộ đạt 25/3 Mbps;Nguồn';
const csv = (...lines: string[]) => [HEAD, ...lines].join('\n');

async function send(text: string, mode: 'dry-run' | 'apply'): Promise<ImportDto> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ resource: 'fibre', source: 'test', mode }))
    form.set(name, value);
  form.set('file', new Blob([text]), 'cap-quang.csv');
  const answer = await fetch(`${r.app.url}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${r.app.adminToken}` },
    body: form,
  });
  expect(answer.status).toBe(202);
  return ended(((await answer.json()) as ImportDto).id);
}

async function ended(id: string): Promise<ImportDto> {
  let run: ImportDto | undefined;
  await until(
    async () => {
      run = (await r.get<ImportDto>(`imports/${id}`)).body;
      return run.finishedAt !== null;
    },
    { what: 'the import ends' },
  );
  return run as ImportDto;
}

const report = async (id: string) =>
  (await r.get<{ items: FindingDto[] }>(`imports/${id}/report?limit=1000`)).body.items;
const found = async (id: string, severity = 'error') =>
  (await report(id)).filter((one) => one.severity === severity).map(({ row, code }) => `${row} ${code}`);
const rows = async (quarter: string) =>
  (await r.app.app.get(FibreReader).list({ quarter, limit: 100 })).items.map(
    (f) => `${f.hamletCode ?? f.communeCode} ${f.operatorCode} ${f.households}/${f.passed}/${f.connected}`,
  );

it('tells every fault of every row, and writes nothing', async () => {
  const run = await send(
    csv(
      ';Vị Tân;;Viettel;2025-Q1;280;200;100;;',
      ';Xã Không Có;;Viettel;2025-Q1;280;200;100;;',
      'c1;;;Viettel;Quý 5/2025;280;200;100;;',
      'c1;;;Viettel;2025-Q1;280;76 %;0,5;;',
      'c1;;;VinaPhone;2025-Q1;280;300;310;;',
      'c1;;;Viettel;2025-Q2;280;200;100;250;',
      'c1;;c2-01;Viettel;2025-Q1;100;50;10;;',
      ';;c2-09;Viettel;2025-Q1;100;50;10;;',
      ';;;Viettel;2025-Q1;100;50;10;;',
      ';xa vi tan;;Viettel;Q2 2025;280;200;100;;',
      'c2;;;Viettel;2025-Q1;;50;10;;',
    ),
    'apply',
  );
  expect(run).toMatchObject({ state: 'refused', counts: { rows: 11, badRows: 11 } });
  expect(await found(run.id)).toEqual([
    '2 COMMUNE_AMBIGUOUS',
    '3 COMMUNE',
    '4 QUARTER',
    '5 UNIT',
    '5 UNIT',
    '6 ORDER',
    '6 ORDER',
    '7 ORDER',
    '8 HAMLET_COMMUNE',
    '9 HAMLET',
    '10 REQUIRED',
    '11 DUPLICATE_IN_FILE',
    '12 REQUIRED',
  ]);
  const findings = await report(run.id);
  expect(findings.find(({ code }) => code === 'COMMUNE_AMBIGUOUS')).toMatchObject({
    column: 'Xã/Phường',
    message: expect.stringMatching(
      /Xã Vị Tân, Huyện Đông, Tỉnh Một \(c1\); Phường Vị Tân, Thị xã Tây.*\(c5\)/,
    ),
    messageVi: expect.stringContaining('hãy ghi mã'),
  });
  expect(await rows('2025Q1')).toEqual([]);
});

it('goes in by code or name, is unchanged the second time, and says when hamlets exceed their commune', async () => {
  const text = csv(
    ';Xã Vị Tân;;Viettel;Quý 1/2025;280;200;100;150;Báo cáo quý I',
    'c2;;;VinaPhone;2025-Q1;560;60;30;;',
    ';;c2-01;VNPT;Q1/2025;100;50;10;;',
    'c2;;c2-02;VNPT;2025Q1;200;20;10;;',
  );
  const run = await send(text, 'apply');
  expect(await found(run.id)).toEqual([]);
  expect(run).toMatchObject({ state: 'applied', counts: { rows: 4, created: 4 } });
  expect(await found(run.id, 'warning')).toEqual(['5 HAMLETS_EXCEED']);
  expect(await rows('2025Q1')).toEqual([
    'c1 viettel 280/200/100',
    'c2 vnpt 560/60/30',
    'c2-01 vnpt 100/50/10',
    'c2-02 vnpt 200/20/10',
  ]);
  expect(await send(text, 'apply')).toMatchObject({ counts: { unchanged: 4, created: 0, updated: 0 } });
});

it('shows what changes, leaves what the file has no column for, and is taken back', async () => {
  const before = await rows('2025Q1');
  const dry = await send(
    [
      'communeCode,operatorCode,quarter,households,passed,connected',
      'c1,viettel,2025Q1,280,210,100',
      'c3,viettel,2025Q1,840,800,700',
    ].join('\n'),
    'dry-run',
  );
  expect(dry).toMatchObject({ state: 'checked', counts: { created: 1, updated: 1 } });
  const { body } = await r.get<{ items: ImportChangeDto[] }>(`imports/${dry.id}/changes`);
  expect(body.items).toMatchObject([
    { key: 'c1/viettel/2025Q1', action: 'update', fields: [{ field: 'passed', before: 200, after: 210 }] },
    { key: 'c3/viettel/2025Q1', action: 'create' },
  ]);
  expect((await r.call('POST', `imports/${dry.id}/apply`)).status).toBe(202);
  expect(await ended(dry.id)).toMatchObject({ state: 'applied' });
  const { items } = await r.app.app.get(FibreReader).list({ commune: 'c1', quarter: '2025Q1', limit: 10 });
  expect(items).toMatchObject([{ passed: 210, passed25Mbps: 150, source: 'Báo cáo quý I' }]);
  expect((await r.call('POST', `imports/${dry.id}/undo`)).status).toBe(200);
  expect(await rows('2025Q1')).toEqual(before);
});

it('is not applied, nor taken back, over what somebody changed meanwhile', async () => {
  const put = (passed: number) =>
    r.call('PUT', 'fibre/c3/vnpt/2025Q2', { households: 840, passed, connected: 1 });
  expect((await put(10)).status).toBe(200);
  const line = (passed: number) => csv(`c3;;;VNPT;2025Q2;840;${passed};1;;`);
  const dry = await send(line(20), 'dry-run');
  expect((await put(30)).status).toBe(200);
  await r.call('POST', `imports/${dry.id}/apply`);
  // Applying checks the file anew, against what is there now.
  expect(await ended(dry.id)).toMatchObject({ state: 'applied', counts: { updated: 1 } });
  expect((await put(40)).status).toBe(200);
  expect(await r.call('POST', `imports/${dry.id}/undo`)).toMatchObject({
    status: 409,
    body: { code: 'CHANGED_SINCE', detail: expect.stringContaining('c3/vnpt/2025Q2') },
  });
  expect(await rows('2025Q2')).toEqual(['c3 vnpt 840/40/1']);
});

it('leaves closed quarters alone, and says so', async () => {
  await r.app.app.get(FibreService).importFibre([
    {
      communeCode: 'c1',
      operatorCode: 'vnpt',
      quarter: '2024Q4',
      households: 280,
      passed: 100,
      connected: 50,
    },
  ]);
  const applied = await send(csv('c3;;;VNPT;2024Q4;840;10;1;;'), 'apply');
  expect(applied.state).toBe('applied');
  expect((await r.call('POST', 'fibre/quarters/2024Q4/close')).status).toBe(200);
  const run = await send(
    csv('c1;;;VNPT;2024Q4;280;100;50;;', 'c1;;;Viettel;2024Q4;280;100;50;;', 'c3;;;VNPT;2024Q4;840;11;1;;'),
    'apply',
  );
  expect(run).toMatchObject({ state: 'refused', counts: { unchanged: 1, badRows: 2 } });
  expect(await found(run.id)).toEqual(['3 CLOSED', '4 CLOSED']);
  expect(await r.call('POST', `imports/${applied.id}/undo`)).toMatchObject({
    status: 409,
    body: { code: 'CLOSED' },
  });
  expect(await rows('2024Q4')).toEqual(['c1 vnpt 280/100/50', 'c3 vnpt 840/10/1']);
});

it('says of a column of shares, and of a quarter to come, what they are', async () => {
  const run = await send(
    [
      'communeCode,operatorCode,quarter,households,Số hộ phủ (%),connected',
      'c1,viettel,2025Q1,280,76,10',
    ].join('\n'),
    'dry-run',
  );
  expect(await found(run.id)).toEqual(['2 UNIT']);
  const later = await send(csv('c9;;;Viettel;Quý 4/2999;280;76;10;;'), 'dry-run');
  expect(await found(later.id, 'warning')).toEqual(['2 FUTURE']);
});
