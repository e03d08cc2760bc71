import type { FastifyRequest } from 'fastify';

export interface Link {
  href: string;
  rel: string;
  type: string;
  title?: string;
}

export const GEOJSON = 'application/geo+json';
const OPENAPI = 'application/vnd.oai.openapi+json;version=3.0';
const JSON_TYPE = 'application/json';
const SCHEMA = 'application/schema+json';
const HOST = /^[A-Za-z0-9.:[\]-]{1,255}$/;

/** Where the caller reached us; links lead there again, behind whichever proxy. */
export function rootOf(request: FastifyRequest): string {
  const host = HOST.test(request.host) ? request.host : 'localhost';
  return `${request.protocol}://${host}/api/v1`;
}

const json = (href: string, rel: string, title?: string): Link => ({
  href,
  rel,
  type: JSON_TYPE,
  ...(title === undefined ? {} : { title }),
});

export function landingLinks(root: string): Link[] {
  return [
    json(`${root}/ogc`, 'self', 'This document'),
    {
      href: `${root}/ogc/api`,
      rel: 'service-desc',
      type: OPENAPI,
      title: 'These collections (OpenAPI 3.0)',
    },
    {
      href: `${root}/openapi.json`,
      rel: 'describedby',
      type: 'application/json',
      title: 'The whole API (OpenAPI 3.1)',
    },
    {
      href: `${root.replace(/\/v1$/, '')}/docs`,
      rel: 'service-doc',
      type: 'text/html',
      title: 'The API, to read',
    },
    json(`${root}/ogc/conformance`, 'conformance', 'What of the standards is there'),
    json(`${root}/ogc/collections`, 'data', 'Collections'),
  ];
}

export function collectionLinks(root: string, id: string, self = 'self'): Link[] {
  const here = `${root}/ogc/collections/${id}`;
  return [
    json(here, self),
    { href: `${here}/items`, rel: 'items', type: GEOJSON },
    { href: `${here}/schema`, rel: 'describedby', type: SCHEMA },
    { href: `${here}/queryables`, rel: 'http://www.opengis.net/def/rel/ogc/1.0/queryables', type: SCHEMA },
  ];
}

/** `query` is that of the request. */
export function itemsLinks(
  root: string,
  id: string,
  query: Readonly<Record<string, unknown>>,
  nextCursor: string | null,
): Link[] {
  const here = `${root}/ogc/collections/${id}`;
  const address = (cursor: string | undefined) => {
    const parameters = new URLSearchParams();
    for (const [name, value] of Object.entries(query))
      if (typeof value === 'string' && name !== 'cursor') parameters.set(name, value);
    if (cursor !== undefined) parameters.set('cursor', cursor);
    const text = parameters.toString();
    return `${here}/items${text === '' ? '' : `?${text}`}`;
  };
  const own = typeof query.cursor === 'string' ? query.cursor : undefined;
  return [
    { href: address(own), rel: 'self', type: GEOJSON },
    ...(nextCursor === null ? [] : [{ href: address(nextCursor), rel: 'next', type: GEOJSON }]),
    json(here, 'collection'),
  ];
}

export function featureLinks(root: string, collection: string, id: string): Link[] {
  const here = `${root}/ogc/collections/${collection}`;
  return [
    { href: `${here}/items/${encodeURIComponent(id)}`, rel: 'self', type: GEOJSON },
    json(here, 'collection'),
  ];
}
