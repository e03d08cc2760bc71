import type { LoggerService } from '@nestjs/common';
import pino, { type DestinationStream, type Logger } from 'pino';
import { currentContext } from '../context/request-context.js';

export type { Logger } from 'pino';

/** JSON lines; each carries the correlation id of the request, message or job it was written for. */
export function createLogger(options: {
  level: string;
  file?: string;
  destination?: DestinationStream;
}): Logger {
  const destination =
    options.destination ??
    pino.destination({ dest: options.file ?? 1, mkdir: true, sync: options.file === undefined });
  return pino(
    {
      level: options.level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      mixin: () => {
        const context = currentContext();
        return context ? { correlationId: context.correlationId, actor: context.actor.id } : {};
      },
      redact: ['*.password', '*.secret', '*.token', 'req.headers.authorization'],
    },
    destination,
  );
}

/** Lets the framework's own lines go the same way. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}
  log(message: unknown, context?: unknown) {
    this.logger.debug({ context }, String(message));
  }
  error(message: unknown, ...rest: unknown[]) {
    this.logger.error({ detail: rest }, String(message));
  }
  warn(message: unknown, context?: unknown) {
    this.logger.warn({ context }, String(message));
  }
  debug(message: unknown, context?: unknown) {
    this.logger.trace({ context }, String(message));
  }
  verbose(message: unknown, context?: unknown) {
    this.logger.trace({ context }, String(message));
  }
}
