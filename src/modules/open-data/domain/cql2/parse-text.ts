import {
  type Comparison,
  COMPARISONS,
  Cql2Error,
  type Cql2Expression,
  type Cql2Filter,
  type Cql2Folded,
  type Cql2Geometry,
  type Cql2Instant,
  type Cql2Moment,
  type Cql2Place,
  type Cql2Position,
  type Cql2Property,
  type Cql2Scalar,
  type Cql2Spatial,
  type Cql2Text,
  DEEPEST_FILTER,
  SPATIAL_OPERATORS,
  TEMPORAL_OPERATORS,
  TEXT_FUNCTIONS,
} from './ast.js';
import { checkBox, checkDate, checkGeometry, checkInterval, checkTimestamp } from './literals.js';
import { type Token, tokenize } from './tokens.js';

/** Words that are no names unless in double quotes. */
export const KEYWORDS = new Set(
  (
    'AND OR NOT LIKE BETWEEN IN IS NULL TRUE FALSE DATE TIMESTAMP INTERVAL BBOX POINT LINESTRING POLYGON MULTIPOLYGON ' +
    [...SPATIAL_OPERATORS, ...TEMPORAL_OPERATORS, ...TEXT_FUNCTIONS].join(' ').toUpperCase()
  ).split(' '),
);

/** Reads CQL2's text form. Throws `Cql2Error` and nothing else. */
export function parseCql2Text(input: string): Cql2Filter {
  const parser = new Parser(tokenize(input));
  return { root: parser.whole(), placeOf: parser.placeOf };
}

class Parser {
  readonly placeOf = new WeakMap<object, Cql2Place>();
  private index = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  whole(): Cql2Expression {
    const root = this.either();
    if (this.now.kind !== 'end') throw this.expected('AND, OR', 'AND, OR');
    return root;
  }

  private either(): Cql2Expression {
    const at = this.now.at;
    const args = [this.all()];
    while (this.takeWord('OR')) args.push(this.all());
    return args.length === 1 ? args[0]! : this.node({ op: 'or', args }, at);
  }

  private all(): Cql2Expression {
    const at = this.now.at;
    const args = [this.one()];
    while (this.takeWord('AND')) args.push(this.one());
    return args.length === 1 ? args[0]! : this.node({ op: 'and', args }, at);
  }

  private one(): Cql2Expression {
    return this.deeper(() => {
      const at = this.now.at;
      if (this.takeWord('NOT')) return this.node({ op: 'not', args: [this.one()] }, at);
      if (this.takeSign('(')) {
        const inner = this.either();
        this.needSign(')');
        return inner;
      }
      const spatial = SPATIAL_OPERATORS.find((op) => this.takeWord(op.toUpperCase()));
      if (spatial) return this.node({ op: spatial, args: this.pair(this.spatial, this.spatial) }, at);
      const temporal = TEMPORAL_OPERATORS.find((op) => this.takeWord(op.toUpperCase()));
      if (temporal) return this.node({ op: temporal, args: this.pair(this.property, this.moment) }, at);
      return this.predicate();
    });
  }

  private predicate(): Cql2Expression {
    const at = this.now.at;
    const left = this.scalar();
    const comparison = COMPARISONS.find((sign) => this.takeSign(sign));
    if (comparison) return this.comparison(comparison, left, at);
    if (this.takeWord('IS')) {
      const negated = this.takeWord('NOT');
      this.needWord('NULL');
      return this.negatedIf(negated, { op: 'isNull', args: [left] }, at);
    }
    const negated = this.takeWord('NOT');
    if (this.takeWord('LIKE'))
      return this.negatedIf(negated, { op: 'like', args: [this.asText(left, at), this.text()] }, at);
    if (this.takeWord('BETWEEN')) {
      const from = this.scalar();
      this.needWord('AND');
      return this.negatedIf(negated, { op: 'between', args: [left, from, this.scalar()] }, at);
    }
    if (this.takeWord('IN')) {
      this.needSign('(');
      const values = this.list(this.scalar);
      return this.negatedIf(negated, { op: 'in', args: [left, values] }, at);
    }
    if (typeof left === 'boolean' && !negated) return left;
    throw this.expected(
      'a comparison (=, <, LIKE, BETWEEN, IN, IS NULL)',
      'phép so sánh (=, <, LIKE, BETWEEN, IN, IS NULL)',
    );
  }

  private comparison(op: Comparison, left: Cql2Scalar, at: number): Cql2Expression {
    return this.node({ op, args: [left, this.scalar()] }, at);
  }

  private negatedIf(negated: boolean, node: Exclude<Cql2Expression, boolean>, at: number): Cql2Expression {
    this.mark(node, at);
    return negated ? this.node({ op: 'not', args: [node] }, at) : node;
  }

  private readonly scalar = (): Cql2Scalar => {
    const token = this.now;
    if (token.kind === 'number') {
      this.index += 1;
      return token.value;
    }
    if (this.takeWord('TRUE')) return true;
    if (this.takeWord('FALSE')) return false;
    return this.instant() ?? this.text();
  };

  /** A text, a property, or one of them folded. */
  private text(): Cql2Text {
    const token = this.now;
    if (token.kind === 'text') {
      this.index += 1;
      return token.text;
    }
    const fold = TEXT_FUNCTIONS.find((op) => this.takeWord(op.toUpperCase()));
    if (!fold) return this.property();
    return this.deeper(() => {
      this.needSign('(');
      const inner = this.text();
      this.needSign(')');
      return this.mark<Cql2Folded>({ op: fold, args: [inner] }, token.at);
    });
  }

  private asText(value: Cql2Scalar, at: number): Cql2Text {
    if (typeof value === 'string') return value;
    if (typeof value === 'object' && ('property' in value || 'op' in value)) return value;
    throw new Cql2Error(at, 'LIKE compares texts', 'LIKE so sánh văn bản');
  }

  private readonly property = (): Cql2Property => {
    const token = this.now;
    if (token.kind === 'name' || (token.kind === 'word' && !KEYWORDS.has(token.text.toUpperCase()))) {
      this.index += 1;
      return this.mark({ property: token.text }, token.at);
    }
    throw this.expected('a property or a value', 'thuộc tính hoặc giá trị');
  };

  private instant(): Cql2Instant | undefined {
    const at = this.now.at;
    if (this.takeWord('DATE')) return this.mark({ date: checkDate(this.quoted(), at) }, at);
    if (this.takeWord('TIMESTAMP')) return this.mark({ timestamp: checkTimestamp(this.quoted(), at) }, at);
    return undefined;
  }

  private readonly moment = (): Cql2Moment => {
    const at = this.now.at;
    if (this.takeWord('INTERVAL')) {
      const [from, to] = this.pair(this.literal, this.literal);
      return this.mark({ interval: checkInterval(from, to, at) }, at);
    }
    const instant = this.instant();
    if (instant) return instant;
    throw this.expected('DATE, TIMESTAMP or INTERVAL', 'DATE, TIMESTAMP hoặc INTERVAL');
  };

  private readonly spatial = (): Cql2Spatial => {
    const at = this.now.at;
    if (this.takeWord('BBOX')) {
      this.needSign('(');
      return this.mark({ bbox: checkBox(this.list(this.number), at) }, at);
    }
    const geometry = this.geometry();
    return geometry ? this.mark(checkGeometry(geometry, at), at) : this.property();
  };

  private geometry(): Cql2Geometry | undefined {
    if (this.takeWord('POINT')) {
      this.needSign('(');
      const coordinates = this.position();
      this.needSign(')');
      return { type: 'Point', coordinates };
    }
    if (this.takeWord('LINESTRING')) return { type: 'LineString', coordinates: this.positions() };
    if (this.takeWord('POLYGON')) return { type: 'Polygon', coordinates: this.rings() };
    if (!this.takeWord('MULTIPOLYGON')) return undefined;
    this.needSign('(');
    return { type: 'MultiPolygon', coordinates: this.list(this.rings) };
  }

  private readonly rings = (): Cql2Position[][] => {
    this.needSign('(');
    return this.list(this.positions);
  };

  private readonly positions = (): Cql2Position[] => {
    this.needSign('(');
    return this.list(this.position);
  };

  private readonly position = (): Cql2Position => [this.number(), this.number()];

  private readonly number = (): number => {
    const token = this.now;
    if (token.kind !== 'number') throw this.expected('a number', 'một số');
    this.index += 1;
    return token.value;
  };

  private readonly literal = (): string => {
    const token = this.now;
    if (token.kind !== 'text') throw this.expected('a text in single quotes', 'văn bản trong dấu nháy đơn');
    this.index += 1;
    return token.text;
  };

  private quoted(): string {
    this.needSign('(');
    const text = this.literal();
    this.needSign(')');
    return text;
  }

  /** Items with commas between, up to the closing bracket; the opening one was taken. */
  private list<T>(item: () => T): T[] {
    const items = [item()];
    while (this.takeSign(',')) items.push(item());
    this.needSign(')');
    return items;
  }

  private pair<A, B>(first: () => A, second: () => B): [A, B] {
    this.needSign('(');
    const a = first();
    this.needSign(',');
    const b = second();
    this.needSign(')');
    return [a, b];
  }

  private deeper<T>(work: () => T): T {
    if (this.depth >= DEEPEST_FILTER)
      throw new Cql2Error(
        this.now.at,
        `the filter is nested deeper than ${DEEPEST_FILTER} levels`,
        `bộ lọc lồng nhau sâu hơn ${DEEPEST_FILTER} mức`,
      );
    this.depth += 1;
    const result = work();
    this.depth -= 1;
    return result;
  }

  private get now(): Token {
    return this.tokens[this.index]!;
  }

  private takeWord(word: string): boolean {
    const token = this.now;
    const found = token.kind === 'word' && token.text.toUpperCase() === word;
    if (found) this.index += 1;
    return found;
  }

  private takeSign(sign: string): boolean {
    const token = this.now;
    const found = token.kind === 'sign' && token.text === sign;
    if (found) this.index += 1;
    return found;
  }

  private needWord(word: string): void {
    if (!this.takeWord(word)) throw this.expected(word, word);
  }

  private needSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.expected(`"${sign}"`, `"${sign}"`);
  }

  private node(node: Exclude<Cql2Expression, boolean>, at: number): Cql2Expression {
    return this.mark(node, at);
  }

  private mark<T extends object>(node: T, at: number): T {
    this.placeOf.set(node, at);
    return node;
  }

  private expected(en: string, vi: string): Cql2Error {
    return new Cql2Error(this.now.at, `expected ${en} here`, `cần ${vi} ở đây`);
  }
}
