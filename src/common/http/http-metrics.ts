import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Histogram, register } from 'prom-client';

/** The registry is one per process; a second application in it (as in tests) shares it. */
function histogram(): Histogram {
  const name = 'http_request_duration_seconds';
  const existing = register.getSingleMetric(name) as Histogram | undefined;
  if (existing) return existing;
  collectDefaultMetrics();
  return new Histogram({
    name,
    help: 'Time to answer a request, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
  });
}

export function addHttpMetrics(fastify: FastifyInstance): void {
  const duration = histogram();
  fastify.addHook('onResponse', (request, reply, done) => {
    // The pattern, not the address: one series a route, however many sites there are.
    const route = request.routeOptions.url ?? 'none';
    duration.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
    done();
  });
}
