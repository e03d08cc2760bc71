import type { Multipart } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../../common/http/problem.js';
import type { ReceivedFile } from './media-files.js';
import type { MediaService } from './media.service.js';

/** Reads a form with one `file` and, before or after it, its `title`. The file is on the disk afterwards. */
export async function receiveUpload(
  request: FastifyRequest,
  media: MediaService,
): Promise<{ received: ReceivedFile; title: string }> {
  if (!request.isMultipart())
    throw new Problem(415, 'MEDIA_TYPE', {
      en: 'Send the file as multipart/form-data.',
      vi: 'Hãy gửi tệp ở dạng multipart/form-data.',
    });
  let received: ReceivedFile | undefined;
  let title: string | undefined;
  let fileName = '';
  try {
    for await (const part of request.parts({ limits: { files: 1, fields: 5, parts: 6, fieldSize: 2_000 } })) {
      if (part.type === 'file' && part.fieldname === 'file') {
        fileName = part.filename;
        received = await media.receive(part.file);
      } else if (part.fieldname === 'title' && isText(part)) title = part.value;
      else throw unknownField(part.fieldname);
    }
    if (received === undefined)
      throw Problem.invalidField('file', 'MISSING', { en: 'file is missing', vi: 'thiếu tệp (file)' });
    return { received, title: title ?? nameWithoutEnding(fileName) };
  } catch (error) {
    if (received) await media.discard(received);
    throw isOurs(error) ? error : malformed(error);
  }
}

/** What is no problem already, no limit and no failure of the disk is a form that cannot be read. */
function isOurs(error: unknown): boolean {
  return (
    error instanceof Problem ||
    (typeof error === 'object' && error !== null && ('statusCode' in error || 'syscall' in error))
  );
}

function malformed(error: unknown): Problem {
  const reason = error instanceof Error ? ` (${error.message.slice(0, 200)})` : '';
  return new Problem(400, 'BAD_REQUEST', {
    en: `The form could not be read${reason}.`,
    vi: `Không đọc được biểu mẫu${reason}.`,
  });
}

function isText(part: Multipart): part is Multipart & { type: 'field'; value: string } {
  return part.type === 'field' && typeof part.value === 'string' && part.valueTruncated !== true;
}

function unknownField(field: string): Problem {
  return Problem.invalidField(field, 'UNKNOWN_FIELD', {
    en: `${field} is not a known field`,
    vi: `${field} không phải là trường được biết đến`,
  });
}

function nameWithoutEnding(fileName: string): string {
  return fileName.replace(/\.[A-Za-z0-9]{1,5}$/, '').slice(0, 200);
}
