import type { Cql2Expression, Cql2Moment, Cql2Position, Cql2Scalar, Cql2Spatial } from './ast.js';
import { KEYWORDS } from './parse-text.js';

/** Writes a filter in CQL2's text form; reading it again gives the same tree. */
export function toCql2Text(node: Cql2Expression): string {
  if (typeof node === 'boolean') return node ? 'TRUE' : 'FALSE';
  switch (node.op) {
    case 'and':
    case 'or':
      return node.args.map((arg) => `(${toCql2Text(arg)})`).join(` ${node.op.toUpperCase()} `);
    case 'not':
      return `NOT (${toCql2Text(node.args[0])})`;
    case 'like':
      return `${scalar(node.args[0])} LIKE ${scalar(node.args[1])}`;
    case 'between':
      return `${scalar(node.args[0])} BETWEEN ${scalar(node.args[1])} AND ${scalar(node.args[2])}`;
    case 'in':
      return `${scalar(node.args[0])} IN (${node.args[1].map(scalar).join(', ')})`;
    case 'isNull':
      return `${scalar(node.args[0])} IS NULL`;
    case 's_intersects':
    case 's_within':
    case 's_contains':
    case 's_disjoint':
      return `${node.op.toUpperCase()}(${node.args.map(spatial).join(', ')})`;
    case 't_after':
    case 't_before':
    case 't_during':
    case 't_intersects':
    case 't_equals':
      return `${node.op.toUpperCase()}(${name(node.args[0].property)}, ${moment(node.args[1])})`;
    default:
      return `${scalar(node.args[0])} ${node.op} ${scalar(node.args[1])}`;
  }
}

function scalar(value: Cql2Scalar): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (typeof value === 'number') return String(value);
  if ('property' in value) return name(value.property);
  if ('op' in value) return `${value.op.toUpperCase()}(${scalar(value.args[0])})`;
  return moment(value);
}

function moment(value: Cql2Moment): string {
  if ('interval' in value) return `INTERVAL(${value.interval.map(quote).join(', ')})`;
  return 'date' in value ? `DATE(${quote(value.date)})` : `TIMESTAMP(${quote(value.timestamp)})`;
}

function spatial(value: Cql2Spatial): string {
  if ('property' in value) return name(value.property);
  if ('bbox' in value) return `BBOX(${value.bbox.join(', ')})`;
  switch (value.type) {
    case 'Point':
      return `POINT(${position(value.coordinates)})`;
    case 'LineString':
      return `LINESTRING${positions(value.coordinates)}`;
    case 'Polygon':
      return `POLYGON${rings(value.coordinates)}`;
    case 'MultiPolygon':
      return `MULTIPOLYGON(${value.coordinates.map(rings).join(', ')})`;
  }
}

const position = ([lon, lat]: Cql2Position) => `${lon} ${lat}`;
const positions = (line: Cql2Position[]) => `(${line.map(position).join(', ')})`;
const rings = (lines: Cql2Position[][]) => `(${lines.map(positions).join(', ')})`;
const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;
const name = (text: string) =>
  /^[A-Za-z_]\w*$/.test(text) && !KEYWORDS.has(text.toUpperCase()) ? text : `"${text.replaceAll('"', '""')}"`;
