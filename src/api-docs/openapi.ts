import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { REASON_MAX } from '../common/http/reason-header.js';

export const API_PREFIX = 'api/v1';

/** The OpenAPI 3.1 document of the running app; the same one is committed as docs/openapi.json and checked for drift. */
export function buildOpenApi(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Phủ Sóng')
    .setDescription(
      'Register of telecom infrastructure, coverage analysis and loudspeaker broadcasting of a province. ' +
        'Sign in at `/api/v1/auth/login` and send the access token as a bearer, or send an API key as `X-API-Key`. ' +
        'Errors are `application/problem+json` in English and Vietnamese.',
    )
    .setVersion('1')
    .addServer('/')
    .addBearerAuth()
    .addApiKey({ type: 'apiKey', in: 'header', name: 'X-API-Key' }, 'apiKey')
    .addBasicAuth({ type: 'http', scheme: 'basic', description: 'A cluster with its own credential' })
    .build();
  return asOpenApi31(withReason(SwaggerModule.createDocument(app, config))) as OpenAPIObject;
}

const REASON = {
  name: 'X-Reason',
  in: 'header' as const,
  required: false,
  description:
    "Why: kept with every change that the request makes. UTF-8, or `UTF-8''` and percent-encoded UTF-8 where a client " +
    'cannot send that.',
  schema: { type: 'string', maxLength: REASON_MAX },
  example: "UTF-8''%C4%90o%20l%E1%BA%A1i%20t%E1%BA%A1i%20hi%E1%BB%87n%20tr%C6%B0%E1%BB%9Dng",
};

/** Every route that changes something takes the reason for it. */
function withReason(document: OpenAPIObject): OpenAPIObject {
  for (const item of Object.values(document.paths))
    for (const operation of [item.post, item.put, item.patch, item.delete])
      if (operation && 'x-permission' in operation)
        operation.parameters = [...(operation.parameters ?? []), REASON];
  return document;
}

/** OpenAPI 3.1 is JSON Schema: `nullable` is gone, null is a type of its own. */
function asOpenApi31(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(asOpenApi31);
  if (typeof node !== 'object' || node === null) return node;
  const { nullable, ...rest } = Object.fromEntries(
    Object.entries(node as Record<string, unknown>).map(([key, value]) => [
      key,
      key === 'example' || key === 'examples' ? value : asOpenApi31(value),
    ]),
  );
  if (nullable !== true) return rest;
  if (typeof rest.type !== 'string') return { anyOf: [rest, { type: 'null' }] };
  const values: unknown[] | undefined = Array.isArray(rest.enum)
    ? [...(rest.enum as unknown[]), null]
    : undefined;
  return { ...rest, type: [rest.type, 'null'], ...(values ? { enum: values } : {}) };
}
