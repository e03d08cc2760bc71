import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { readFilters, type AttributeFilter } from './domain/attribute-filter.js';
import {
  checkDefinition,
  type Attribute,
  type AttributeResource,
  type AttributeValues,
} from './domain/attribute.js';
import { checkAttributes, checkValue } from './domain/check-attributes.js';

const COLUMNS = `id, resource, name, jsonb_build_object('en', title_en, 'vi', title_vi) as title, description, type, unit,
  required, min, max, pattern, max_length as "maxLength", choices, open_data as "openData",
  retired_at is not null as retired`;

/** What has the column `attributes` of each resource, as far as it can still change. */
const TABLES: Readonly<Record<AttributeResource, string>> = {
  sites: 'sites',
  cells: 'cells',
  hamlets: 'hamlets',
  areas: 'areas',
  clusters: 'clusters',
  fibre: `(select attributes from fibre_coverage f
            where not exists (select 1 from fibre_quarters q where q.quarter = f.quarter)) as open`,
};
/** Each is a column of the sheets and a property of the map services. */
const MOST_PER_RESOURCE = 100;

export type AttributeInput = Omit<Attribute, 'id' | 'retired'>;
export type AttributePatch = Partial<Omit<Attribute, 'id' | 'resource' | 'name'>>;

/** Which attributes the resources have besides their own fields. */
@Injectable()
export class AttributesService {
  constructor(private readonly uow: UnitOfWork) {}

  /** By resource and name. */
  async list(
    limit: number,
    cursor?: string,
    filter: { resource?: AttributeResource; retired?: boolean } = {},
  ): Promise<Page<Attribute>> {
    const rows = await this.uow.reader.query<Attribute[]>(
      `select ${COLUMNS} from attribute_definitions
        where ($1::text is null or resource || '/' || name collate "C" > $1) and ($2::text is null or resource = $2)
          and ($3::boolean is null or (retired_at is not null) = $3)
        order by resource || '/' || name collate "C" limit $4`,
      [decodeCursor(cursor) ?? null, filter.resource ?? null, filter.retired ?? null, limit + 1],
    );
    return toPage(rows, limit, ({ resource, name }) => `${resource}/${name}`);
  }

  /** Throws 404. */
  async get(id: string, manager: EntityManager = this.uow.reader, lock = ''): Promise<Attribute> {
    const [found] = await manager.query<Attribute[]>(
      `select ${COLUMNS} from attribute_definitions where id = $1 ${lock}`,
      [id],
    );
    if (!found) throw Problem.notFound({ en: 'attribute', vi: 'thuộc tính' }, id);
    return found;
  }

  /** All of a resource by name, with those that are retired. */
  async definitions(
    resource: AttributeResource,
    manager: EntityManager = this.uow.reader,
  ): Promise<Attribute[]> {
    return this.select(manager, resource, '');
  }

  /**
   * The same for whoever is about to store values: until the transaction ends no definition becomes stricter than what it
   * was checked against.
   */
  async rules(resource: AttributeResource, manager: EntityManager): Promise<Attribute[]> {
    return this.select(manager, resource, 'for share');
  }

  /** What is wrong with the attributes of objects that are about to be stored, each named as it wants to be. */
  async check(
    resource: AttributeResource,
    objects: readonly {
      values: AttributeValues;
      stored: AttributeValues | undefined;
      name: (field: string) => string;
    }[],
    manager: EntityManager,
  ): Promise<FieldProblem[]> {
    if (objects.length === 0) return [];
    const rules = await this.rules(resource, manager);
    return objects.flatMap(({ values, stored, name }) =>
      checkAttributes(rules, values, stored).map((one) => fieldProblem(name(one.field), one.code, one)),
    );
  }

  /** The conditions that the `attr.*` of a query mean. Throws 400 naming each that is no attribute, or no value of it. */
  async filters(
    resource: AttributeResource,
    given: Readonly<Record<string, unknown>> | undefined,
  ): Promise<AttributeFilter[]> {
    if (given === undefined || Object.keys(given).length === 0) return [];
    const { filters, violations } = readFilters(await this.definitions(resource), given);
    if (violations.length > 0)
      throw Problem.invalid(violations.map((one) => fieldProblem(one.field, one.code, one)));
    return filters;
  }

  /** 409 when the resource has an attribute of that name, retired or not. */
  async create(input: AttributeInput): Promise<Attribute> {
    refuseWrong(input);
    return this.uow.run(async (tx) => {
      const [counted] = await tx.manager.query<{ n: number }[]>(
        `select count(*)::int as n from attribute_definitions where resource = $1`,
        [input.resource],
      );
      if ((counted?.n ?? 0) >= MOST_PER_RESOURCE)
        throw Problem.conflict('TOO_MANY', {
          en: `There are ${MOST_PER_RESOURCE} attributes of ${input.resource} already.`,
          vi: `Đã có ${MOST_PER_RESOURCE} thuộc tính của ${input.resource}.`,
        });
      const [after] = await tx.manager.query<Attribute[]>(
        `insert into attribute_definitions (resource, name, title_en, title_vi, description, type, unit, required, min, max,
                                            pattern, max_length, choices, open_data)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         on conflict do nothing returning ${COLUMNS}`,
        [input.resource, input.name, ...valuesOf(input)],
      );
      if (!after)
        throw Problem.conflict('DUPLICATE', {
          en: `${input.resource} have an attribute "${input.name}" already, perhaps a retired one.`,
          vi: `Đã có thuộc tính "${input.name}" của ${input.resource}, có thể đã ngừng dùng.`,
        });
      tx.emit(RESOURCE_CHANGED, {
        resource: 'attribute',
        id: after.id,
        action: 'create',
        before: null,
        after,
      });
      return after;
    });
  }

  /** 409 with how many when stored values would be refused by what it becomes. */
  async change(id: string, patch: AttributePatch): Promise<Attribute> {
    return this.uow.run(async (tx) => {
      const before = await this.get(id, tx.manager, 'for update');
      const given = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
      const wanted: Attribute = { ...before, ...given };
      refuseWrong(wanted);
      if (!wanted.retired) await this.assertStoredFit(wanted, tx.manager);
      const [rows] = await tx.manager.query<[Attribute[], number]>(
        `update attribute_definitions
            set title_en = $2, title_vi = $3, description = $4, type = $5, unit = $6, required = $7, min = $8, max = $9,
                pattern = $10, max_length = $11, choices = $12, open_data = $13,
                retired_at = case when $14 then coalesce(retired_at, now()) end, updated_at = now()
          where id = $1 returning ${COLUMNS}`,
        [id, ...valuesOf(wanted), wanted.retired],
      );
      const after = rows[0]!;
      tx.emit(RESOURCE_CHANGED, { resource: 'attribute', id, action: 'update', before, after });
      return after;
    });
  }

  private async select(
    manager: EntityManager,
    resource: AttributeResource,
    lock: string,
  ): Promise<Attribute[]> {
    return manager.query<Attribute[]>(
      `select ${COLUMNS} from attribute_definitions where resource = $1 order by name collate "C" ${lock}`,
      [resource],
    );
  }

  private async assertStoredFit(wanted: Attribute, manager: EntityManager): Promise<void> {
    const stored = await manager.query<{ value: unknown; n: number }[]>(
      `select attributes -> $1 as value, count(*)::int as n from ${TABLES[wanted.resource]}
        where attributes -> $1 is not null group by 1 order by 2 desc`,
      [wanted.name],
    );
    const refused = stored.filter(({ value }) => checkValue(wanted, value).length > 0);
    const count = refused.reduce((sum, { n }) => sum + n, 0);
    if (count === 0) return;
    const such = JSON.stringify(refused[0]?.value).slice(0, 100);
    throw Problem.conflict('VALUES_CONTRADICT', {
      en: `${count} of the ${wanted.resource} hold a value of "${wanted.name}" that would be refused, such as ${such}. Change those first.`,
      vi: `Có ${count} đối tượng (${wanted.resource}) đang lưu giá trị "${wanted.name}" sẽ bị từ chối, ví dụ ${such}. Hãy sửa các giá trị đó trước.`,
    });
  }
}

function valuesOf(one: Omit<AttributeInput, 'resource' | 'name'>): unknown[] {
  const { title, description, type, unit, required, min, max, pattern, maxLength, choices, openData } = one;
  return [
    title.en,
    title.vi,
    description,
    type,
    unit,
    required,
    min === null ? null : JSON.stringify(min),
    max === null ? null : JSON.stringify(max),
    pattern,
    maxLength,
    choices,
    openData,
  ];
}

function refuseWrong(input: AttributeInput): void {
  const violations = checkDefinition(input);
  if (violations.length > 0)
    throw Problem.invalid(violations.map((one) => fieldProblem(one.field, one.code, one)));
}
