import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { currentContext, runAsSystem } from '../../../common/context/request-context.js';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../../common/events/event-bus.js';
import { decodeCursor, type Page, toPage } from '../../../common/http/page.js';
import { Problem } from '../../../common/http/problem.js';
import { ACCESS_CHANGED } from '../access-changed.js';
import type { Actor } from '../actor.js';
import { assertMayGrant } from '../grants.js';
import { permissionsOf, type UserRole } from '../permissions.js';
import { revokeTokensOfUser } from '../sessions/refresh-token-store.js';
import { hashPassword } from './password-hash.js';
import { passwordFault } from './password-rules.js';
import { UserEntity } from './user.entity.js';
import type { ChangeUserDto, CreateUserDto, UserDto, UsersQuery } from './users.dto.js';

const FIRST_ADMINISTRATOR = 'admin';

export interface FirstAdministrator {
  created: boolean;
  /** Only when it was created without a given password; to be shown once. */
  generatedPassword?: string;
}

/** People who may sign in. They are deactivated, never deleted: the audit trail goes on naming them. */
@Injectable()
export class UsersService {
  constructor(private readonly uow: UnitOfWork) {}

  async list(query: UsersQuery): Promise<Page<UserDto>> {
    const rows = await this.uow.reader.query<UserDto[]>(
      `select id, username, display_name as "displayName", roles, jurisdiction_area_id as "jurisdictionAreaId",
              active, created_at as "createdAt", updated_at as "updatedAt"
         from users
        where ($1::text is null or lower(username) > $1)
          and ($2::text is null or $2 = any(roles))
          and ($3::boolean is null or active = $3)
        order by lower(username) limit $4`,
      [decodeCursor(query.cursor) ?? null, query.role ?? null, query.active ?? null, query.limit + 1],
    );
    return toPage(rows, query.limit, (user) => user.username.toLowerCase());
  }

  async get(id: string): Promise<UserDto> {
    return userView(await findUser(this.uow.reader, id));
  }

  async create(actor: Actor, input: CreateUserDto): Promise<UserDto> {
    assertMayGrant(actor, permissionsOf(input.roles), input.jurisdictionAreaId ?? null);
    assertPassword(input.password, input.username);
    const passwordHash = await hashPassword(input.password);
    return this.uow.run(async (tx) => {
      const user = await insertUser(tx, { ...input, passwordHash });
      if (!user)
        throw Problem.conflict('DUPLICATE_USERNAME', {
          en: `There is a user "${input.username}" already.`,
          vi: `Đã có người dùng "${input.username}".`,
        });
      return user;
    });
  }

  /** A new password or a deactivation ends every session of the user. */
  async change(actor: Actor, id: string, input: ChangeUserDto): Promise<UserDto> {
    const known = await findUser(this.uow.reader, id);
    if (input.password !== undefined) assertPassword(input.password, known.username);
    const passwordHash = input.password === undefined ? undefined : await hashPassword(input.password);
    return this.uow.run(async (tx) => {
      // The administrators together with the user, in one order: two of them who remove each other wait in turn.
      const locked = await tx.manager
        .createQueryBuilder(UserEntity, 'u')
        .where(`u.id = :id or (u.active and 'administrator' = any(u.roles))`, { id })
        .orderBy('u.id')
        .setLock('pessimistic_write')
        .getMany();
      const user = locked.find((one) => one.id === id);
      if (!user) throw unknownUser(id);
      assertMayGrant(actor, permissionsOf(user.roles), user.jurisdictionAreaId);
      const before = userView(user);
      if (input.displayName !== undefined) user.displayName = input.displayName;
      if (input.roles !== undefined) user.roles = input.roles;
      if (input.jurisdictionAreaId !== undefined) user.jurisdictionAreaId = input.jurisdictionAreaId;
      if (input.active !== undefined) user.active = input.active;
      assertMayGrant(actor, permissionsOf(user.roles), user.jurisdictionAreaId);
      if (isAdministrator(before) && !locked.some(isAdministrator)) throw lastAdministrator();
      if (passwordHash === undefined && JSON.stringify(userView(user)) === JSON.stringify(before))
        return before;

      const signsOut = passwordHash !== undefined || (before.active && !user.active);
      if (passwordHash !== undefined) user.passwordHash = passwordHash;
      if (signsOut) {
        user.tokenVersion += 1;
        await revokeTokensOfUser(tx.manager, id);
      }
      user.updatedAt = new Date();
      await tx.manager.save(user);
      const after = userView(user);
      tx.emit(ACCESS_CHANGED, { kind: 'user', id });
      tx.emit(RESOURCE_CHANGED, {
        resource: 'user',
        id,
        action: 'update',
        before,
        after: passwordHash === undefined ? after : { ...after, passwordChanged: true },
      });
      return after;
    });
  }

  /** Makes the user `admin` unless there is one; one that is there is left as it is, also its password. */
  async ensureFirstAdministrator(adminPassword?: string): Promise<FirstAdministrator> {
    const existing = await this.uow.reader
      .createQueryBuilder(UserEntity, 'u')
      .where('lower(u.username) = :name', { name: FIRST_ADMINISTRATOR })
      .getExists();
    if (existing) return { created: false };
    const password = adminPassword ?? randomBytes(18).toString('base64url');
    assertPassword(password, FIRST_ADMINISTRATOR);
    const passwordHash = await hashPassword(password);
    const insert = () =>
      this.uow.run((tx) =>
        insertUser(tx, {
          username: FIRST_ADMINISTRATOR,
          displayName: 'Administrator',
          roles: ['administrator'],
          passwordHash,
        }),
      );
    const user = await (currentContext() ? insert() : runAsSystem('start-up', insert));
    // Another process that starts at the same time may have been first: then its password holds.
    if (!user) return { created: false };
    return { created: true, ...(adminPassword === undefined ? { generatedPassword: password } : {}) };
  }
}

/** Undefined when the name is taken. */
async function insertUser(
  tx: Tx,
  input: Pick<UserDto, 'username' | 'displayName' | 'roles'> & {
    passwordHash: string;
    jurisdictionAreaId?: string | null;
  },
): Promise<UserDto | undefined> {
  const rows = await tx.manager.query<{ id: string }[]>(
    `insert into users (username, display_name, password_hash, roles, jurisdiction_area_id)
     values ($1, $2, $3, $4, $5) on conflict (lower(username)) do nothing returning id`,
    [input.username, input.displayName, input.passwordHash, input.roles, input.jurisdictionAreaId ?? null],
  );
  if (!rows[0]) return undefined;
  const user = userView(await findUser(tx.manager, rows[0].id));
  tx.emit(RESOURCE_CHANGED, { resource: 'user', id: user.id, action: 'create', before: null, after: user });
  return user;
}

async function findUser(manager: EntityManager, id: string): Promise<UserEntity> {
  const user = await manager.findOneBy(UserEntity, { id });
  if (!user) throw unknownUser(id);
  return user;
}

const isAdministrator = (user: { active: boolean; roles: readonly UserRole[] }) =>
  user.active && user.roles.includes('administrator');

function assertPassword(password: string, username: string): void {
  const fault = passwordFault(password, username);
  if (fault) throw Problem.invalidField('password', fault.code, fault.message);
}

const unknownUser = (id: string) => Problem.notFound({ en: 'user', vi: 'người dùng' }, id);
const lastAdministrator = () =>
  Problem.conflict('LAST_ADMINISTRATOR', {
    en: 'This is the last active administrator: make somebody else one first.',
    vi: 'Đây là quản trị viên cuối cùng đang hoạt động: hãy trao quyền cho người khác trước.',
  });

/** What may be shown and audited. */
export function userView(user: UserEntity): UserDto {
  const { id, username, displayName, roles, jurisdictionAreaId, active, createdAt, updatedAt } = user;
  return { id, username, displayName, roles, jurisdictionAreaId, active, createdAt, updatedAt };
}
