import { ADMIN_PASSWORD, createTestApp, signIn, type TestApp } from '../support/app.js';
import { DeviceCredentials } from '../../src/modules/identity/index.js';

let test: TestApp;
const AREAS = [
  { code: '93', kind: 'province', type: 'Tỉnh', name: 'Hậu Giang', parentCode: null },
  { code: '930', kind: 'district', type: 'Thành phố', name: 'Vị Thanh', parentCode: '93' },
  { code: '31318', kind: 'commune', type: 'Phường', name: 'I', parentCode: '930' },
  { code: '31321', kind: 'commune', type: 'Phường', name: 'III', parentCode: '930' },
];
const areaIds = new Map<string, string>();
const PASSWORD = 'a password for the tests';

beforeAll(async () => {
  test = await createTestApp();
  for (const area of AREAS) {
    const { body } = await call('POST', 'areas', { ...area, validFrom: '2000-01-01' });
    areaIds.set(area.code, (body as { id: string }).id);
  }
});
afterAll(() => test?.stop());

async function call(method: string, path: string, body?: object, token = test.adminToken) {
  const answer = await fetch(`${test.url}/api/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as Record<string, unknown> };
}
const cluster = (id: string, more: object = {}) => ({
  id,
  name: `Cụm loa ${id}`,
  lon: 105.47,
  lat: 9.78,
  areaId: areaIds.get('31318'),
  horns: [{ powerW: 30, azimuthDeg: 90 }],
  volumeCapPercent: 80,
  ...more,
});

describe('clusters over HTTP', () => {
  it('are registered, listed, read and changed', async () => {
    expect(await call('POST', 'clusters', cluster('hgi-1'))).toMatchObject({
      status: 201,
      body: { id: 'hgi-1' },
    });
    expect(await call('POST', 'clusters', cluster('hgi-1'))).toMatchObject({ status: 409 });
    expect(
      (await call('GET', 'clusters?unit=930&online=unknown&bbox=105,9,106,10&q=hgi')).body,
    ).toMatchObject({
      items: [
        {
          id: 'hgi-1',
          areaCode: '31318',
          online: null,
          ageS: null,
          desiredVersion: 1,
          reportedVersion: null,
        },
      ],
      nextCursor: null,
    });
    expect((await call('GET', 'clusters?unit=31321')).body).toMatchObject({ items: [] });
    expect(await call('PATCH', 'clusters/hgi-1', { volumePercent: 55 })).toMatchObject({
      status: 200,
      body: { volumePercent: 55 },
    });
    expect((await call('GET', 'clusters/hgi-1')).body).toMatchObject({
      twin: {
        online: null,
        desiredVersion: 2,
        desired: { config: { volumePercent: 55, areaChain: ['31318', '930', '93'] } },
      },
      alarms: [],
      commands: [],
      deadLetters: { total: 0, newest: [] },
    });
    expect((await call('GET', 'clusters/counts')).body).toMatchObject({ clusters: 1, neverHeard: 1 });
  });

  it.each([
    ['GET', 'clusters?bbox=1,2,3', undefined, 400],
    ['GET', 'clusters?unit=nowhere', undefined, 404],
    ['GET', 'clusters?online=maybe', undefined, 400],
    ['GET', 'clusters?cursor=%00', undefined, 400],
    ['GET', 'clusters/nobody', undefined, 404],
    ['GET', 'clusters/%00', undefined, 400],
    ['PATCH', 'clusters/nobody', { volumePercent: 5 }, 404],
    ['PATCH', 'clusters/hgi-1', { volumePercent: 95 }, 400],
    ['PATCH', 'clusters/hgi-1', { id: 'other' }, 400],
    ['PATCH', 'clusters/hgi-1', { horns: null }, 400],
    ['PATCH', 'clusters/hgi-1', { areaId: '5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11' }, 400],
    ['PATCH', 'clusters/hgi-1', { name: 'a\0b' }, 400],
    ['POST', 'clusters/hgi-1/commands', { type: 'play' }, 400],
    ['POST', 'clusters/hgi-1/commands', { type: 'volume' }, 400],
    ['POST', 'clusters/hgi-1/commands', { type: 'volume', volumePercent: 81 }, 400],
    ['POST', 'clusters/hgi-1/commands', { type: 'reboot', volumePercent: 10 }, 400],
    ['POST', 'clusters/nobody/commands', { type: 'reboot' }, 404],
    ['POST', 'clusters/nobody/credential', undefined, 404],
    ['DELETE', 'clusters/nobody/credential', undefined, 404],
    ['PUT', 'plain-loudspeakers/5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11/fm', { count: 1 }, 404],
    ['POST', 'cluster-groups', { id: 'g-1', name: 'x', clusterIds: ['nobody'] }, 400],
    ['DELETE', 'cluster-groups/nothing', undefined, 404],
  ] as const)('%s %s %j is answered by %i', async (method, path, body, status) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({ status, body: { status } });
    expect(typeof answer.body.detailVi).toBe('string');
  });

  it('take the orders a person may give', async () => {
    expect(
      await call('POST', 'clusters/hgi-1/commands', { type: 'volume', volumePercent: 80 }),
    ).toMatchObject({
      status: 201,
      body: { state: 'PENDING', type: 'volume', payload: { volumePercent: 80 }, clusterId: 'hgi-1' },
    });
    expect(await call('POST', 'clusters/hgi-1/commands', { type: 'self-test', validS: 30 })).toMatchObject({
      status: 201,
    });
    expect((await call('GET', 'clusters/hgi-1')).body.commands).toHaveLength(2);
  });

  it('get a secret once, another one later, and none when revoked', async () => {
    const credentials = test.app.get(DeviceCredentials);
    const issue = async () => (await call('POST', 'clusters/hgi-1/credential')).body.secret as string;
    const first = await issue();
    expect(await credentials.verify('hgi-1', first)).toBe(true);
    const second = await issue();
    expect(await credentials.verify('hgi-1', first)).toBe(false);
    expect(await credentials.verify('hgi-1', second)).toBe(true);
    expect(await call('DELETE', 'clusters/hgi-1/credential')).toMatchObject({ status: 204 });
    expect(await credentials.verify('hgi-1', second)).toBe(false);
    expect(await call('DELETE', 'clusters/hgi-1/credential')).toMatchObject({ status: 404 });
  });

  it('keep groups and plain loudspeakers', async () => {
    const group = { id: 'g-1', name: 'Nhóm', clusterIds: ['hgi-1'] };
    expect(await call('POST', 'cluster-groups', group)).toMatchObject({ status: 201, body: group });
    expect((await call('GET', 'clusters?group=g-1')).body.items).toHaveLength(1);
    expect(await call('PATCH', 'cluster-groups/g-1', { clusterIds: [] })).toMatchObject({ status: 200 });
    expect((await call('GET', 'cluster-groups')).body.items).toMatchObject([{ id: 'g-1', clusterIds: [] }]);
    expect(await call('DELETE', 'cluster-groups/g-1')).toMatchObject({ status: 204 });
    const commune = areaIds.get('31318')!;
    expect(await call('PUT', `plain-loudspeakers/${commune}/fm`, { count: 18 })).toMatchObject({
      status: 204,
    });
    expect(await call('PUT', `plain-loudspeakers/${commune}/radio`, { count: 18 })).toMatchObject({
      status: 400,
    });
    expect((await call('GET', 'plain-loudspeakers?unit=930')).body.items).toMatchObject([
      { areaCode: '31318', kind: 'fm', count: 18 },
    ]);
  });
});

describe('what is refused', () => {
  const tokens = new Map<string, string>();
  beforeAll(async () => {
    expect(ADMIN_PASSWORD).not.toBe(PASSWORD);
    const users = [
      { username: 'viewer-1', roles: ['viewer'] },
      { username: 'broadcaster-1', roles: ['broadcaster'] },
      { username: 'elsewhere', roles: ['administrator'], jurisdictionAreaId: areaIds.get('31321') },
    ];
    for (const user of users) {
      const made = await call('POST', 'users', { displayName: user.username, password: PASSWORD, ...user });
      expect(made.status).toBe(201);
      tokens.set(user.username, await signIn(test.url, user.username, PASSWORD));
    }
  });

  it.each([
    ['viewer-1', 'POST', 'clusters'],
    ['viewer-1', 'PATCH', 'clusters/hgi-1'],
    ['viewer-1', 'POST', 'clusters/hgi-1/commands'],
    ['viewer-1', 'POST', 'clusters/hgi-1/credential'],
    ['viewer-1', 'DELETE', 'clusters/hgi-1/credential'],
    ['viewer-1', 'POST', 'cluster-groups'],
    ['viewer-1', 'PATCH', 'cluster-groups/g-1'],
    ['viewer-1', 'DELETE', 'cluster-groups/g-1'],
    ['viewer-1', 'PUT', 'plain-loudspeakers/5f1c1f0e-6f3c-4c55-9d8e-0f4d9a7f3b11/fm'],
    ['broadcaster-1', 'PATCH', 'clusters/hgi-1'],
    ['broadcaster-1', 'POST', 'clusters/hgi-1/credential'],
  ])('to %s: %s %s', async (user, method, path) => {
    expect(await call(method, path, method === 'DELETE' ? undefined : {}, tokens.get(user))).toMatchObject({
      status: 403,
    });
  });

  it('to strangers: everything', async () => {
    for (const path of [
      'clusters',
      'clusters/counts',
      'clusters/hgi-1',
      'cluster-groups',
      'plain-loudspeakers',
    ])
      expect((await fetch(`${test.url}/api/v1/${path}`)).status).toBe(401);
  });

  it('to somebody who is responsible for another unit: every change', async () => {
    const token = tokens.get('elsewhere');
    const attempts: [string, string, object?][] = [
      ['POST', 'clusters', cluster('hgi-2')],
      ['PATCH', 'clusters/hgi-1', { volumePercent: 1 }],
      ['PATCH', 'clusters/hgi-1', { areaId: areaIds.get('31321') }],
      ['POST', 'clusters/hgi-1/commands', { type: 'reboot' }],
      ['POST', 'clusters/hgi-1/credential'],
      ['DELETE', 'clusters/hgi-1/credential'],
      ['POST', 'cluster-groups', { id: 'g-2', name: 'x', clusterIds: ['hgi-1'] }],
      ['PUT', `plain-loudspeakers/${areaIds.get('31318')}/fm`, { count: 1 }],
    ];
    for (const [method, path, body] of attempts)
      expect([path, (await call(method, path, body, token)).status]).toEqual([path, 403]);
    const own = cluster('hgi-3', { areaId: areaIds.get('31321') });
    expect((await call('POST', 'clusters', own, token)).status).toBe(201);
  });
});
