import {
  PERMISSIONS,
  permissionsOf,
  ROLES,
  type Permission,
  type Role,
} from '../../src/modules/identity/index.js';
import { createTestApp, signIn, type TestApp } from '../support/app.js';

interface Route {
  method: string;
  path: string;
  permission: Permission | undefined;
}

/**
 * Asked for by what the request says, not by its route; its refusal is tested in
 * test/sites/life-cycle.test.ts.
 */
const INSIDE: Permission[] = ['sites:approve'];

let app: TestApp;
let routes: Route[];
beforeAll(async () => {
  app = await createTestApp();
  const { paths } = (await (await fetch(`${app.url}/api/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { 'x-permission'?: Permission }>>;
  };
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => ({ method, path, permission: route['x-permission'] })),
  );
});
afterAll(() => app.stop());

const call = ({ method, path }: Route, headers: Record<string, string> = {}) =>
  fetch(app.url + path.replace(/\{\w+\}/g, 'x'), { method: method.toUpperCase(), headers });
const guarded = () => routes.filter((route) => route.permission !== undefined);

test('the routes that anyone may call are these', () => {
  const open = routes.filter((route) => route.permission === undefined).map((r) => `${r.method} ${r.path}`);
  expect(open.sort()).toMatchSnapshot();
});

test('every permission guards a route, and every guard is a permission', () => {
  const used = new Set(guarded().map((route) => route.permission));
  expect([...used, ...INSIDE].sort()).toEqual(Object.keys(PERMISSIONS).sort());
});

test('without a credential every other route answers 401 as problem+json', async () => {
  for (const route of guarded()) {
    const answer = await call(route);
    expect([route.method, route.path, answer.status]).toEqual([route.method, route.path, 401]);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    if (route.method !== 'head')
      expect(await answer.json()).toMatchObject({ status: 401, detailVi: expect.any(String) as string });
  }
});

test('each permission is refused to every role that lacks it', async () => {
  const people = ROLES.filter((role) => role !== 'device' && role !== 'api-client');
  const tokens = new Map<Role, string>();
  for (const role of people) {
    const password = `password of the ${role}`;
    const answer = await fetch(`${app.url}/api/v1/users`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${app.adminToken}` },
      body: JSON.stringify({ username: `only-${role}`, displayName: role, password, roles: [role] }),
    });
    expect([role, answer.status]).toEqual([role, 201]);
    tokens.set(role, await signIn(app.url, `only-${role}`, password));
  }
  const refused = new Set<Permission>();
  for (const route of guarded())
    for (const [role, token] of tokens) {
      const permission = route.permission!;
      if (permissionsOf([role]).has(permission)) continue;
      const answer = await call(route, { authorization: `Bearer ${token}` });
      expect([role, route.method, route.path, answer.status]).toEqual([role, route.method, route.path, 403]);
      if (route.method !== 'head')
        expect(((await answer.json()) as { detail: string }).detail).toContain(permission);
      refused.add(permission);
    }
  // What every person may do is refused to devices, in the test of their credentials.
  const heldByAll = (Object.keys(PERMISSIONS) as Permission[]).filter((permission) =>
    people.every((role) => permissionsOf([role]).has(permission)),
  );
  expect([...refused, ...heldByAll, ...INSIDE].sort()).toEqual(Object.keys(PERMISSIONS).sort());
});
