import { Problem } from './problem.js';

export const REASON_HEADER = 'x-reason';
export const REASON_MAX = 500;
const ENCODED = /^utf-8''(.*)$/i;

/**
 * Why a change is made, as its request says: UTF-8 as it is, or `UTF-8''` and percent-encoded for clients that can put
 * nothing else into a header. Undefined without one. Throws 400 for one that is too long or cannot be read.
 */
export function reasonOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const reason = decode(Array.isArray(header) ? header.join(', ') : header)?.trim();
  if (reason === undefined || /\p{Cc}|\p{Cs}/u.test(reason))
    throw refused('ENCODING', {
      en: "X-Reason must be UTF-8 text, or UTF-8'' and percent-encoded UTF-8",
      vi: "X-Reason phải là văn bản UTF-8, hoặc UTF-8'' rồi đến UTF-8 mã hoá phần trăm",
    });
  if ([...reason].length > REASON_MAX)
    throw refused('maxLength', {
      en: `X-Reason must not be longer than ${REASON_MAX} characters`,
      vi: `X-Reason không được dài quá ${REASON_MAX} ký tự`,
    });
  return reason === '' ? undefined : reason;
}

function decode(header: string): string | undefined {
  const encoded = ENCODED.exec(header)?.[1];
  try {
    if (encoded !== undefined) return decodeURIComponent(encoded);
    // Node hands over the bytes of a header as Latin-1.
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'));
  } catch {
    return undefined;
  }
}

function refused(code: string, message: { en: string; vi: string }): Problem {
  return Problem.invalidField('X-Reason', code, message);
}
