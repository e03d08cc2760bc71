import type { Field } from '../domain/sheet.js';

/** One value of a field. Lists are texts by now; an object is a geometry. */
export type Cell = string | number | boolean | object | null;

/** The columns of an export and what they are called. */
export interface Head {
  fields: readonly Field[];
  headings: readonly string[];
}
