import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../common/http/problem.js';
import { ImportFiles } from './import-files.js';
import { LIMITS } from './readers/limits.js';
import { tooLarge } from './readers/open-table.js';

export interface Upload {
  importId: string;
  fileName: string;
  fileBytes: number;
  fields: Record<string, string>;
}

/**
 * Reads a form with one `file` and its fields in any order. The file is on the disk afterwards; one of more than
 * `mostBytes` is refused as soon as that many have come.
 */
export async function receiveUpload(
  request: FastifyRequest,
  files: Pick<ImportFiles, 'receive' | 'discard'>,
  mostBytes: number = LIMITS.fileBytes,
): Promise<Upload> {
  if (!request.isMultipart())
    throw new Problem(415, 'MEDIA_TYPE', {
      en: 'Send the file as multipart/form-data.',
      vi: 'Hãy gửi tệp ở dạng multipart/form-data.',
    });
  const importId = randomUUID();
  const fields: Record<string, string> = {};
  let fileName: string | undefined;
  let fileBytes = 0;
  const limits = { fileSize: mostBytes, files: 1, fields: 10, parts: 11, fieldSize: 100_000 };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        if (part.fieldname !== 'file') throw unknown(part.fieldname);
        fileName = part.filename;
        // The rest would be read to its end and thrown away.
        part.file.once('limit', () => part.file.destroy(refusal()));
        fileBytes = await files.receive(importId, part.file);
        if (part.file.truncated) throw refusal();
      } else if (typeof part.value === 'string' && part.valueTruncated !== true)
        fields[part.fieldname] = part.value;
      else throw unknown(part.fieldname);
    }
    if (fileName === undefined)
      throw Problem.invalidField('file', 'MISSING', { en: 'file is missing', vi: 'thiếu tệp (file)' });
    return { importId, fileName: fileName.slice(0, 200), fileBytes, fields };
  } catch (error) {
    await files.discard(importId);
    // A connection that nobody reads from would never be seen to end.
    request.raw.unpipe();
    request.raw.resume();
    if (error instanceof Problem) throw error;
    if (typeof error === 'object' && error !== null) {
      const code = 'code' in error ? error.code : undefined;
      if (code === 'FST_REQ_FILE_TOO_LARGE') throw refusal();
      if (code === 'FST_FILES_LIMIT')
        throw Problem.invalidField('file', 'ONE_FILE', {
          en: 'one file at a time',
          vi: 'mỗi lần chỉ gửi một tệp',
        });
      if ('statusCode' in error || 'syscall' in error) throw error;
    }
    const reason = error instanceof Error ? ` (${error.message.slice(0, 200)})` : '';
    throw new Problem(400, 'BAD_REQUEST', {
      en: `The form could not be read${reason}.`,
      vi: `Không đọc được biểu mẫu${reason}.`,
    });
  }
}

function refusal(): Problem {
  const { en, vi } = tooLarge();
  return new Problem(413, 'TOO_LARGE', { en, vi });
}

function unknown(field: string): Problem {
  return Problem.invalidField(field, 'UNKNOWN_FIELD', {
    en: `${field} is not a known field`,
    vi: `${field} không phải là trường được biết đến`,
  });
}
