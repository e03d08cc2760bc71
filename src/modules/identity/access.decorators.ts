import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblems } from '../../common/http/api-docs.js';
import type { Actor } from './actor.js';
import type { Permission } from './permissions.js';

export const ACCESS = 'phu-song:access';
export type Access = { public: true } | { public: false; permission: Permission };

/** Anyone may call this route. */
export const Public = () =>
  applyDecorators(SetMetadata<string, Access>(ACCESS, { public: true }), ApiExtension('x-public', true));

/** Only actors with this permission may call this route; a route with neither decorator stops the start-up. */
export const RequirePermission = (permission: Permission) =>
  applyDecorators(
    SetMetadata<string, Access>(ACCESS, { public: false, permission }),
    ApiExtension('x-permission', permission),
    ApiBearerAuth(),
    ApiSecurity('apiKey'),
    ...(permission === 'media:read' ? [ApiBasicAuth()] : []),
    ApiProblems(401, 403),
  );

export interface RequestWithActor extends FastifyRequest {
  actor?: Actor;
}

/** The actor of the request; only on routes that are not public. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<RequestWithActor>();
  if (!actor) throw new Error('CurrentActor is used on a public route');
  return actor;
});
