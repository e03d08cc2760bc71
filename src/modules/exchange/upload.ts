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

/** Reads a form with one `file` and its fields in any order. The file is on the disk afterwards. */
export async function receiveUpload(request: FastifyRequest, files: ImportFiles): Promise<Upload> {
  if (!request.isMultipart())
    throw new Problem(415, 'MEDIA_TYPE', {
      en: 'Send the file as multipart/form-data.',
      vi: 'Hãy gửi tệp ở dạng multipart/form-data.',
    });
  const importId = randomUUID();
  const fields: Record<string, string> = {};
  let fileName: string | undefined;
  let fileBytes = 0;
  const limits = { fileSize: LIMITS.fileBytes, files: 1, fields: 10, parts: 11, fieldSize: 100_000 };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        if (part.fieldname !== 'file') throw unknown(part.fieldname);
        fileName = part.filename;
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
    if (error instanceof Problem) throw error;
    if (typeof error === 'object' && error !== null) {
      if ('code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE') throw refusal();
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
