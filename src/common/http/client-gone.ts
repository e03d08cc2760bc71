import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Problem } from './problem.js';

/** A signal that aborts when the caller hangs up before the answer is sent. */
export const ClientGone = createParamDecorator((_: unknown, context: ExecutionContext): AbortSignal => {
  const { raw } = context.switchToHttp().getResponse<FastifyReply>();
  const gone = new AbortController();
  const leave = (): void => {
    if (!raw.writableFinished) gone.abort();
  };
  if (raw.closed) leave();
  else raw.once('close', leave);
  return gone.signal;
});

/** Ends the work for somebody who has hung up. Nobody reads it, but for the log: 499 is what proxies write there. */
export function clientGone(): Problem {
  return new Problem(499, 'CLIENT_GONE', {
    en: 'The caller hung up before the answer was ready.',
    vi: 'Bên gọi đã ngắt kết nối trước khi có kết quả.',
  });
}
