import { parse } from 'node:querystring';

/**
 * Reads a query. Parameters with a dot in their name stand together under what is before the dot (`size.min=3` is
 * `{size: {min: '3'}}`), so that a route can let in names that are not known beforehand and every other route refuses them.
 */
export function parseQuery(text: string): Record<string, unknown> {
  const query: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  const groups = new Map<string, Record<string, unknown>>();
  for (const [name, value] of Object.entries(parse(text))) {
    const dot = name.indexOf('.');
    if (dot <= 0) {
      query[name] = value;
      continue;
    }
    const group = groups.get(name.slice(0, dot)) ?? (Object.create(null) as Record<string, unknown>);
    group[name.slice(dot + 1)] = value;
    groups.set(name.slice(0, dot), group);
  }
  for (const [name, group] of groups) query[name] = name in query ? [query[name], group] : group;
  return query;
}
