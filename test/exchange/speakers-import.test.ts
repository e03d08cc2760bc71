import writeExcelFile from 'write-excel-file/node';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { AreasService, AreasWriter } from '../../src/modules/areas/index.js';
import type { FindingDto, ImportChangeDto, ImportDto } from '../../src/modules/exchange/imports.dto.js';
import { DeviceCredentials } from '../../src/modules/identity/index.js';
import { ClusterService } from '../../src/modules/speakers/index.js';
import { createTestApp, signIn, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { csvOf, demo, demoAreas } from './faults.js';

let app: TestApp;
let clusters: ClusterService;
beforeAll(async () => {
  app = await createTestApp();
  clusters = app.app.get(ClusterService);
  await app.app.get(AreasWriter).importAreas(demoAreas);
});
afterAll(() => app?.stop());

const call = (method: string, path: string, body?: FormData | string, token = app.adminToken) =>
  fetch(`${app.url}/api/v1/imports${path}`, {
    method,
    body: body ?? null,
    headers: {
      authorization: `Bearer ${token}`,
      ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
    },
  });
const get = async <T>(path: string): Promise<T[]> =>
  ((await (await call('GET', path)).json()) as { items: T[] }).items;

async function send(
  resource: string,
  file: Buffer | string,
  mode: 'apply' | 'dry-run' = 'apply',
  token = app.adminToken,
): Promise<ImportDto> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ resource, source: 'test', mode })) form.set(name, value);
  form.set('file', new Blob([new Uint8Array(Buffer.from(file))]), 'cum-loa.csv');
  const answer = await call('POST', '', form, token);
  let run = (await answer.json()) as ImportDto;
  expect({ status: answer.status, run }).toMatchObject({ status: 202 });
  await until(
    async () => {
      run = (await (await call('GET', `/${run.id}`)).json()) as ImportDto;
      return run.finishedAt !== null;
    },
    { what: 'the import ends' },
  );
  return run;
}
const found = async ({ id }: ImportDto, severity = 'error') =>
  (await get<FindingDto>(`/${id}/report?severity=${severity}&limit=1000`)).map(
    ({ row, column, code }) => `${row} ${column} ${code}`,
  );

type Row = Record<string, string>;
const comma = (value: number) => String(value).replace('.', ',');
const some = demo.clusters.slice(0, 12);
const rows = (): Row[] =>
  some.map((cluster) => ({
    'Mã cụm': cluster.code,
    'Tên cụm': cluster.name,
    'Vĩ độ': comma(cluster.lat),
    'Kinh độ': comma(cluster.lon),
    'Mã xã': cluster.communeCode,
    'Số loa': String(cluster.horns.length),
    'Công suất (W)': cluster.horns.map(({ powerW }) => comma(powerW)).join('; '),
    'Hướng loa': cluster.horns.map(({ azimuthDeg }) => comma(azimuthDeg)).join('; '),
    'Độ cao lắp (m)': comma(cluster.hornHeightM),
    'Kết nối': cluster.uplink === 'fibre' ? 'Cáp quang' : 'SIM 4G',
    'Nhà mạng': cluster.uplinkOperatorCode,
    'Giờ yên tĩnh': '21h-5h; 11:30-13:00',
    'Đang sử dụng': 'Có',
    Nguồn: 'kiểm kê',
  }));
const with_ = (spoil: (all: Row[]) => void): string => {
  const all = rows();
  spoil(all);
  return csvOf(all);
};

describe('clusters', () => {
  it('are refused with every fault told, and nothing is written', async () => {
    const run = await send(
      'clusters',
      with_((all) => {
        Object.assign(all[0]!, { 'Vĩ độ': all[0]!['Kinh độ'], 'Kinh độ': all[0]!['Vĩ độ'] });
        Object.assign(all[1]!, { 'Vĩ độ': '21,03', 'Kinh độ': '105,85' });
        Object.assign(all[2]!, {
          'Mã xã': demoAreas.find(({ code }) => code !== some[2]!.communeCode && code.length === 5)!.code,
        });
        all[3]!['Mã cụm'] = 'Cụm 4';
        all[4]!['Mã cụm'] = all[5]!['Mã cụm']!;
        all[6]!['Công suất (W)'] = '5000';
        all[7]!['Hướng loa'] = Array.from({ length: some[7]!.horns.length }, () => '400').join('; ');
        all[8]!['Số loa'] = String(some[8]!.horns.length + 1);
        all[9]!['Độ cao lắp (m)'] = '-3';
        all[10]!['Giờ yên tĩnh'] = 'đêm';
        all[11]!['Tên cụm'] = '';
      }),
    );
    expect(run).toMatchObject({ state: 'refused', counts: { rows: 12, badRows: 11 } });
    const errors = await found(run);
    expect([...new Set(errors.map((line) => line.replace(/^(\d+) .* (\w+)$/, '$1 $2')))]).toEqual([
      '2 SWAPPED',
      '3 OUTSIDE',
      '4 COMMUNE_MISMATCH',
      '5 FORM',
      '7 DUPLICATE_IN_FILE',
      '8 RANGE',
      '9 RANGE',
      '10 HORNS',
      '11 NEGATIVE',
      '12 FORM',
      '13 REQUIRED',
    ]);
    expect(errors).toContain('10 Hướng loa HORNS');
    expect(await clusters.counts()).toMatchObject({ clusters: 0 });
  });

  it('come in, without a credential, with their commune and their first document', async () => {
    const run = await send('clusters', csvOf(rows()));
    expect(await found(run)).toEqual([]);
    expect(run).toMatchObject({ state: 'applied', counts: { rows: 12, created: 12 } });
    const stored = await clusters.get(some[0]!.code);
    expect(stored).toMatchObject({
      areaCode: some[0]!.communeCode,
      horns: some[0]!.horns,
      hornHeightM: some[0]!.hornHeightM,
      uplink: some[0]!.uplink,
      quietHours: [
        { from: '21:00', to: '05:00' },
        { from: '11:30', to: '13:00' },
      ],
      desiredVersion: 1,
    });
    expect(await app.app.get(DeviceCredentials).exportVerifiers()).toEqual([]);
  });

  it('are unchanged the second time, as a workbook and as points', async () => {
    const all = rows();
    const headings = Object.keys(all[0]!);
    const workbook = await writeExcelFile(
      [headings, ...all.map((row) => headings.map((name) => row[name] ?? ''))].map((line) =>
        line.map((value) => ({ value, type: String })),
      ),
    ).toBuffer();
    const points = {
      type: 'FeatureCollection',
      features: some.map(({ lon, lat, code, name, horns }) => ({
        type: 'Feature',
        properties: { code, name, 'so loa': horns.length },
        geometry: { type: 'Point', coordinates: [lon, lat] },
      })),
    };
    for (const file of [workbook, Buffer.from(JSON.stringify(points))]) {
      const run = await send('clusters', file, 'dry-run');
      expect(await found(run)).toEqual([]);
      expect(run).toMatchObject({ state: 'checked', counts: { rows: 12, unchanged: 12 } });
    }
  });

  it('show what differs, are changed and put back', async () => {
    const [a] = some;
    const file = csvOf([
      {
        'Mã cụm': a!.code,
        'Tên cụm': 'Tên khác',
        'Vĩ độ': String(a!.lat),
        'Kinh độ': String(a!.lon),
        'Hướng loa': 'Bắc; Đông Nam',
        'Công suất': '25',
      },
      {
        'Mã cụm': 'hgi-new-01',
        'Tên cụm': 'Cụm mới',
        'Vĩ độ': String(a!.lat),
        'Kinh độ': String(a!.lon + 0.0001),
        'Hướng loa': '0',
        'Công suất': '30',
      },
    ]);
    const run = await send('clusters', file);
    expect(run).toMatchObject({ state: 'applied', counts: { created: 1, updated: 1 } });
    expect(await found(run, 'warning')).toEqual(
      ['2 Vĩ độ NEAR_DUPLICATE', '3 Vĩ độ NEAR_DUPLICATE'].slice(1),
    );
    const [change] = await get<ImportChangeDto>(`/${run.id}/changes`);
    expect(change).toMatchObject({
      action: 'update',
      fields: [
        { field: 'name', before: a!.name, after: 'Tên khác' },
        {
          field: 'horns',
          before: a!.horns,
          after: [
            { powerW: 25, azimuthDeg: 0 },
            { powerW: 25, azimuthDeg: 135 },
          ],
        },
      ],
    });
    expect((await call('POST', `/${run.id}/undo`)).status).toBe(200);
    expect(await clusters.get(a!.code)).toMatchObject({ name: a!.name, horns: a!.horns });
    await expect(clusters.get('hgi-new-01')).rejects.toThrow('hgi-new-01');
  });

  it('are not taken back once a new one has a credential', async () => {
    const [a] = some;
    const run = await send(
      'clusters',
      csvOf([
        { 'Mã cụm': 'hgi-new-02', 'Tên cụm': 'Cụm mới', 'Vĩ độ': String(a!.lat), 'Kinh độ': String(a!.lon) },
      ]),
    );
    expect(run.state).toBe('applied');
    await app.app.get(UnitOfWork).run((tx) => app.app.get(DeviceCredentials).issue(tx, 'hgi-new-02'));
    const answer = await call('POST', `/${run.id}/undo`);
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({
      code: 'CHANGED_SINCE',
      detail: expect.stringContaining('hgi-new-02'),
    });
    expect(await clusters.get('hgi-new-02')).toMatchObject({ horns: [] });
  });
});

describe('loudspeakers', () => {
  const commune = () => demoAreas.find(({ code }) => code === some[0]!.communeCode)!;

  it('are refused with every fault told', async () => {
    const next = some[0]!.horns.length + 1;
    const row = (more: Row): Row => ({
      'Mã cụm': '',
      'Loa số': '',
      'Công suất': '',
      Hướng: '',
      Xã: '',
      'Loại loa': '',
      'Số lượng': '',
      ...more,
    });
    const horn = (more: Row) => row({ 'Mã cụm': some[0]!.code, 'Công suất': '30', Hướng: '90', ...more });
    const run = await send(
      'loudspeakers',
      csvOf([
        horn({ 'Loa số': String(next + 1) }),
        horn({ 'Mã cụm': 'khong-co-cum', 'Loa số': '1' }),
        horn({ 'Loa số': String(next), Hướng: '' }),
        horn({ 'Loa số': String(next), 'Loại loa': 'Vô tuyến' }),
        row({ Xã: commune().name, 'Loại loa': 'FM', 'Số lượng': '-1' }),
        row({ Xã: 'Xã không có thật', 'Loại loa': 'FM', 'Số lượng': '1' }),
        row({ Xã: commune().code, 'Loại loa': 'IP', 'Số lượng': '1' }),
        row({ 'Loại loa': 'Có dây', 'Số lượng': '1' }),
      ]),
    );
    expect(run).toMatchObject({ state: 'refused', counts: { rows: 8, badRows: 8 } });
    expect(await found(run)).toEqual([
      '2 Loa số GAP',
      '3 Mã cụm CLUSTER',
      '4 Hướng REQUIRED',
      '5 null DUPLICATE_IN_FILE',
      '5 Loại loa KIND',
      '6 Số lượng RANGE',
      '7 Xã UNIT_UNKNOWN',
      '8 Mã cụm REQUIRED',
      '9 Xã REQUIRED',
    ]);
  });

  it('come in beside those that are there, are unchanged the second time, and go again', async () => {
    const [a] = some;
    const before = await clusters.counts();
    const next = a!.horns.length + 1;
    const lines = [
      'Mã cụm;Loa số;Công suất;Hướng;Tên xã;Loại loa;Số lượng;Độ nhạy;Góc phủ',
      `${a!.code};${next};15;45;;;;110,5;60`,
      `${a!.code};${next + 1};15,5;225°;;;;;`,
      `;;;;${commune().code};Vô tuyến;12;;`,
      `;;;;${commune().fullName ?? `${commune().type} ${commune().name}`};Hữu tuyến;7;;`,
    ].join('\n');
    const run = await send('loudspeakers', lines);
    expect(await found(run)).toEqual([]);
    expect(run).toMatchObject({ state: 'applied', counts: { rows: 4, created: 4 } });
    expect((await clusters.get(a!.code)).horns).toEqual([
      ...a!.horns,
      { powerW: 15, azimuthDeg: 45, sensitivityDb: 110.5, dispersionDeg: 60 },
      { powerW: 15.5, azimuthDeg: 225 },
    ]);
    expect(await clusters.counts()).toMatchObject({ horns: before.horns + 2, plainLoudspeakers: 19 });
    const again = await send('loudspeakers', lines, 'dry-run');
    expect(again).toMatchObject({ state: 'checked', counts: { unchanged: 4 } });

    const later = await send('loudspeakers', lines.replace(';12', ';13'));
    expect(later).toMatchObject({ state: 'applied', counts: { updated: 1, unchanged: 3 } });
    expect((await call('POST', `/${run.id}/undo`)).status).toBe(409);
    expect((await call('POST', `/${later.id}/undo`)).status).toBe(200);
    // Taken back is a change too: what was there before is there again, in a later version.
    expect((await call('POST', `/${run.id}/undo`)).status).toBe(409);
    expect(await clusters.counts()).toMatchObject({ horns: before.horns + 2, plainLoudspeakers: 19 });
  });
});

describe('who may import them', () => {
  const user = async (username: string, role: string, jurisdictionAreaId: string | null) => {
    const password = `the password of ${username}`;
    const answer = await fetch(`${app.url}/api/v1/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ username, displayName: username, password, roles: [role], jurisdictionAreaId }),
    });
    expect(answer.status).toBe(201);
    return signIn(app.url, username, password);
  };

  it('nobody outside of their unit', async () => {
    const inside = some[0]!;
    const outside = some.find(({ communeCode }) => communeCode !== inside.communeCode)!;
    const unit = await app.app.get(AreasService).resolve(inside.communeCode);
    const token = await user('commune.officer', 'administrator', unit.id);
    const file = csvOf(
      [inside, outside].map(({ code, lat, lon }) => ({
        'Mã cụm': code,
        'Tên cụm': `${code} mới`,
        'Vĩ độ': String(lat),
        'Kinh độ': String(lon),
      })),
    );
    const run = await send('clusters', file, 'apply', token);
    expect(run).toMatchObject({ state: 'refused', counts: { badRows: 1 } });
    expect(await found(run)).toEqual(['3 Vĩ độ JURISDICTION']);
  });

  it('nobody without the right to change clusters', async () => {
    const token = await user('a.planner', 'planner', null);
    const form = new FormData();
    form.set('resource', 'clusters');
    form.set('file', new Blob([csvOf(rows())]), 'cum-loa.csv');
    expect((await call('POST', '', form, token)).status).toBe(403);
  });
});
