import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import { AreasService } from '../areas/index.js';
import { cql2Sql } from './cql2-sql.js';
import type { Collection, ValueType } from './domain/collection.js';
import { Cql2Error } from './domain/cql2/index.js';
import { filterProblem, type ItemsQuery } from './items-query.js';
import { afterSql, beforeSql, type Moment, type TimeExpression } from './moment-sql.js';
import type { TileFeature, TileTags } from './tile-index.js';
import { type Bind, column, ID_SEPARATOR, sourceOf } from './sources.js';

export interface Feature {
  type: 'Feature';
  id: string;
  geometry: { type: string; coordinates: unknown } | null;
  properties: Record<string, unknown>;
}

export interface FeaturePage {
  features: Feature[];
  numberMatched: number;
  /** For the page after this one; null on the last. */
  nextCursor: string | null;
}

type Row = Record<string, unknown> & { $key: string[]; $geometry: string | null };

const DECIMALS = 7;

/** Reads the collections, with bound parameters alone. */
@Injectable()
export class FeaturesReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  /** Features by their key, from the cursor on. */
  async page(collection: Collection, query: ItemsQuery): Promise<FeaturePage> {
    const { key } = sourceOf(collection);
    const counted = this.statement(collection);
    const matching = conditions(collection, query, counted.bind);
    const [count] = await this.uow.reader.query<{ matched: number }[]>(
      `select count(*)::int as matched from ${counted.from} ${where(matching)}`,
      counted.values,
    );
    const read = this.statement(collection);
    const wanted = conditions(collection, query, read.bind);
    if (query.cursor !== undefined)
      wanted.push(
        `(${keyColumns(key)}) > (${readCursor(query.cursor, key.length).map(read.bind).join(', ')})`,
      );
    const rows = await this.uow.reader.query<Row[]>(
      `select ${selected(collection, Object.keys(collection.properties))}
         from ${read.from} ${where(wanted)} order by ${keyColumns(key)} limit ${read.bind(query.limit + 1)}`,
      read.values,
    );
    const page = rows.slice(0, query.limit);
    const last = page.at(-1);
    return {
      features: page.map(toFeature),
      numberMatched: count?.matched ?? 0,
      nextCursor: rows.length > page.length && last ? writeCursor(last.$key) : null,
    };
  }

  /** Throws 404. */
  async one(collection: Collection, id: string): Promise<Feature> {
    const { key } = sourceOf(collection);
    const parts = key.length === 1 ? [id] : id.split(ID_SEPARATOR);
    const { from, values, bind } = this.statement(collection);
    const [row] =
      parts.length === key.length && !id.includes('\0')
        ? await this.uow.reader.query<Row[]>(
            `select ${selected(collection, Object.keys(collection.properties))} from ${from}
              where (${keyColumns(key)}) = (${parts.map(bind).join(', ')})`,
            values,
          )
        : [];
    if (!row)
      throw Problem.notFound({ en: `feature of ${collection.id}`, vi: `đối tượng của ${collection.id}` }, id);
    return toFeature(row);
  }

  /** West, south, east, north; null without features. */
  async extent(collection: Collection): Promise<[number, number, number, number] | null> {
    const { from, values } = this.statement(collection);
    const [box] = await this.uow.reader.query<Record<'w' | 's' | 'e' | 'n', number | null>[]>(
      `select st_xmin(b) as w, st_ymin(b) as s, st_xmax(b) as e, st_ymax(b) as n
         from (select st_extent(x.geom) as b from ${from}) as boxed`,
      values,
    );
    if (!box || box.w === null || box.s === null || box.e === null || box.n === null) return null;
    return [box.w, box.s, box.e, box.n];
  }

  /** What of the collection is drawn in tiles. */
  async tileFeatures(collection: Collection): Promise<TileFeature[]> {
    const { from, values, bind } = this.statement(collection);
    const drawn = sourceOf(collection).tileWhere?.(() => bind(this.areas.today()));
    const rows = await this.uow.reader.query<Row[]>(
      `select ${selected(collection, collection.tileProperties)} from ${from}
        where x.geom is not null ${drawn === undefined ? '' : `and ${drawn}`}`,
      values,
    );
    return rows.flatMap((row) => {
      const { id, geometry, properties } = toFeature(row);
      const known = Object.entries(properties).filter(([, value]) => value !== null);
      return geometry
        ? [{ type: 'Feature', geometry, properties: { id, ...(Object.fromEntries(known) as TileTags) } }]
        : [];
    });
  }

  /** Another one when anything in the collection was added, changed or removed. */
  async stamp(collection: Collection): Promise<string> {
    const { from, values } = this.statement(collection);
    const [row] = await this.uow.reader.query<{ stamp: string }[]>(
      `select count(*) || ' ' || coalesce(max(${column('updatedAt')})::text, '') as stamp from ${from}`,
      values,
    );
    return row?.stamp ?? '';
  }

  private statement(collection: Collection): { from: string; values: unknown[]; bind: Bind } {
    const values: unknown[] = [];
    const bind: Bind = (value) => `$${values.push(value)}`;
    const source = sourceOf(collection).sql(() => bind(this.areas.today()));
    const computed = Object.entries(collection.properties).flatMap(([name, { valueSql }]) =>
      valueSql === undefined ? [] : [`, ${valueSql} as "${name}"`],
    );
    const from =
      computed.length === 0
        ? `(${source}) as x`
        : `(select y.*${computed.join('')} from (${source}) as y) as x`;
    return { from, values, bind };
  }
}

const keyColumns = (key: readonly string[]) => key.map((name) => `${column(name)}::text`).join(', ');
const where = (all: readonly string[]) => (all.length > 0 ? `where ${all.join(' and ')}` : '');

function selected(collection: Collection, names: readonly string[]): string {
  const columns = names.map((name) => `${shown(name, collection.properties[name]?.type)} as "${name}"`);
  const { key } = sourceOf(collection);
  return `array[${keyColumns(key)}] as "$key", st_asgeojson(x.geom, ${DECIMALS}) as "$geometry", ${columns.join(', ')}`;
}

function shown(name: string, type: ValueType | undefined): string {
  if (type === 'date') return `${column(name)}::text`;
  if (type === 'time') return `to_char(${column(name)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  return column(name);
}

function toFeature({ $key, $geometry, ...properties }: Row): Feature {
  return {
    type: 'Feature',
    id: $key.join(ID_SEPARATOR),
    geometry: $geometry === null ? null : (JSON.parse($geometry) as Feature['geometry']),
    properties,
  };
}

const CASTS: Record<ValueType, string> = {
  string: 'text',
  number: 'float8',
  integer: 'float8',
  boolean: 'boolean',
  date: 'date',
  time: 'timestamptz',
};

function conditions(collection: Collection, query: ItemsQuery, bind: Bind): string[] {
  const found: string[] = [];
  const { bbox, datetime, filter, equal } = query;
  if (bbox)
    found.push(
      `st_intersects(x.geom, st_makeenvelope(${[bbox.west, bbox.south, bbox.east, bbox.north]
        .map((n) => `${bind(n)}::float8`)
        .join(', ')}, 4326))`,
    );
  if (datetime) found.push(...duringSql(collection, datetime, bind));
  for (const [name, value] of equal)
    found.push(`${column(name)} = ${bind(value)}::${CASTS[collection.properties[name]?.type ?? 'string']}`);
  if (filter) {
    try {
      found.push(cql2Sql(filter, collection, bind));
    } catch (error) {
      if (error instanceof Cql2Error) throw Problem.invalid([filterProblem(error)]);
      throw error;
    }
  }
  return found;
}

/** Features whose time meets the interval; those whose time is unknown are in. */
function duringSql(
  { time, properties }: Collection,
  { from, to }: { from?: Moment; to?: Moment },
  bind: Bind,
): string[] {
  const expression = (name: string): TimeExpression => ({
    sql: column(name),
    type: properties[name]?.type === 'time' ? 'time' : 'date',
  });
  const begins = expression(time.from);
  const found: string[] = [];
  if (to) found.push(`not coalesce(${afterSql(begins, to, bind)}, false)`);
  if (from && time.to === null) found.push(`not coalesce(${beforeSql(begins, from, bind)}, false)`);
  // The end is the first moment that no longer counts.
  if (from && time.to !== null) found.push(`coalesce(${afterSql(expression(time.to), from, bind)}, true)`);
  return found;
}

function writeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key), 'utf8').toString('base64url');
}

function readCursor(cursor: string, length: number): string[] {
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(key) &&
      key.length === length &&
      key.every((part): part is string => typeof part === 'string' && !part.includes('\0'))
    )
      return key;
  } catch {
    // Not JSON: not ours.
  }
  throw Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be taken from the next link of an earlier page',
    vi: 'cursor phải lấy từ liên kết next của trang trước',
  });
}
