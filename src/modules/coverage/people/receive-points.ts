import type { FastifyRequest } from 'fastify';
import { fieldProblem, Problem } from '../../../common/http/problem.js';
import type { PeoplePoints } from '../domain/index.js';
import { MOST_BYTES, readPeoplePoints } from './read-points.js';

const FIELDS = { title: 200, source: 500 } as const;

/** Reads a form of `title`, `source` and `file`, of which the file may stand anywhere. Throws 400, 413, 415. */
export async function receivePoints(
  request: FastifyRequest,
): Promise<{ title: string; source: string; points: PeoplePoints }> {
  if (!request.isMultipart())
    throw new Problem(415, 'MEDIA_TYPE', {
      en: 'Send the file as multipart/form-data.',
      vi: 'Hãy gửi tệp ở dạng multipart/form-data.',
    });
  const fields: Record<string, string> = {};
  let points: PeoplePoints | undefined;
  const limits = { fileSize: MOST_BYTES, files: 1, fields: 5, parts: 6, fieldSize: 10_000 };
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        if (part.fieldname !== 'file') throw unknown(part.fieldname);
        part.file.once('limit', () => part.file.destroy(tooLarge()));
        points = await readPeoplePoints(part.file);
        if (part.file.truncated) throw tooLarge();
      } else if (Object.hasOwn(FIELDS, part.fieldname) && typeof part.value === 'string')
        fields[part.fieldname] = part.value.trim();
      else throw unknown(part.fieldname);
    }
  } catch (error) {
    // A connection that nobody reads from would never be seen to end.
    request.raw.unpipe();
    request.raw.resume();
    if (error instanceof Problem) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'FST_REQ_FILE_TOO_LARGE')
      throw tooLarge();
    const reason = error instanceof Error ? ` (${error.message.slice(0, 200)})` : '';
    throw new Problem(400, 'BAD_REQUEST', {
      en: `The form could not be read${reason}.`,
      vi: `Không đọc được biểu mẫu${reason}.`,
    });
  }
  const { title = '', source = '' } = fields;
  const problems = Object.entries(FIELDS).flatMap(([name, most]) => {
    const length = (fields[name] ?? '').length;
    if (length > 0 && length <= most) return [];
    return [
      fieldProblem(name, 'LENGTH', {
        en: `${name} must have from 1 to ${most} characters`,
        vi: `${name} phải có từ 1 đến ${most} ký tự`,
      }),
    ];
  });
  if (!points)
    problems.push(fieldProblem('file', 'MISSING', { en: 'file is missing', vi: 'thiếu tệp (file)' }));
  if (problems.length > 0 || !points) throw Problem.invalid(problems);
  return { title, source, points };
}

function tooLarge(): Problem {
  const most = MOST_BYTES / 1e6;
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
