import { ATTRIBUTE_PREFIX } from '../../attributes/index.js';
import type { Field } from '../domain/sheet.js';
import type { Row } from './exporter.js';

/** One value of a field; an object is a geometry. */
export type Cell = string | number | boolean | object | null;

/** The columns of an export and what they are called. */
export interface Head {
  fields: readonly Field[];
  headings: readonly string[];
  /** Nobody imports it: a text is as it is, but for what a table program would take for a formula. */
  onlyForReading?: boolean;
}

/** The value of a field as it stands in a cell: lists become a text. */
export function cellOf({ key, type }: Field, row: Row): Cell {
  const value = row[key] ?? attributeOf(key, row);
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.length === 0 ? null : value.join(';');
  // Whole numbers of 64 bits and exact decimals come from the database as texts.
  if (type === 'number' && typeof value === 'string') return Number(value);
  return value;
}

/** Attributes that an administrator has defined stand together in one value. */
function attributeOf(key: string, { attributes }: Row): unknown {
  if (!key.startsWith(ATTRIBUTE_PREFIX) || typeof attributes !== 'object' || attributes === null) return null;
  return (attributes as Row)[key.slice(ATTRIBUTE_PREFIX.length)];
}
