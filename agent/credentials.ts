import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { firstFault, isClusterId, PublicKeySchema, type PublicKey } from '../src/contract/index.js';
import { UsageError } from './settings.js';

export interface Credential {
  id: string;
  secret: string;
}

/** Credentials of many clusters: a JSON array of `{id, secret}`, or CSV with a heading that names `id` and `secret`. */
export function readCredentials(file: string): Credential[] {
  const rows = rowsOf(textOf(file), file);
  return rows.map((row, index) => {
    const { id, secret } = (row ?? {}) as Partial<Record<string, unknown>>;
    if (typeof id !== 'string' || !isClusterId(id) || typeof secret !== 'string' || secret === '') {
      throw new UsageError(`${file}: entry ${index + 1} has no id of a cluster or no secret`);
    }
    return { id, secret };
  });
}

/** Public keys given with a device: a JSON array of them, as they stand in its document. */
export function readKeys(file: string): PublicKey[] {
  return rowsOf(textOf(file), file).map((row, index) => {
    const fault = firstFault(PublicKeySchema, row);
    if (fault !== undefined) throw new UsageError(`${file}: key ${index + 1}: ${fault}`);
    return row as PublicKey;
  });
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${(error as Error).message}`);
  }
}

function rowsOf(text: string, file: string): unknown[] {
  try {
    if (!/^\s*\[/.test(text))
      return parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
    return JSON.parse(text) as unknown[];
  } catch (error) {
    throw new UsageError(`${file}: ${(error as Error).message}`);
  }
}
