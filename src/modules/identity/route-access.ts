import type { INestApplicationContext } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ACCESS, type Access } from './access.decorators.js';

export interface RouteAccess {
  /** `SitesController.list` */
  route: string;
  access: Access | undefined;
}

/** Every route of every controller, with who may call it. */
export function listRouteAccess(app: INestApplicationContext): RouteAccess[] {
  const scanner = new MetadataScanner();
  const found = new Map<string, RouteAccess>();
  for (const module of app.get(ModulesContainer, { strict: false }).values())
    for (const { metatype } of module.controllers.values()) {
      if (typeof metatype !== 'function') continue;
      const prototype = metatype.prototype as Record<string, unknown>;
      for (const name of scanner.getAllMethodNames(prototype)) {
        const handler = prototype[name];
        if (typeof handler !== 'function') continue;
        if (!Reflect.hasMetadata(PATH_METADATA, handler) || !Reflect.hasMetadata(METHOD_METADATA, handler))
          continue;
        const route = `${metatype.name}.${name}`;
        const access = (Reflect.getMetadata(ACCESS, handler) ?? Reflect.getMetadata(ACCESS, metatype)) as
          Access | undefined;
        found.set(route, { route, access });
      }
    }
  return [...found.values()];
}

/** Stops the start-up when a route says nothing of who may call it: such a route is a mistake, not a choice. */
export function assertAllRoutesDeclareAccess(app: INestApplicationContext): void {
  const undeclared = listRouteAccess(app).filter(({ access }) => !access);
  if (undeclared.length > 0)
    throw new Error(
      `Routes with neither @Public() nor @RequirePermission(): ${undeclared.map(({ route }) => route).join(', ')}`,
    );
}
