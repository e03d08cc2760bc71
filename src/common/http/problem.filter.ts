import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { currentCorrelationId } from '../context/request-context.js';
import type { Logger } from '../logging/logger.js';
import { toProblem } from './error-mapping.js';
import { Problem, problemBody } from './problem.js';

/** The one place where an error becomes an answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = toProblem(thrown);
    const where = { method: request.method, url: request.url };
    if (thrown instanceof Problem) this.logger.debug({ ...where, code: problem.code }, problem.message);
    else if (problem.status >= 500) this.logger.error({ ...where, err: thrown }, problem.message);
    if (reply.sent || reply.raw.headersSent) {
      reply.raw.destroy();
      return;
    }
    void reply
      .status(problem.status)
      .header('content-type', 'application/problem+json; charset=utf-8')
      .send(JSON.stringify(problemBody(problem, request.url, currentCorrelationId())));
  }
}
