import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { runInContext } from '../context/request-context.js';
import type { Logger } from '../logging/logger.js';
import { Problem } from './problem.js';
import { REASON_HEADER, reasonOf } from './reason-header.js';

const HEADER = 'x-correlation-id';
const SANE = /^[A-Za-z0-9._:-]{8,100}$/;

/** Gives each request its correlation id (the caller's own, if it is a sane one), its context, and one log line. */
export function addRequestContext(fastify: FastifyInstance, logger: Logger): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const given = request.headers[HEADER];
    const correlationId = typeof given === 'string' && SANE.test(given) ? given : randomUUID();
    void reply.header(HEADER, correlationId);
    const actor = { kind: 'system' as const, id: 'anonymous', name: 'anonymous' };
    let reason: string | undefined;
    let problem: unknown;
    try {
      reason = reasonOf(request.headers[REASON_HEADER]);
    } catch (error) {
      problem = error;
    }
    runInContext({ correlationId, actor, reason }, () => done(problem as Error | undefined));
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const ms = Math.round(reply.elapsedTime * 10) / 10;
    const line = { method: request.method, url: request.url, status: reply.statusCode, ms };
    if (request.url.startsWith('/health') || request.url.startsWith('/metrics'))
      logger.debug(line, 'request');
    else logger.info(line, 'request');
    done();
  });
}

/** Headers that a browser needs to be careful; the page that shows the API is served by us alone. */
export function addSecurityHeaders(fastify: FastifyInstance): void {
  fastify.addHook('onSend', async (_request, reply) => {
    void reply
      .header('x-content-type-options', 'nosniff')
      .header('x-frame-options', 'DENY')
      .header('referrer-policy', 'no-referrer')
      .header(
        'content-security-policy',
        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'",
      );
  });
}

const CLOSE_GRACE_MS = 3_000;

/** Requests under way may finish when the server closes; a client that never ends must not keep it from stopping. */
export function boundClosing(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done) => {
    setTimeout(() => fastify.server.closeAllConnections(), CLOSE_GRACE_MS).unref();
    done();
  });
}

const DEEPEST_JSON = 64;

/** Refuses bodies nested so deep that walking them would exhaust the stack. */
export function refuseDeepBodies(fastify: FastifyInstance): void {
  fastify.addHook('preValidation', (request, _reply, done) => {
    const deep = isDeeperThan(request.body, DEEPEST_JSON);
    done(
      deep
        ? new Problem(400, 'NESTING', {
            en: `The request is nested deeper than ${DEEPEST_JSON} levels.`,
            vi: `Yêu cầu lồng nhau sâu hơn ${DEEPEST_JSON} mức.`,
          })
        : undefined,
    );
  });
}

/** Level by level, without recursion. */
function isDeeperThan(value: unknown, depth: number): boolean {
  let level: unknown[] = [value];
  for (let step = 0; step <= depth && level.length > 0; step += 1)
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null && !Buffer.isBuffer(item)
        ? Object.values(item as Record<string, unknown>)
        : [],
    );
  return level.length > 0;
}
