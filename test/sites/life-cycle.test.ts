import { SitesWriter, type SiteInput } from '../../src/modules/sites/index.js';
import { signIn } from '../support/app.js';
import { openRegisterApi, type RegisterApi } from './api-client.js';

/** The life cycle of a site over HTTP: each step, who may take it, and what is kept of it. */
const site = (code: string, more: Partial<SiteInput> = {}): SiteInput => ({
  code,
  name: code,
  lon: 105.45,
  lat: 9.75,
  ...more,
});
const SITES = [
  site('PLAN-1', { lifecycle: 'planned' }),
  site('PLAN-2', { lifecycle: 'planned' }),
  site('ON-1'),
  site('STUCK-1', { lifecycle: 'blocked', lifecycleNote: 'Vướng đất công' }),
];

let r: RegisterApi;
let planner: string;
beforeAll(async () => {
  r = await openRegisterApi(SITES);
  const user = { username: 'planner', password: 'a planner of the tests', displayName: 'Planner' };
  const made = await r.call('POST', 'users', { ...user, roles: ['planner'] });
  expect(made).toMatchObject({ status: 201 });
  planner = await signIn(r.app.url, user.username, user.password);
});
afterAll(async () => r?.app.stop());

interface Step {
  from: string | null;
  to: string;
  reason: string | null;
  note: string | null;
  on: string;
  by: { kind: string; name: string };
}
const move = (code: string, step: object, token?: string) =>
  r.call('POST', `sites/${code}/transitions`, step, token);
const steps = async (code: string) =>
  (await r.get<{ items: Step[] }>(`sites/${code}/transitions`)).body.items;

it('goes from the plan to the end, each step kept with its day, reason and who told it', async () => {
  expect(await move('PLAN-1', { to: 'approved' })).toMatchObject({
    status: 201,
    body: { lifecycle: 'approved', version: 2 },
  });
  const blocked = await move('PLAN-1', { to: 'blocked', reason: 'emf-fear' }, planner);
  expect(blocked.body).toMatchObject({
    lifecycle: 'blocked',
    lifecycleReason: 'emf-fear',
    lifecycleNote: null,
  });
  const building = await move('PLAN-1', { to: 'under_construction', note: 'Đã thỏa thuận' });
  expect(building.body).toMatchObject({ lifecycleReason: null, lifecycleNote: 'Đã thỏa thuận' });
  for (const to of ['active', 'inactive', 'decommissioned'])
    expect(await move('PLAN-1', { to })).toMatchObject({ status: 201, body: { lifecycle: to } });
  const kept = await steps('PLAN-1');
  expect(kept.map(({ from, to }) => `${from} > ${to}`)).toEqual([
    'inactive > decommissioned',
    'active > inactive',
    'under_construction > active',
    'blocked > under_construction',
    'approved > blocked',
    'planned > approved',
    'null > planned',
  ]);
  expect(kept[4]).toMatchObject({ reason: 'emf-fear', by: { kind: 'user', name: 'planner' } });
  const page = await r.get<{ nextCursor: string }>('sites/PLAN-1/transitions?limit=6');
  const rest = await r.get(`sites/PLAN-1/transitions?cursor=${page.body.nextCursor}`);
  expect(rest.body).toMatchObject({ items: [{ from: null }], nextCursor: null });
});

it('has only the steps of the table, for those who may take them', async () => {
  const wrong = await move('PLAN-2', { to: 'active' });
  expect(wrong).toMatchObject({
    status: 409,
    body: { code: 'TRANSITION', detail: expect.stringContaining('approved, decommissioned') },
  });
  expect(await move('PLAN-2', { to: 'planned' })).toMatchObject({ status: 409 });
  expect(await move('PLAN-2', { to: 'approved' }, planner)).toMatchObject({
    status: 403,
    body: { detail: expect.stringContaining('sites:approve') },
  });
  expect((await r.get('sites/PLAN-2')).body).toMatchObject({ lifecycle: 'planned', version: 1 });
});

it.each([
  ['on', { to: 'inactive', on: '2999-01-01' }],
  ['on', { to: 'inactive', on: '2001-01-01' }],
  ['on', { to: 'inactive', on: 'soon' }],
  ['reason', { to: 'inactive', reason: 'emf-fear' }],
  ['reason', { to: 'inactive', reason: 'rain' }],
  ['to', { to: 'gone' }],
])('refuses a wrong %s', async (field, step) => {
  expect(await move('ON-1', step)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
});

it('is not changed by a change of the site, nor by an import', async () => {
  expect(await r.call('PATCH', 'sites/ON-1', { lifecycle: 'inactive' })).toMatchObject({
    status: 400,
    body: {
      errors: [
        {
          field: 'lifecycle',
          code: 'TRANSITION',
          message: expect.stringContaining('sites/ON-1/transitions'),
        },
      ],
    },
  });
  expect(await r.call('PATCH', 'sites/ON-1', { lifecycle: 'active', name: 'A' })).toMatchObject({
    status: 200,
  });
  const writer = r.app.app.get(SitesWriter);
  await expect(writer.importSites([site('ON-1', { lifecycle: 'planned' })])).rejects.toMatchObject({
    errors: [{ field: 'rows.0.lifecycle', code: 'TRANSITION' }],
  });
  // A sheet without the column leaves the state as it is.
  expect(await writer.importSites([site('STUCK-1', { name: 'B' })])).toMatchObject({ updated: 1 });
  expect((await r.get('sites/STUCK-1')).body).toMatchObject({
    lifecycle: 'blocked',
    lifecycleReason: 'other',
    lifecycleNote: 'Vướng đất công',
  });
});

it('is explained, and asked of sites that exist', async () => {
  const table = await r.get<{ states: { state: string; sentence: { vi: string } }[] }>('sites/life-cycle');
  expect(table.body.states).toHaveLength(7);
  expect(table.body.states[1]?.sentence.vi).toContain('phê duyệt');
  expect(await move('nope', { to: 'active' })).toMatchObject({ status: 404 });
  expect(await r.get('sites/nope/transitions')).toMatchObject({ status: 404 });
  expect(await r.get('sites/ON-1/transitions?cursor=eA')).toMatchObject({ status: 400 });
});
