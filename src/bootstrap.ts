import multipart from '@fastify/multipart';
import { RequestMethod } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import { OpenApiDocument } from './api-docs/openapi-document.js';
import { API_PREFIX, buildOpenApi } from './api-docs/openapi.js';
import { AppModule, type AppParts } from './app.module.js';
import {
  addRequestContext,
  addSecurityHeaders,
  boundClosing,
  refuseDeepBodies,
} from './common/http/http-hooks.js';
import { addHttpMetrics } from './common/http/http-metrics.js';
import { ProblemFilter } from './common/http/problem.filter.js';
import { parseQuery } from './common/http/query-parser.js';
import { validationPipe } from './common/http/validation.js';
import { NestLogger } from './common/logging/logger.js';
import { ReadinessChecks } from './modules/health/index.js';
import { assertAllRoutesDeclareAccess } from './modules/identity/index.js';

const BODY_LIMIT_BYTES = 5 * 1024 * 1024;
/** Routes that are no part of the versioned API. */
const OUTSIDE_PREFIX = [
  'health/*path',
  'metrics',
  { path: 'media/:sha256', method: RequestMethod.GET },
  { path: 'media/:sha256', method: RequestMethod.HEAD },
  'api/*path',
];

/**
 * The assembled application, not yet listening: the same for main, for the tests and for the OpenAPI export. It does
 * no work of its own until the program starts the listener, the transport and the jobs.
 */
export async function createApp(parts: AppParts): Promise<NestFastifyApplication> {
  const { config, logger } = parts;
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    forceCloseConnections: 'idle',
    trustProxy: config.trustProxy,
    routerOptions: { querystringParser: parseQuery },
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.with(parts), adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const fastify = adapter.getInstance<FastifyInstance>();
  addRequestContext(fastify, logger);
  addSecurityHeaders(fastify);
  addHttpMetrics(fastify);
  refuseDeepBodies(fastify);
  boundClosing(fastify);
  if (config.role === 'worker') hideApi(fastify);
  await app.register(multipart, {
    limits: { fileSize: config.mediaMaxBytes, files: 1, fields: 20 },
  });
  app.setGlobalPrefix(API_PREFIX, { exclude: OUTSIDE_PREFIX });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
  assertAllRoutesDeclareAccess(app);

  app.get(OpenApiDocument).value = buildOpenApi(app);
  app.get(ReadinessChecks).add('database', async () => {
    await parts.dataSource.query('select 1');
  });
  await app.init();
  await fastify.ready();
  return app;
}

/** A worker answers health and metrics alone. */
function hideApi(fastify: FastifyInstance): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (/^\/(health\/|metrics)/.test(request.url)) return done();
    void reply.callNotFound();
  });
}
