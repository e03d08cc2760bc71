import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { Problem } from '../../common/http/problem.js';
import { type Attribute, AttributesService, attributeValueSql } from '../attributes/index.js';
import type { Actor } from '../identity/index.js';
import { COLLECTIONS, type Collection, type Property, type ValueType } from './domain/collection.js';

export interface CollectionSetting {
  id: string;
  title: string;
  titleVi: string;
  /** Anyone may read it, without signing in. */
  public: boolean;
}

/** Who may read which collection. Closed by default: an administrator opens one. */
@Injectable()
export class CollectionAccess {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly attributes: AttributesService,
  ) {}

  async settings(): Promise<CollectionSetting[]> {
    const open = await this.publicIds();
    return COLLECTIONS.map((collection) => settingOf(collection, open.has(collection.id)));
  }

  async setPublic(id: string, isPublic: boolean): Promise<CollectionSetting> {
    const collection = find(id);
    return this.uow.run(async (tx) => {
      const [stored] = await tx.manager.query<{ public: boolean }[]>(
        `select public from open_data_collections where id = $1 for update`,
        [id],
      );
      const before = settingOf(collection, stored?.public ?? false);
      const after = settingOf(collection, isPublic);
      if (before.public === after.public) return after;
      await tx.manager.query(
        `insert into open_data_collections (id, public) values ($1, $2)
         on conflict (id) do update set public = excluded.public, updated_at = now()`,
        [id, isPublic],
      );
      tx.emit(RESOURCE_CHANGED, {
        resource: 'open-data-collection',
        id,
        action: 'update',
        before,
        after,
      });
      return after;
    });
  }

  /** What the actor, or someone unknown, may read, with the custom attributes that they may see. */
  async readable(actor: Actor | undefined): Promise<Collection[]> {
    const mayAll = actor?.permissions.has('open-data:read') === true;
    const open = mayAll ? undefined : await this.publicIds();
    const readable = COLLECTIONS.filter(({ id }) => !open || open.has(id));
    return Promise.all(readable.map((collection) => this.complete(collection, mayAll)));
  }

  /** The collection; 404, or 401 or 403 when it is not public. */
  async read(id: string, actor: Actor | undefined): Promise<Collection> {
    const collection = find(id);
    if (actor?.permissions.has('open-data:read')) return this.complete(collection, true);
    if ((await this.publicIds()).has(id)) return this.complete(collection, false);
    if (actor)
      throw Problem.forbidden({
        en: 'This needs the permission open-data:read.',
        vi: 'Thao tác này cần quyền open-data:read.',
      });
    throw Problem.unauthorized(
      {
        en: 'Please sign in: this collection is not public.',
        vi: 'Vui lòng đăng nhập: bộ dữ liệu này không công khai.',
      },
      'CREDENTIALS_MISSING',
    );
  }

  /** With the attributes of its resource; `all` of them, or those that are open data. */
  private async complete(collection: Collection, all: boolean): Promise<Collection> {
    if (!collection.attributesOf) return collection;
    const shown = (await this.attributes.definitions(collection.attributesOf)).filter(
      ({ retired, openData }) => !retired && (all || openData),
    );
    const properties = shown.map((one) => [`attr_${one.name}`, propertyOf(one)]);
    return {
      ...collection,
      properties: { ...collection.properties, ...(Object.fromEntries(properties) as object) },
    };
  }

  private async publicIds(): Promise<Set<string>> {
    const rows = await this.uow.reader.query<{ id: string }[]>(
      `select id from open_data_collections where public`,
    );
    return new Set(rows.map(({ id }) => id));
  }
}

function find(id: string): Collection {
  const collection = COLLECTIONS.find((one) => one.id === id);
  if (!collection) throw Problem.notFound({ en: 'collection', vi: 'bộ dữ liệu' }, id);
  return collection;
}

const TYPES: Readonly<Record<Attribute['type'], ValueType>> = {
  text: 'string',
  number: 'number',
  integer: 'integer',
  boolean: 'boolean',
  date: 'date',
  choice: 'string',
  choices: 'string',
};

function propertyOf({ name, type, title, unit }: Attribute): Property {
  const [of, more] = [unit === null ? '' : `, ${unit}`, type === 'choices'];
  return {
    type: TYPES[type],
    en: `${title.en}${of}${more ? ', with commas between' : ''}`,
    vi: `${title.vi}${of}${more ? ', cách nhau bằng dấu phẩy' : ''}`,
    valueSql: attributeValueSql('y.attributes', name, type),
  };
}

const settingOf = ({ id, en, vi }: Collection, isPublic: boolean): CollectionSetting => ({
  id,
  title: en,
  titleVi: vi,
  public: isPublic,
});
