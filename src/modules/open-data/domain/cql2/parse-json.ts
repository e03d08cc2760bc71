import {
  type Comparison,
  COMPARISONS,
  Cql2Error,
  type Cql2Expression,
  type Cql2Filter,
  type Cql2Folded,
  type Cql2Instant,
  type Cql2Moment,
  type Cql2Place,
  type Cql2Position,
  type Cql2Property,
  type Cql2Scalar,
  type Cql2Spatial,
  type Cql2Text,
  DEEPEST_FILTER,
  LONGEST_FILTER,
  SPATIAL_OPERATORS,
  TEMPORAL_OPERATORS,
  TEXT_FUNCTIONS,
} from './ast.js';
import {
  checkBox,
  checkDate,
  checkGeometry,
  checkInterval,
  checkNumber,
  checkText,
  checkTimestamp,
} from './literals.js';

type Members = Record<string, unknown>;

/** Reads CQL2's JSON form from its text. Throws `Cql2Error` and nothing else. */
export function parseCql2Json(input: string): Cql2Filter {
  if (input.length > LONGEST_FILTER)
    throw new Cql2Error(
      undefined,
      `the filter is longer than ${LONGEST_FILTER} characters`,
      `bộ lọc dài quá ${LONGEST_FILTER} ký tự`,
    );
  let value: unknown;
  try {
    value = JSON.parse(input);
  } catch {
    throw new Cql2Error(undefined, 'the filter is not JSON', 'bộ lọc không phải JSON');
  }
  const placeOf = new WeakMap<object, Cql2Place>();
  return { root: new Reader(placeOf).expression(value, '$', 0), placeOf };
}

class Reader {
  constructor(private readonly placeOf: WeakMap<object, Cql2Place>) {}

  expression(value: unknown, place: string, depth: number): Cql2Expression {
    if (typeof value === 'boolean') return value;
    if (depth >= DEEPEST_FILTER)
      throw new Cql2Error(
        place,
        `the filter is nested deeper than ${DEEPEST_FILTER} levels`,
        `bộ lọc lồng nhau sâu hơn ${DEEPEST_FILTER} mức`,
      );
    return this.mark(this.operation(members(value, place), place, depth), place);
  }

  private operation(node: Members, place: string, depth: number): Exclude<Cql2Expression, boolean> {
    const { op } = node;
    const inner = `${place}.args`;
    if (op === 'and' || op === 'or') {
      const args = list(node.args, inner);
      if (args.length < 2) throw expected(inner, 'two arguments or more', 'ít nhất hai đối số');
      return { op, args: args.map((arg, i) => this.expression(arg, `${inner}[${i}]`, depth + 1)) };
    }
    if (op === 'not') {
      const [arg] = list(node.args, inner, 1);
      return { op, args: [this.expression(arg, `${inner}[0]`, depth + 1)] };
    }
    const comparison = COMPARISONS.find((one) => one === op);
    if (comparison) return this.comparison(comparison, node.args, inner);
    if (op === 'like') {
      const [text, pattern] = list(node.args, inner, 2);
      return { op, args: [this.text(text, `${inner}[0]`, 0), this.text(pattern, `${inner}[1]`, 0)] };
    }
    if (op === 'between') {
      const [a, b, c] = list(node.args, inner, 3);
      return {
        op,
        args: [this.scalar(a, `${inner}[0]`), this.scalar(b, `${inner}[1]`), this.scalar(c, `${inner}[2]`)],
      };
    }
    if (op === 'in') {
      const [item, values] = list(node.args, inner, 2);
      const options = list(values, `${inner}[1]`);
      if (options.length === 0) throw expected(`${inner}[1]`, 'a value or more', 'ít nhất một giá trị');
      return {
        op,
        args: [
          this.scalar(item, `${inner}[0]`),
          options.map((one, i) => this.scalar(one, `${inner}[1][${i}]`)),
        ],
      };
    }
    if (op === 'isNull') return { op, args: [this.scalar(list(node.args, inner, 1)[0], `${inner}[0]`)] };
    const spatial = SPATIAL_OPERATORS.find((one) => one === op);
    if (spatial) {
      const [a, b] = list(node.args, inner, 2);
      return { op: spatial, args: [this.spatial(a, `${inner}[0]`), this.spatial(b, `${inner}[1]`)] };
    }
    const temporal = TEMPORAL_OPERATORS.find((one) => one === op);
    if (temporal) {
      const [property, moment] = list(node.args, inner, 2);
      return {
        op: temporal,
        args: [this.property(property, `${inner}[0]`), this.moment(moment, `${inner}[1]`)],
      };
    }
    throw expected(`${place}.op`, 'an operator that is supported', 'một toán tử được hỗ trợ');
  }

  private comparison(op: Comparison, args: unknown, place: string): Exclude<Cql2Expression, boolean> {
    const [a, b] = list(args, place, 2);
    return { op, args: [this.scalar(a, `${place}[0]`), this.scalar(b, `${place}[1]`)] };
  }

  private scalar(value: unknown, place: string): Cql2Scalar {
    if (typeof value === 'number') return checkNumber(value, place);
    if (typeof value === 'boolean') return value;
    if (typeof value === 'object' && value !== null && ('date' in value || 'timestamp' in value))
      return this.instant(value, place);
    return this.text(value, place, 0);
  }

  private text(value: unknown, place: string, depth: number): Cql2Text {
    if (typeof value === 'string') return checkText(value, place);
    const node = members(value, place);
    const fold = TEXT_FUNCTIONS.find((one) => one === node.op);
    if (!fold) return this.property(node, place);
    if (depth >= DEEPEST_FILTER) throw expected(place, 'less nesting', 'ít mức lồng nhau hơn');
    const [inner] = list(node.args, `${place}.args`, 1);
    return this.mark<Cql2Folded>(
      { op: fold, args: [this.text(inner, `${place}.args[0]`, depth + 1)] },
      place,
    );
  }

  private property(value: unknown, place: string): Cql2Property {
    const { property } = members(value, place);
    if (typeof property !== 'string')
      throw expected(place, 'a property or a value', 'thuộc tính hoặc giá trị');
    return this.mark({ property: checkText(property, place) }, place);
  }

  private instant(node: Members, place: string): Cql2Instant {
    if (typeof node.date === 'string') return this.mark({ date: checkDate(node.date, place) }, place);
    if (typeof node.timestamp === 'string')
      return this.mark({ timestamp: checkTimestamp(node.timestamp, place) }, place);
    throw expected(place, 'a day or an instant', 'ngày hoặc thời điểm');
  }

  private moment(value: unknown, place: string): Cql2Moment {
    const node = members(value, place);
    if (!('interval' in node)) return this.instant(node, place);
    const [from, to] = list(node.interval, `${place}.interval`, 2);
    if (typeof from !== 'string' || typeof to !== 'string')
      throw expected(`${place}.interval`, 'two texts', 'hai văn bản');
    return this.mark({ interval: checkInterval(from, to, place) }, place);
  }

  private spatial(value: unknown, place: string): Cql2Spatial {
    const node = members(value, place);
    if ('property' in node) return this.property(node, place);
    if ('bbox' in node) return this.mark({ bbox: checkBox(numbers(node.bbox, place), place) }, place);
    const { type, coordinates: given } = node;
    switch (type) {
      case 'Point':
        return this.mark(checkGeometry({ type, coordinates: position(given, place) }, place), place);
      case 'LineString':
        return this.mark(checkGeometry({ type, coordinates: positions(given, place) }, place), place);
      case 'Polygon':
        return this.mark(checkGeometry({ type, coordinates: rings(given, place) }, place), place);
      case 'MultiPolygon': {
        const coordinates = list(given, place).map((one) => rings(one, place));
        return this.mark(checkGeometry({ type, coordinates }, place), place);
      }
      default:
        throw expected(
          place,
          'a Point, LineString, Polygon, MultiPolygon, bbox or property',
          'Point, LineString, Polygon, MultiPolygon, bbox hoặc thuộc tính',
        );
    }
  }

  private mark<T extends object>(node: T, place: string): T {
    this.placeOf.set(node, place);
    return node;
  }
}

function members(value: unknown, place: string): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw expected(place, 'an object', 'một đối tượng');
}

function list(value: unknown, place: string, length?: number): unknown[] {
  if (Array.isArray(value) && (length === undefined || value.length === length)) return value as unknown[];
  throw length === undefined
    ? expected(place, 'a list', 'một danh sách')
    : expected(place, `a list of ${length}`, `danh sách ${length} phần tử`);
}

function numbers(value: unknown, place: string): number[] {
  return list(value, place).map((one) => {
    if (typeof one !== 'number') throw expected(place, 'numbers', 'các số');
    return checkNumber(one, place);
  });
}

function position(value: unknown, place: string): Cql2Position {
  const [lon, lat, ...more] = numbers(value, place);
  if (lon === undefined || lat === undefined || more.length > 0)
    throw expected(place, 'positions of longitude and latitude', 'vị trí gồm kinh độ và vĩ độ');
  return [lon, lat];
}

const positions = (value: unknown, place: string) => list(value, place).map((one) => position(one, place));
const rings = (value: unknown, place: string) => list(value, place).map((one) => positions(one, place));

const expected = (place: string, en: string, vi: string) =>
  new Cql2Error(place, `expected ${en} here`, `cần ${vi} ở đây`);
