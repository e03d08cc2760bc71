import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemFilter } from '../../src/common/http/problem.filter.js';
import { createLogger, NestLogger } from '../../src/common/logging/logger.js';
import {
  type Actor,
  assertAllRoutesDeclareAccess,
  AuthGuard,
  CurrentActor,
  DeviceCredentials,
  listRouteAccess,
  Public,
  RequirePermission,
} from '../../src/modules/identity/index.js';
import { Authenticator } from '../../src/modules/identity/authenticator.js';
import { createIdentityApp, type IdentityApp, type Method } from './identity-app.js';

const logger = createLogger({ level: 'silent' });

@Controller('sample')
class SampleController {
  @Get('public')
  @Public()
  open() {
    return {};
  }
  @Get('media')
  @RequirePermission('media:read')
  media(@CurrentActor() actor: Actor) {
    return { kind: actor.kind, id: actor.id };
  }
  @Get('sites')
  @RequirePermission('sites:write')
  sites() {
    return {};
  }
}
@Controller('forgotten')
class ForgottenController {
  @Get()
  list() {
    return {};
  }
  @Get('one')
  @Public()
  declared() {
    return {};
  }
}

let identity: IdentityApp;
let sample: NestFastifyApplication;
beforeAll(async () => {
  identity = await createIdentityApp();
  @Module({
    controllers: [SampleController, ForgottenController],
    providers: [
      { provide: Authenticator, useValue: identity.app.get(Authenticator, { strict: false }) },
      { provide: APP_GUARD, useClass: AuthGuard },
    ],
  })
  class SampleModule {}
  sample = await NestFactory.create<NestFastifyApplication>(SampleModule, new FastifyAdapter(), {
    logger: new NestLogger(logger),
  });
  sample.useGlobalFilters(new ProblemFilter(logger));
  await sample.init();
});
afterAll(async () => {
  await sample?.close();
  await identity?.stop();
});

async function get(path: string, headers: Record<string, string> = {}) {
  const answer = await sample.inject({ method: 'GET', url: path, headers });
  const body = JSON.parse(answer.body) as Record<string, unknown>;
  return { status: answer.statusCode, challenge: answer.headers['www-authenticate'], body };
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const basic = (name: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`,
});

test('a route that says nothing of who may call it is nobody’s, and stops the start-up by name', async () => {
  expect(await get('/forgotten', bearer(identity.adminToken))).toMatchObject({
    status: 403,
    body: { code: 'ACCESS_NOT_DECLARED' },
  });
  expect((await get('/forgotten/one')).status).toBe(200);
  expect(() => assertAllRoutesDeclareAccess(sample)).toThrow(/: ForgottenController\.list$/);
  expect(() => assertAllRoutesDeclareAccess(identity.app)).not.toThrow();
});

test('nobody gets in without showing something', async () => {
  expect((await get('/sample/public')).status).toBe(200);
  expect((await get('/sample/public', bearer('nonsense'))).status).toBe(200);
  expect(await get('/sample/sites')).toMatchObject({
    status: 401,
    challenge: 'Bearer',
    body: { code: 'CREDENTIALS_MISSING' },
  });
  expect((await get('/sample/media')).challenge).toBe('Bearer, Basic realm="phu-song"');
});

test.each(['', 'Bearer', 'Bearer ', 'Bearer a b', 'Token x', 'Basic', 'Basic !!!', 'Basic YQ==', 'bearer x'])(
  'Authorization: "%s" is 401 everywhere',
  async (authorization) => {
    for (const path of ['/sample/media', '/sample/sites'])
      expect((await get(path, { authorization })).status).toBe(401);
  },
);

test('a cluster fetches audio with its own credential, and can do nothing else with it', async () => {
  const devices = identity.app.get(DeviceCredentials, { strict: false });
  const secret = await identity.uow.run((tx) => devices.issue(tx, 'hgi-vt-001'));
  const own = basic('hgi-vt-001', secret);
  expect(await get('/sample/media', own)).toMatchObject({
    status: 200,
    body: { kind: 'device', id: 'hgi-vt-001' },
  });
  expect(await get('/sample/sites', own)).toMatchObject({
    status: 401,
    body: { code: 'SCHEME_NOT_ACCEPTED' },
  });
  for (const wrong of [
    basic('hgi-vt-001', `${secret}x`),
    basic('hgi-vt-002', secret),
    basic('', secret),
    basic('hgi-vt-001', ''),
  ])
    expect(await get('/sample/media', wrong)).toMatchObject({
      status: 401,
      body: { code: 'DEVICE_CREDENTIAL_INVALID' },
    });
  expect((await identity.call('GET', '/auth/me', { headers: own })).status).toBe(401);
  await identity.uow.run((tx) => devices.revoke(tx, 'hgi-vt-001'));
  expect((await get('/sample/media', own)).status).toBe(401);
});

test('a role without the permission is refused by its name', async () => {
  const viewer = await identity.signedIn('access.viewer', ['viewer']);
  expect(await get('/sample/sites', bearer(viewer.token))).toMatchObject({
    status: 403,
    body: { code: 'FORBIDDEN', detail: 'This needs the permission sites:write.' },
  });
  expect(await get('/sample/media', bearer(viewer.token))).toMatchObject({
    status: 200,
    body: { kind: 'user' },
  });
});

test.each<[Method, string, string]>([
  ['GET', '/users', 'users:manage'],
  ['POST', '/users', 'users:manage'],
  ['GET', '/users/7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11', 'users:manage'],
  ['PATCH', '/users/7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11', 'users:manage'],
  ['GET', '/api-keys', 'api-keys:manage'],
  ['POST', '/api-keys', 'api-keys:manage'],
  ['DELETE', '/api-keys/7a0f2f0e-6a5e-4f0e-9f43-0e3a4c1b7d11', 'api-keys:manage'],
  ['GET', '/audit', 'audit:read'],
])('%s %s is refused to all but those with %s', async (method, path, permission) => {
  expect((await identity.call(method, path)).body.code).toBe('CREDENTIALS_MISSING');
  for (const role of ['planner', 'broadcaster', 'approver', 'viewer'] as const) {
    const { token } = await userOf(role);
    expect(await identity.call(method, path, { token })).toMatchObject({
      status: 403,
      body: { code: 'FORBIDDEN', detail: `This needs the permission ${permission}.` },
    });
  }
});
const made = new Map<string, Promise<{ token: string }>>();
function userOf(role: 'planner' | 'broadcaster' | 'approver' | 'viewer') {
  const user = made.get(role) ?? identity.signedIn(`refused.${role}`, [role]);
  made.set(role, user);
  return user;
}

test('the routes of identity and audit are the declared ones', () => {
  const ours = listRouteAccess(identity.app)
    .filter(({ route }) => /^(Auth|Users|ApiKeys|Permissions|Audit)Controller\./.test(route))
    .map(({ route, access }) => `${route}: ${access?.public ? 'public' : access?.permission}`);
  expect(ours.sort()).toEqual([
    'ApiKeysController.create: api-keys:manage',
    'ApiKeysController.list: api-keys:manage',
    'ApiKeysController.revoke: api-keys:manage',
    'AuditController.list: audit:read',
    'AuthController.changePassword: profile:write',
    'AuthController.login: public',
    'AuthController.logout: public',
    'AuthController.me: profile:read',
    'AuthController.refresh: public',
    'PermissionsController.list: profile:read',
    'UsersController.change: users:manage',
    'UsersController.create: users:manage',
    'UsersController.get: users:manage',
    'UsersController.list: users:manage',
  ]);
});

test('roles and what they may do can be read', async () => {
  const { body } = await identity.call('GET', '/permissions', { token: identity.adminToken });
  expect(body.roles).toContainEqual({ role: 'device', permissions: ['media:read'] });
  expect(body.permissions).toContainEqual({ permission: 'audit:read', allows: 'read the audit trail' });
});
