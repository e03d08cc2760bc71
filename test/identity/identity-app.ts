import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus } from '../../src/common/events/event-bus.js';
import { type Actor, permissionsOf, type Role, UsersService } from '../../src/modules/identity/index.js';
import { createTestApp, type TestApp } from '../support/app.js';

export const PASSWORD = 'mưa dầm tháng bảy';

export interface Answer {
  status: number;
  headers: Record<string, unknown>;
  // The shape is what each test is about.
  body: Record<string, never> & { items: Record<string, never>[]; code: string };
}
export interface CallOptions {
  token?: string;
  headers?: Record<string, string>;
  body?: object;
  address?: string;
}
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface IdentityApp extends TestApp {
  users: UsersService;
  uow: UnitOfWork;
  call(method: Method, path: string, options?: CallOptions): Promise<Answer>;
  signIn(username: string, password?: string): Promise<Answer>;
  /** A new user of the roles, signed in. */
  signedIn(
    username: string,
    roles: Role[],
    jurisdictionAreaId?: string,
  ): Promise<{ id: string; token: string }>;
}

/** Everything may be granted by it. */
export const ROOT: Actor = {
  kind: 'user',
  id: 'root',
  name: 'root',
  permissions: permissionsOf(['administrator']),
  jurisdictionAreaId: null,
};

/** The application, with a caller that can say from which address it calls. */
export async function createIdentityApp(): Promise<IdentityApp> {
  const testApp = await createTestApp();
  const { app } = testApp;
  const users = app.get(UsersService, { strict: false });
  const call: IdentityApp['call'] = async (method, path, options = {}) => {
    const answer = await app.inject({
      method,
      url: `/api/v1${path}`,
      remoteAddress: options.address ?? '192.0.2.1',
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { payload: options.body }),
    });
    const body = (answer.body === '' ? {} : JSON.parse(answer.body)) as Answer['body'];
    return { status: answer.statusCode, headers: answer.headers, body };
  };
  const signIn: IdentityApp['signIn'] = (username, password = PASSWORD) =>
    call('POST', '/auth/login', { body: { username, password } });
  return {
    ...testApp,
    users,
    uow: app.get(UnitOfWork, { strict: false }),
    call,
    signIn,
    signedIn: async (username, roles, jurisdictionAreaId) => {
      const { id } = await users.create(ROOT, {
        username,
        displayName: username,
        password: PASSWORD,
        roles: roles as never[],
        jurisdictionAreaId,
      });
      return { id, token: String((await signIn(username)).body.accessToken) };
    },
  };
}

/** What another process on the same database would have: no event of this one reaches it. */
export function elsewhere(app: IdentityApp): { uow: UnitOfWork; events: EventBus } {
  const events = new EventBus((error) => {
    throw error;
  });
  return { uow: new UnitOfWork(app.database.dataSource, events), events };
}

/** Runs with a clock that is ahead. */
export async function later<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const real = Date.now;
  Date.now = () => real() + ms;
  try {
    return await work();
  } finally {
    Date.now = real;
  }
}

/** What the audit trail holds of one thing, oldest first, each entry also as the text it is stored as. */
export function trailOf(app: IdentityApp, resource: string, id: string) {
  return app.uow.reader.query<
    {
      action: string;
      actorId: string;
      before: Record<string, unknown> | null;
      after: Record<string, unknown> | null;
      text: string;
    }[]
  >(
    `select action, actor_id as "actorId", before, after, a::text as text
       from audit_entries a where resource = $1 and resource_id = $2 order by id`,
    [resource, id],
  );
}
