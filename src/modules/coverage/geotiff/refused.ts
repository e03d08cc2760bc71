import { Problem } from '../../../common/http/problem.js';

/** A file that nothing can be made of: 400. */
export function refusedFile(en: string, vi: string): Problem {
  return Problem.invalidField('file', 'FILE', { en, vi });
}
