import type { Collection } from './domain/collection.js';
import {
  type Cql2Expression,
  Cql2Error,
  type Cql2Filter,
  type Cql2Moment,
  type Cql2Property,
  type Cql2Scalar,
  type Cql2Spatial,
  type Cql2Text,
  isDate,
  isTimestamp,
  type TemporalOperator,
} from './domain/cql2/index.js';
import { afterSql, beforeSql, type Moment, type TimeExpression } from './moment-sql.js';
import { type Bind, column } from './sources.js';

/** The name under which the geometry is filtered by. */
export const GEOMETRY = 'geometry';

type SqlType = 'text' | 'number' | 'boolean' | 'date' | 'time';
const WORDS: Record<SqlType, [en: string, vi: string]> = {
  text: ['a text', 'văn bản'],
  number: ['a number', 'số'],
  boolean: ['true or false', 'đúng/sai'],
  date: ['a day', 'ngày'],
  time: ['an instant', 'thời điểm'],
};
const CASTS: Record<SqlType, string> = {
  text: 'text',
  number: 'float8',
  boolean: 'boolean',
  date: 'date',
  time: 'timestamptz',
};
const SPATIAL_SQL = {
  s_intersects: 'st_intersects',
  s_within: 'st_within',
  s_contains: 'st_contains',
  s_disjoint: 'st_disjoint',
} as const;

/**
 * A filter as a condition on the row `x`. Values become parameters; names are looked up among the collection's
 * properties. Throws `Cql2Error` for unknown names and values that cannot be compared.
 */
export function cql2Sql(filter: Cql2Filter, collection: Collection, bind: Bind): string {
  return new Compiler(filter, collection, bind).expression(filter.root);
}

class Compiler {
  constructor(
    private readonly filter: Cql2Filter,
    private readonly collection: Collection,
    private readonly bind: Bind,
  ) {}

  expression(node: Cql2Expression): string {
    if (typeof node === 'boolean') return node ? 'true' : 'false';
    switch (node.op) {
      case 'and':
      case 'or':
        return `(${node.args.map((arg) => this.expression(arg)).join(` ${node.op} `)})`;
      case 'not':
        return `(not ${this.expression(node.args[0])})`;
      case 'like':
        return `(${this.text(node.args[0])} like ${this.pattern(node.args[1])})`;
      case 'between': {
        const [value, from, to] = this.alike(node, node.args);
        return `(${value} between ${from} and ${to})`;
      }
      case 'in': {
        const [value, ...options] = this.alike(node, [node.args[0], ...node.args[1]]);
        return `(${value} in (${options.join(', ')}))`;
      }
      case 'isNull':
        return this.isNull(node.args[0]);
      case 's_intersects':
      case 's_within':
      case 's_contains':
      case 's_disjoint':
        return `${SPATIAL_SQL[node.op]}(${node.args.map((arg) => this.spatial(arg)).join(', ')})`;
      case 't_after':
      case 't_before':
      case 't_during':
      case 't_intersects':
      case 't_equals':
        return this.temporal(node.op, ...node.args);
      default: {
        const [left, right] = this.alike(node, node.args);
        return `(${left} ${node.op} ${right})`;
      }
    }
  }

  private isNull(value: Cql2Scalar): string {
    if (typeof value === 'object' && 'property' in value && value.property === GEOMETRY)
      return `(x.geom is null)`;
    return `(${this.alike(value, [value])[0]} is null)`;
  }

  /** The values as expressions of one type. */
  private alike(node: unknown, values: readonly Cql2Scalar[]): string[] {
    const types = values.map((value) => this.typeOf(value));
    const known = values.flatMap((value, i) => (isLiteral(value) ? [] : [types[i]!]));
    const type = known.includes('time') ? 'time' : (known[0] ?? types[0]!);
    const common = type === 'date' && types.includes('time') ? 'time' : type;
    return values.map((value, i) => {
      if (types[i] === common) return this.scalar(value, common);
      if (common === 'time' && types[i] === 'date')
        return `(${this.scalar(value, 'date')}::timestamp at time zone 'UTC')`;
      if (typeof value === 'string' && (common === 'date' || common === 'time') && isDate(value))
        return common === 'date'
          ? `${this.bind(value)}::date`
          : `(${this.bind(value)}::date::timestamp at time zone 'UTC')`;
      if (typeof value === 'string' && common === 'time' && isTimestamp(value))
        return `${this.bind(value)}::timestamptz`;
      const [en, vi] = WORDS[common];
      throw this.error(
        typeof value === 'object' ? value : node,
        `a value here should be ${en}`,
        `giá trị ở đây phải là ${vi}`,
      );
    });
  }

  private typeOf(value: Cql2Scalar): SqlType {
    if (typeof value === 'string') return 'text';
    if (typeof value === 'number') return 'number';
    if (typeof value === 'boolean') return 'boolean';
    if ('date' in value) return 'date';
    if ('timestamp' in value) return 'time';
    return 'op' in value ? 'text' : this.column(value).type;
  }

  private scalar(value: Cql2Scalar, type: SqlType): string {
    if (typeof value !== 'object') return `${this.bind(value)}::${CASTS[type]}`;
    if ('date' in value) return `${this.bind(value.date)}::date`;
    if ('timestamp' in value) return `${this.bind(value.timestamp)}::timestamptz`;
    return 'op' in value ? this.text(value) : this.column(value).sql;
  }

  private text(value: Cql2Text): string {
    if (typeof value === 'string') return `${this.bind(value)}::text`;
    if ('op' in value) {
      const inner = this.text(value.args[0]);
      return value.op === 'casei' ? `lower(${inner})` : `unaccent(${inner})`;
    }
    const { sql, type } = this.column(value);
    if (type !== 'text')
      throw this.error(value, `${value.property} is not a text`, `${value.property} không phải là văn bản`);
    return sql;
  }

  private pattern(value: Cql2Text): string {
    let literal = value;
    while (typeof literal === 'object' && 'op' in literal) literal = literal.args[0];
    if (typeof literal !== 'string')
      throw this.error(literal, 'the pattern must be a text in quotes', 'mẫu phải là văn bản trong dấu nháy');
    if (/(^|[^\\])(\\\\)*\\$/.test(literal))
      throw this.error(
        value,
        'the pattern ends with a backslash that stands before nothing',
        'mẫu kết thúc bằng dấu \\ không đứng trước ký tự nào',
      );
    return this.text(value);
  }

  private spatial(value: Cql2Spatial): string {
    if ('property' in value) {
      if (value.property === GEOMETRY) return 'x.geom';
      throw this.error(
        value,
        `"${value.property}" is not the geometry; that is called ${GEOMETRY}`,
        `"${value.property}" không phải là hình học; tên đúng là ${GEOMETRY}`,
      );
    }
    if ('bbox' in value)
      return `st_makeenvelope(${value.bbox.map((n) => `${this.bind(n)}::float8`).join(', ')}, 4326)`;
    // A polygon that crosses itself is mended rather than refused by the database half-way.
    return `st_makevalid(st_setsrid(st_geomfromgeojson(${this.bind(JSON.stringify(value))}::text), 4326))`;
  }

  private temporal(op: TemporalOperator, property: Cql2Property, moment: Cql2Moment): string {
    const { sql, type } = this.column(property);
    if (type !== 'date' && type !== 'time')
      throw this.error(
        property,
        `${property.property} is not a time`,
        `${property.property} không phải thời gian`,
      );
    const expression: TimeExpression = { sql, type };
    const [from, to] = 'interval' in moment ? moment.interval.map(endOf) : [moment, moment];
    const after = (end: Moment | undefined) => (end ? afterSql(expression, end, this.bind) : 'false');
    const before = (end: Moment | undefined) => (end ? beforeSql(expression, end, this.bind) : 'false');
    switch (op) {
      case 't_after':
        return `(${after(to)})`;
      case 't_before':
        return `(${before(from)})`;
      case 't_during':
        return `(${from ? after(from) : 'true'} and ${to ? before(to) : 'true'})`;
      case 't_intersects':
        return `(not ${before(from)} and not ${after(to)})`;
      case 't_equals':
        if ('interval' in moment)
          throw this.error(
            moment,
            'an instant never equals an interval',
            'thời điểm không bao giờ bằng một khoảng',
          );
        return `(not ${before(from)} and not ${after(to)})`;
    }
  }

  private column(node: Cql2Property): { sql: string; type: SqlType } {
    const { property } = node;
    const { properties, id } = this.collection;
    const found = Object.hasOwn(properties, property) ? properties[property] : undefined;
    if (!found)
      throw this.error(
        node,
        `${id} have no property "${property.slice(0, 100)}" to filter by`,
        `${id} không có thuộc tính "${property.slice(0, 100)}" để lọc`,
      );
    const type = found.type === 'string' ? 'text' : found.type === 'integer' ? 'number' : found.type;
    return { sql: column(property), type };
  }

  private error(node: unknown, en: string, vi: string): Cql2Error {
    const place = typeof node === 'object' && node !== null ? this.filter.placeOf.get(node) : undefined;
    return new Cql2Error(place, en, vi);
  }
}

const isLiteral = (value: Cql2Scalar) => typeof value !== 'object' || 'date' in value || 'timestamp' in value;

function endOf(text: string): Moment | undefined {
  if (text === '..') return undefined;
  return isDate(text) ? { date: text } : { timestamp: text };
}
