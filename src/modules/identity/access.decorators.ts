import { applyDecorators, createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import { ApiBasicAuth, ApiBearerAuth, ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblems } from '../../common/http/api-docs.js';
import type { Actor } from './actor.js';
import type { Permission } from './permissions.js';

export const ACCESS = 'phu-song:access';
export type Access = { public: true; identifies?: boolean } | { public: false; permission: Permission };

/** Anyone may call this route. */
export const Public = () =>
  applyDecorators(SetMetadata<string, Access>(ACCESS, { public: true }), ApiExtension('x-public', true));

/**
 * Anyone may call this route, and the answer depends on who does: the route asks `OptionalActor` and refuses for itself.
 * A credential that is shown must be good.
 */
export const PublicWithActor = () =>
  applyDecorators(
    SetMetadata<string, Access>(ACCESS, { public: true, identifies: true }),
    ApiExtension('x-public', true),
    ApiBearerAuth(),
    ApiSecurity('apiKey'),
    ApiProblems(401, 403),
  );

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

/** The actor of a request that may come without one. */
export const OptionalActor = createParamDecorator(
  (_: unknown, context: ExecutionContext): Actor | undefined =>
    context.switchToHttp().getRequest<RequestWithActor>().actor,
);
