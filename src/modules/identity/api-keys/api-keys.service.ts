import { timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { EventBus, RESOURCE_CHANGED } from '../../../common/events/event-bus.js';
import { decodeCursor, type Page, type PageQuery, toPage } from '../../../common/http/page.js';
import { Problem } from '../../../common/http/problem.js';
import { ACCESS_BELIEVED_MS, ACCESS_CHANGED, ACCESS_MAX_REMEMBERED } from '../access-changed.js';
import type { Actor } from '../actor.js';
import { ExpiringCache } from '../expiring-cache.js';
import { assertMayGrant } from '../grants.js';
import { permissionsOf } from '../permissions.js';
import { apiKeyPermissions, apiKeySha256, newApiKey, prefixOf } from './api-key.js';
import type { ApiKeyDto, CreateApiKeyDto, CreatedApiKeyDto } from './api-keys.dto.js';

type StoredKey = ApiKeyDto & { keySha256: Buffer };
type ListedKey = ApiKeyDto & { nr: string };

/** `last_used_at` is written this rarely, so that a busy client does not write with every request. */
const USED_PRECISION_S = 300;
const COLUMNS = `id, name, prefix, roles, permissions, jurisdiction_area_id as "jurisdictionAreaId",
  created_at as "createdAt", expires_at as "expiresAt", revoked_at as "revokedAt", last_used_at as "lastUsedAt"`;

/** Keys for programs. A key never allows more than whoever made it holds. */
@Injectable()
export class ApiKeysService {
  private readonly known = new ExpiringCache<StoredKey>(ACCESS_MAX_REMEMBERED, ACCESS_BELIEVED_MS);

  constructor(
    private readonly uow: UnitOfWork,
    events: EventBus,
  ) {
    events.afterCommit(ACCESS_CHANGED, (changes) => {
      if (changes.some(({ kind }) => kind === 'api-key')) this.known.clear();
    });
  }

  /** Newest first; revoked and expired ones too. */
  async list(query: PageQuery): Promise<Page<ApiKeyDto>> {
    const after = decodeCursor(query.cursor);
    const rows = await this.uow.reader.query<ListedKey[]>(
      `select ${COLUMNS}, nr from api_keys where $1::bigint is null or nr < $1 order by nr desc limit $2`,
      [after ?? null, query.limit + 1],
    );
    const page = toPage(rows, query.limit, (key) => key.nr);
    return { items: page.items.map(({ nr: _nr, ...key }) => key), nextCursor: page.nextCursor };
  }

  async create(actor: Actor, input: CreateApiKeyDto): Promise<CreatedApiKeyDto> {
    const roles = input.roles ?? ['api-client'];
    const only = input.permissions ?? null;
    const jurisdictionAreaId = input.jurisdictionAreaId ?? null;
    const allowed = permissionsOf(roles);
    const beyond = only?.filter((permission) => !allowed.has(permission)) ?? [];
    if (beyond.length > 0)
      throw Problem.invalidField('permissions', 'BEYOND_ROLES', {
        en: `permissions holds what the roles do not allow: ${beyond.join(', ')}`,
        vi: `permissions chứa quyền mà vai trò không cho phép: ${beyond.join(', ')}`,
      });
    assertMayGrant(actor, apiKeyPermissions(roles, only), jurisdictionAreaId);
    const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
    if (expiresAt && !(expiresAt.getTime() > Date.now()))
      throw Problem.invalidField('expiresAt', 'PAST', {
        en: 'expiresAt must be in the future',
        vi: 'expiresAt phải ở tương lai',
      });
    const { key, prefix, keySha256 } = newApiKey();
    return this.uow.run(async (tx) => {
      const rows = await tx.manager.query<ApiKeyDto[]>(
        `insert into api_keys (name, prefix, key_sha256, roles, permissions, jurisdiction_area_id, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7) returning ${COLUMNS}`,
        [input.name, prefix, keySha256, roles, only, jurisdictionAreaId, expiresAt],
      );
      const { revokedAt: _revoked, lastUsedAt: _used, ...created } = rows[0]!;
      tx.emit(RESOURCE_CHANGED, {
        resource: 'api-key',
        id: created.id,
        action: 'create',
        before: null,
        after: created,
      });
      return { ...created, key };
    });
  }

  /** Ends a key for good; one that was revoked already stays as it is. */
  async revoke(actor: Actor, id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const [before] = await tx.manager.query<ApiKeyDto[]>(
        `select ${COLUMNS} from api_keys where id = $1 for update`,
        [id],
      );
      if (!before) throw Problem.notFound({ en: 'API key', vi: 'khoá API' }, id);
      assertMayGrant(actor, apiKeyPermissions(before.roles, before.permissions), before.jurisdictionAreaId);
      if (before.revokedAt) return;
      const [after] = await tx.manager.query<[ApiKeyDto[], number]>(
        `update api_keys set revoked_at = now() where id = $1 returning ${COLUMNS}`,
        [id],
      );
      tx.emit(ACCESS_CHANGED, { kind: 'api-key', id });
      tx.emit(RESOURCE_CHANGED, {
        resource: 'api-key',
        id,
        action: 'update',
        before,
        after: after[0] ?? null,
      });
    });
  }

  /** Refuses with 401 what is not a key that holds now (as it was `ACCESS_BELIEVED_MS` ago at most). */
  async authenticate(key: string): Promise<Actor> {
    const prefix = prefixOf(key);
    const stored =
      prefix === undefined ? undefined : await this.known.get(prefix, () => this.load(prefix, key));
    if (!stored || !timingSafeEqual(stored.keySha256, apiKeySha256(key)) || stored.revokedAt)
      throw Problem.unauthorized(
        { en: 'This is not a valid API key.', vi: 'Khoá API không hợp lệ.' },
        'API_KEY_INVALID',
      );
    if (stored.expiresAt && stored.expiresAt.getTime() <= Date.now())
      throw Problem.unauthorized(
        { en: 'The API key has expired.', vi: 'Khoá API đã hết hạn.' },
        'API_KEY_EXPIRED',
      );
    return {
      kind: 'api-key',
      id: stored.id,
      name: stored.name,
      permissions: apiKeyPermissions(stored.roles, stored.permissions),
      jurisdictionAreaId: stored.jurisdictionAreaId,
    };
  }

  private async load(prefix: string, key: string): Promise<StoredKey | undefined> {
    const [stored] = await this.uow.reader.query<StoredKey[]>(
      `select ${COLUMNS}, key_sha256 as "keySha256" from api_keys where prefix = $1`,
      [prefix],
    );
    if (!stored) return undefined;
    if (timingSafeEqual(stored.keySha256, apiKeySha256(key)))
      await this.uow.reader.query(
        `update api_keys set last_used_at = now()
          where id = $1 and (last_used_at is null or last_used_at < now() - make_interval(secs => $2))`,
        [stored.id, USED_PRECISION_S],
      );
    return stored;
  }
}
