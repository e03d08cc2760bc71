import { createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { fieldProblem, Problem } from '../../../common/http/problem.js';

/** Of a country's population at 100 m some 200 MB; more is to be clipped first. */
export const MOST_FILE_BYTES = 250_000_000;

/** A form's text fields: how long each may be, and whether it must be there. */
export type FormFields = Readonly<Record<string, { most: number; required?: boolean }>>;

export const ABOUT_FIELDS = {
  title: { most: 200, required: true },
  source: { most: 500, required: true },
} as const satisfies FormFields;

export interface ReceivedFile {
  fields: Record<string, string>;
  /** Gone when whoever uses it is done. */
  path: string;
  /** The first bytes. */
  head: Uint8Array;
  sizeBytes: number;
}

/**
 * Reads a form of text fields and one `file`, in any order; the file goes to disk, never into memory. Throws 400, 413, 415; whatever
 * happens nothing stays behind.
 */
export async function withReceivedFile<T>(
  request: FastifyRequest,
  known: FormFields,
  use: (received: ReceivedFile) => Promise<T>,
): Promise<T> {
  if (!request.isMultipart())
    throw new Problem(415, 'MEDIA_TYPE', {
      en: 'Send the file as multipart/form-data.',
      vi: 'Hãy gửi tệp ở dạng multipart/form-data.',
    });
  const folder = await mkdtemp(path.join(tmpdir(), 'phusong-source-'));
  try {
    const file = path.join(folder, 'file');
    const { fields, found } = await readForm(request, known, file);
    const problems = problemsOf(fields, known);
    if (!found)
      problems.push(fieldProblem('file', 'MISSING', { en: 'file is missing', vi: 'thiếu tệp (file)' }));
    if (problems.length > 0) throw Problem.invalid(problems);
    return await use({ fields, path: file, ...(await headOf(file)) });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function readForm(request: FastifyRequest, known: FormFields, file: string) {
  const fields: Record<string, string> = {};
  let found = false;
  const limits = { fileSize: MOST_FILE_BYTES, files: 1, fields: 8, parts: 9, fieldSize: 20_000 };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        if (part.fieldname !== 'file') throw unknown(part.fieldname);
        await pipeline(part.file, createWriteStream(file, { flags: 'wx' }));
        if (part.file.truncated) throw tooLarge(MOST_FILE_BYTES);
        found = true;
      } else if (Object.hasOwn(known, part.fieldname) && typeof part.value === 'string')
        fields[part.fieldname] = part.value.trim();
      else throw unknown(part.fieldname);
    }
  } catch (error) {
    // A connection that nobody reads from would never be seen to end.
    request.raw.unpipe();
    request.raw.resume();
    if (error instanceof Problem) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE')
      throw tooLarge(MOST_FILE_BYTES);
    const reason = error instanceof Error ? ` (${error.message.slice(0, 200)})` : '';
    throw new Problem(400, 'BAD_REQUEST', {
      en: `The form could not be read${reason}.`,
      vi: `Không đọc được biểu mẫu${reason}.`,
    });
  }
  return { fields, found };
}

function problemsOf(fields: Record<string, string>, known: FormFields) {
  return Object.entries(known).flatMap(([name, { most, required = false }]) => {
    const length = (fields[name] ?? '').length;
    const least = required ? 1 : 0;
    if (length >= least && length <= most) return [];
    return [
      fieldProblem(name, 'LENGTH', {
        en: `${name} must have from ${least} to ${most} characters`,
        vi: `${name} phải có từ ${least} đến ${most} ký tự`,
      }),
    ];
  });
}

async function headOf(file: string): Promise<{ head: Uint8Array; sizeBytes: number }> {
  const handle = await open(file, 'r');
  try {
    const head = new Uint8Array(16);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return { head: head.subarray(0, bytesRead), sizeBytes: (await handle.stat()).size };
  } finally {
    await handle.close();
  }
}

export function tooLarge(mostBytes: number): Problem {
  const most = mostBytes / 1e6;
  return new Problem(413, 'TOO_LARGE', {
    en: `The file is larger than ${most} MB.`,
    vi: `Tệp lớn hơn ${most} MB.`,
  });
}

function unknown(field: string): Problem {
  return Problem.invalidField(field, 'UNKNOWN_FIELD', {
    en: `${field} is not a known field`,
    vi: `${field} không phải là trường được biết đến`,
  });
}
