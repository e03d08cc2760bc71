import { AttributesService, type Attribute } from '../../src/modules/attributes/index.js';
import type { FindingDto, ImportChangeDto, ImportDto } from '../../src/modules/exchange/imports.dto.js';
import { openRegisterApi, type RegisterApi } from '../sites/api-client.js';
import { SITES } from '../sites/fixtures.js';
import { until } from '../support/until.js';

let api: RegisterApi;
beforeAll(async () => {
  api = await openRegisterApi(SITES);
  const define = (name: string, vi: string, more: Partial<Attribute> & Pick<Attribute, 'type'>) =>
    api.app.app.get(AttributesService).create({
      resource: 'sites',
      name,
      title: { en: `${name} title`, vi },
      description: null,
      unit: null,
      required: false,
      min: null,
      max: null,
      pattern: null,
      maxLength: null,
      choices: [],
      openData: false,
      ...more,
    });
  await define('roofType', 'Loại mái', { type: 'choice', choices: ['Ngói', 'Tôn'] });
  await define('floors', 'Số tầng', { type: 'integer', min: 1, max: 60 });
  await define('rent', 'Tiền thuê', { type: 'number' });
  await define('leased', 'Đất thuê', { type: 'boolean' });
  await define('leaseEnds', 'Hết hạn thuê', { type: 'date' });
  await define('guards', 'Bảo vệ', { type: 'choices', choices: ['Hàng rào', 'Camera'] });
  await define('contract', 'Địa chỉ', { type: 'text', pattern: 'HD-\\d+' });
  await define('keeper', 'Người trông', { type: 'text', required: true });
  await define('panel', 'Số tấm', { type: 'text', resource: 'cells' });
});
afterAll(() => api?.app.stop());

async function send(csv: string, fields: Record<string, string>): Promise<ImportDto> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ source: 'test', mode: 'apply', ...fields }))
    form.set(name, value);
  form.set('file', new Blob([csv]), 'sites.csv');
  const answer = await fetch(`${api.app.url}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.app.adminToken}` },
    body: form,
  });
  const { id } = (await answer.json()) as ImportDto;
  let run: ImportDto | undefined;
  await until(
    async () => {
      run = (await api.get<ImportDto>(`imports/${id}`)).body;
      return run.finishedAt !== null;
    },
    { what: 'the import ends' },
  );
  return run!;
}
const findings = async (id: string) =>
  (await api.get<{ items: FindingDto[] }>(`imports/${id}/report?severity=error&limit=100`)).body.items.map(
    ({ severity, code, row, column }) => `${severity} ${code} ${row} ${column}`,
  );
const attributesOf = async (site: string) =>
  (await api.get<{ attributes: object }>(`sites/${site}`)).body.attributes;

const HEADINGS =
  'Mã trạm;Tên;Vĩ độ;Kinh độ;Loại mái;SO TANG;attr.rent;Đất thuê;leaseEnds title;Bảo vệ;attr.contract;Người trông';

test('columns are known by title, values are read as people write them, and what is wrong is found', async () => {
  const run = await send(
    [
      HEADINGS,
      'HGI-1;Trạm Vị Tân;9.75;105.45;tôn;3;1.234,5;có;31/12/2026;camera; HD-7;Ông Sáu',
      'HGI-2;Trạm Hỏa Lựu;9.75;105.55;lá;2,5;nhiều;có lẽ;30/02/2026;chó;7;',
      'HGI-3;Trạm Ngã Bảy;9.75;105.65;;;;;;;;Bà Bảy',
    ].join('\n'),
    { resource: 'sites', onErrors: 'valid-rows' },
  );
  expect((await findings(run.id)).sort()).toEqual([
    'error CHOICE 3 Loại mái',
    'error DATE 3 leaseEnds title',
    'error NUMBER 3 attr.rent',
    'error PATTERN 3 attr.contract',
    'error REQUIRED 3 Người trông',
    'error SOME_OF 3 Bảo vệ',
    'error TYPE 3 SO TANG',
    'error YES_NO 3 Đất thuê',
  ]);
  expect(run).toMatchObject({ state: 'applied', counts: { updated: 2, badRows: 1 } });
  expect(await attributesOf('HGI-1')).toEqual({
    contract: 'HD-7',
    floors: 3,
    guards: ['Camera'],
    keeper: 'Ông Sáu',
    leaseEnds: '2026-12-31',
    leased: true,
    rent: 1234.5,
    roofType: 'Tôn',
  });
  expect(await attributesOf('HGI-2')).toEqual({});
});

test('the preview tells each attribute; empty cells take away, missing columns leave; undo puts back', async () => {
  const before = await attributesOf('HGI-1');
  const run = await send('Mã trạm,Tên,lat,lon,Số tầng,Tiền thuê\nHGI-1,Trạm Vị Tân,9.75,105.45,4,\n', {
    resource: 'sites',
  });
  const { body } = await api.get<{ items: ImportChangeDto[] }>(`imports/${run.id}/changes`);
  expect(body.items.map(({ fields }) => fields)).toEqual([
    [
      { field: 'attr.floors', before: 3, after: 4 },
      { field: 'attr.rent', before: 1234.5, after: null },
    ],
  ]);
  const { rent: _rent, ...rest } = before as Record<string, unknown>;
  expect(await attributesOf('HGI-1')).toEqual({ ...rest, floors: 4 });
  expect((await api.call('POST', `imports/${run.id}/undo`)).status).toBeLessThan(300);
  expect(await attributesOf('HGI-1')).toEqual(before);
});

test('a new site without a required attribute is refused, in the dry run as well', async () => {
  const csv = 'code,name,lat,lon\nHGI-9,Trạm mới,9.75,105.45\n';
  const run = await send(csv, { resource: 'sites', mode: 'dry-run' });
  expect(await findings(run.id)).toEqual(['error REQUIRED 2 attr.keeper']);
});

test('cells have theirs, and their site is not asked for what it lacks', async () => {
  const csv =
    'siteCode,code,operatorCode,technology,Số tấm\nHGI-2,N78-1,vnpt,5G,P-1\nHGI-2,N78-2,viettel,5G,P-2\n';
  const run = await send(csv, { resource: 'cells' });
  expect(run).toMatchObject({ state: 'applied', counts: { created: 1, updated: 1 } });
  const { body } = await api.get<{ cells: { attributes: object }[] }>('sites/HGI-2');
  expect(body.cells.map(({ attributes }) => attributes)).toEqual([{ panel: 'P-1' }, { panel: 'P-2' }]);
});

test('a mapping may name an attribute', async () => {
  const run = await send('Trạm;Tên;lat;lon;Tầng\nHGI-1;Trạm Vị Tân;9.75;105.45;5\n', {
    resource: 'sites',
    mapping: JSON.stringify({ Trạm: 'code', Tầng: 'attr.floors' }),
  });
  expect(run).toMatchObject({ state: 'applied', counts: { updated: 1 } });
  expect(await attributesOf('HGI-1')).toMatchObject({ floors: 5 });
});

test('an export holds them under their keys or titles, and comes back as it is', async () => {
  for (const headings of ['keys', 'vi']) {
    const answer = await fetch(`${api.app.url}/api/v1/exports/sites?format=csv&headings=${headings}`, {
      headers: { authorization: `Bearer ${api.app.adminToken}` },
    });
    const csv = await answer.text();
    const [head = ''] = csv.split('\r\n');
    // A title that another column has already is no heading.
    expect(head).toContain(
      headings === 'keys'
        ? 'attr.contract,attr.floors,attr.guards,attr.keeper,attr.leaseEnds,attr.leased,attr.rent,attr.roofType'
        : 'attr.contract,Số tầng,Bảo vệ,Người trông,Hết hạn thuê,Đất thuê,Tiền thuê,Loại mái',
    );
    const run = await send(csv, { resource: 'sites', source: headings });
    expect(run).toMatchObject({ state: 'applied', counts: { unchanged: 3, updated: 0, badRows: 0 } });
    const changed = await send(csv.replace('Ông Sáu', 'Ông Bảy'), { resource: 'sites', mode: 'dry-run' });
    expect(changed.counts).toMatchObject({ updated: 1, unchanged: 2 });
  }
  const geojson = await api.get<{ features: { properties: object }[] }>('exports/sites?format=geojson');
  expect(geojson.body.features[0]?.properties).toMatchObject({ 'attr.floors': 5, 'attr.leased': true });
  const filtered = await api.get<{ features: object[] }>('exports/sites?format=geojson&attr.floors.min=5');
  expect(filtered.body.features).toHaveLength(1);
});
