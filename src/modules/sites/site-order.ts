import { Problem } from '../../common/http/problem.js';
import { CODE_KEY, cursorParts, NUMBER_KEY } from './site-cursor.js';
import { Parameters, placeSql, type SiteFilter } from './site-filter.js';

export const SITE_SORT_KEYS = ['code', 'name', 'updatedAt', 'distance'] as const;
type SortKey = (typeof SITE_SORT_KEYS)[number];

/** As it is asked for: `name`, or `-name` for the other way round. */
export const SITE_SORTS = SITE_SORT_KEYS.flatMap((key) => [key, `-${key}` as const]);
export type SiteSort = SortKey | `-${SortKey}`;

/** How a key is ordered, written into a cursor, and read back out of one. */
interface Key {
  order: string;
  text: string;
  read: (given: string) => string;
  right: RegExp;
}

export interface SiteOrder {
  orderBy: string;
  /** Expression of the key as it stands in a cursor. */
  key: string;
  /** What lies after the cursor; `true` on the first page. */
  after: string;
  /** The cursor's content of a row: names the order too, so that no cursor is used with another. */
  cursorOf: (row: { sortKey: string; code: string }) => string;
}

/** Order of a list of `sites s`; equal keys are in the order of their codes, so that pages neither miss nor repeat a site. */
export function siteOrder(
  sort: SiteSort,
  near: SiteFilter['near'],
  cursor: string | undefined,
  p: Parameters,
): SiteOrder {
  const down = sort.startsWith('-');
  const name = (down ? sort.slice(1) : sort) as SortKey;
  const key = keyOf(name, near, p);
  const direction = down ? 'desc' : 'asc';
  const last = cursorParts(cursor, [new RegExp(`^${sort}$`), key.right, CODE_KEY]);
  return {
    orderBy: name === 'code' ? `s.code ${direction}` : `${key.order} ${direction}, s.code ${direction}`,
    key: key.text,
    after:
      last === undefined
        ? 'true'
        : `(${key.order}, s.code) ${down ? '<' : '>'} (${key.read(p.bind(last[1], 'text'))}, ${p.bind(last[2], 'text')})`,
    cursorOf: ({ sortKey, code }) => JSON.stringify([sort, sortKey, code]),
  };
}

function keyOf(name: SortKey, near: SiteFilter['near'], p: Parameters): Key {
  const text = (order: string): Key => ({ order, text: order, read: (given) => given, right: /^[^\0]*$/ });
  switch (name) {
    case 'code':
      return text('s.code');
    case 'name':
      return text('fold_text(s.name)');
    case 'updatedAt':
      return {
        order: 's.updated_at',
        // Whole microseconds, which is what the column holds.
        text: `(extract(epoch from s.updated_at) * 1000000)::bigint::text`,
        read: (given) => `(timestamptz 'epoch' + ${given}::bigint * interval '1 microsecond')`,
        right: /^\d{1,16}$/,
      };
    case 'distance': {
      if (!near)
        throw Problem.invalidField('sort', 'NEAR', {
          en: 'sort by distance needs near=lon,lat',
          vi: 'sắp theo khoảng cách cần near=kinh độ,vĩ độ',
        });
      const order = `st_distance(s.position, ${placeSql(near, p)})`;
      return {
        order,
        text: `${order}::text`,
        read: (given) => `${given}::float8`,
        right: NUMBER_KEY,
      };
    }
  }
}
