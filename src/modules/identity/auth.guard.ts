import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyReply } from 'fastify';
import { setActor } from '../../common/context/request-context.js';
import { Problem } from '../../common/http/problem.js';
import { ACCESS, type Access, type RequestWithActor } from './access.decorators.js';
import { Authenticator } from './authenticator.js';

/** Stands before every route. Closed by default: a route that says nothing of who may call it is nobody's. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authenticator: Authenticator,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const access = this.reflector.getAllAndOverride<Access | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (!access)
      throw Problem.forbidden(
        { en: 'Nobody may call this.', vi: 'Không ai được gọi địa chỉ này.' },
        'ACCESS_NOT_DECLARED',
      );
    const http = context.switchToHttp();
    const request = http.getRequest<RequestWithActor>();
    if (access.public && !(access.identifies && showsCredential(request))) return true;

    const acceptDevices = !access.public && access.permission === 'media:read';
    const apiKey = request.headers['x-api-key'];
    const shown = {
      authorization: request.headers.authorization,
      apiKey: Array.isArray(apiKey) ? apiKey[0] : apiKey,
    };
    const actor = await this.authenticator.authenticate(shown, acceptDevices).catch((error: unknown) => {
      if (error instanceof Problem && error.status === 401)
        void http
          .getResponse<FastifyReply>()
          .header('www-authenticate', acceptDevices ? 'Bearer, Basic realm="phu-song"' : 'Bearer');
      throw error;
    });
    request.actor = actor;
    setActor({ kind: actor.kind, id: actor.id, name: actor.name });
    if (!access.public && !actor.permissions.has(access.permission))
      throw Problem.forbidden({
        en: `This needs the permission ${access.permission}.`,
        vi: `Thao tác này cần quyền ${access.permission}.`,
      });
    return true;
  }
}

const showsCredential = ({ headers }: RequestWithActor) =>
  headers.authorization !== undefined || headers['x-api-key'] !== undefined;
