/** A sentence in the two languages that every user-facing message has. */
export interface Bilingual {
  en: string;
  vi: string;
}

/** One thing wrong with one field of a request, row of a file or member of a payload. */
export interface FieldProblem {
  /** Where: `cells.0.azimuthDeg`, a query parameter's name, or a column's name. */
  field: string;
  code: string;
  message: string;
  messageVi: string;
}

/** The body of every error answer (RFC 9457, `application/problem+json`). */
export interface ProblemBody {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  detailVi: string;
  instance?: string;
  correlationId?: string;
  errors?: FieldProblem[];
}

/** An error that the caller can understand and act on. Services throw it; one filter turns it into an answer. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: Bilingual,
    readonly errors?: FieldProblem[],
  ) {
    super(detail.en);
  }

  /** Something named by the caller does not exist (or is not visible to them). */
  static notFound(what: Bilingual, id: string): Problem {
    return new Problem(404, 'NOT_FOUND', {
      en: `There is no ${what.en} "${id}".`,
      vi: `Không có ${what.vi} "${id}".`,
    });
  }

  /** The request is understood and its values are wrong. */
  static invalid(errors: FieldProblem[]): Problem {
    const fields = [...new Set(errors.map((e) => e.field))].join(', ');
    return new Problem(
      400,
      'INVALID',
      { en: `Not accepted, because of: ${fields}.`, vi: `Không chấp nhận, vì: ${fields}.` },
      errors,
    );
  }

  static invalidField(field: string, code: string, message: Bilingual): Problem {
    return Problem.invalid([fieldProblem(field, code, message)]);
  }

  /** The state of the thing does not allow it (a duplicate, a transition that is not there). */
  static conflict(code: string, detail: Bilingual): Problem {
    return new Problem(409, code, detail);
  }

  static forbidden(detail: Bilingual, code = 'FORBIDDEN'): Problem {
    return new Problem(403, code, detail);
  }

  static unauthorized(detail: Bilingual, code = 'UNAUTHORIZED'): Problem {
    return new Problem(401, code, detail);
  }
}

export function fieldProblem(field: string, code: string, message: Bilingual): FieldProblem {
  return { field, code, message: message.en, messageVi: message.vi };
}

const TITLES: Record<number, string> = {
  400: 'Bad request',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  416: 'Range not satisfiable',
  422: 'Not processable',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Not available',
};

export function problemBody(problem: Problem, instance?: string, correlationId?: string): ProblemBody {
  return {
    type: `urn:phu-song:problem:${problem.code.toLowerCase().replaceAll('_', '-')}`,
    title: TITLES[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.detail.en,
    detailVi: problem.detail.vi,
    ...(instance === undefined ? {} : { instance }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
}
