import type { Progress } from '../src/console/progress.js';
import { textTable } from '../src/console/table.js';
import { HistoryReader } from '../src/modules/audit/history.reader.js';
import { COLLECTIONS } from '../src/modules/open-data/domain/collection.js';
import { TilesService } from '../src/modules/open-data/tiles.service.js';
import { type SiteInput, SitesWriter } from '../src/modules/sites/index.js';
import { SitesReader } from '../src/modules/sites/sites.reader.js';
import { measure, type Percentiles, randoms } from './measure.js';
import { openWorld, type World } from './world.js';

/** Fewer, where there is less time: `BENCH_SITES=1070 BENCH_TIMES=50`. */
const COUNTS = (process.env.BENCH_SITES ?? '1070,50000').split(',').map(Number);
const TIMES = Number(process.env.BENCH_TIMES ?? 300);
const BATCH = 1_000;
/** Of the product's p99 to that of the bare SQL. */
const TARGET = 2;

interface QueryResult {
  sites: number;
  query: string;
  bare: Percentiles;
  product: Percentiles;
  http: Percentiles;
  ratioP99: number;
  ok: boolean;
}
interface ImportResult {
  sites: number;
  productRowsPerS: number;
  unnestRowsPerS: number;
}

/** List, bbox, nearest, polygon, tile and as-of queries against the bare SQL of the same question, and imports. */
export async function register(progress: Progress): Promise<object> {
  const world = await openWorld();
  try {
    progress.done(`the register on ${world.database}`);
    const rows = await generated(world, Math.max(...COUNTS));
    const imports: ImportResult[] = [];
    const queries: QueryResult[] = [];
    let stored = 0;
    for (const count of COUNTS) {
      imports.push(await load(world, rows.slice(stored, count), progress));
      stored = count;
      await world.dataSource.query('analyze');
      for (const [query, ways] of Object.entries(questions(world, rows.slice(0, count)))) {
        progress.doing(`${query} among ${count} sites`);
        const { bare, product, http } = await measure(TIMES, ways);
        const ratioP99 = product.p99Ms / bare.p99Ms;
        queries.push({ sites: count, query, bare, product, http, ratioP99, ok: ratioP99 <= TARGET });
      }
      progress.done(`${count} sites asked`);
    }
    progress.say(table(queries, imports));
    return { database: world.database, times: TIMES, targetRatioP99: TARGET, queries, imports };
  } finally {
    await world.stop();
  }
}

/** Sites all over the communes. */
async function generated(world: World, count: number): Promise<SiteInput[]> {
  const places = await world.dataSource.query<{ lon: number; lat: number }[]>(
    `with communes as (select boundary::geometry as g, count(*) over () as n from areas where kind = 'commune' and boundary is not null)
     select st_x(p) as lon, st_y(p) as lat
       from (select (st_dump(st_generatepoints(g, ($1 / n + 1)::int, 7))).geom as p from communes) as points
      order by md5(st_astext(p)) limit $1`,
    [count],
  );
  const operator = (nr: number) => world.operators[nr % world.operators.length] ?? 'viettel';
  return places.map(({ lon, lat }, nr) => ({
    code: `BENCH-${String(nr).padStart(6, '0')}`,
    name: `Trạm số ${nr}`,
    lon,
    lat,
    structure: 'ground_tower',
    structureHeightM: 30 + (nr % 40),
    ownerCode: operator(nr),
    tenantCodes: [operator(nr)],
    lifecycle: 'active',
    cells: [0, 120, 240].map((azimuthDeg, i) => ({
      code: `${nr}-${i}`,
      operatorCode: operator(nr),
      technology: '4G' as const,
      frequencyMhz: 1_800,
      azimuthDeg,
    })),
  }));
}

async function load(world: World, rows: SiteInput[], progress: Progress): Promise<ImportResult> {
  const writer = world.app.get(SitesWriter);
  const perS = (startedAt: number) => Math.round(rows.length / ((performance.now() - startedAt) / 1000));
  let startedAt = performance.now();
  for (let from = 0; from < rows.length; from += BATCH) {
    await writer.importSites(rows.slice(from, from + BATCH));
    progress.doing(`${from + BATCH} of ${rows.length} sites imported`);
  }
  const productRowsPerS = perS(startedAt);
  await world.dataSource.query('create table bench_sites (like sites including all)');
  startedAt = performance.now();
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    await world.dataSource.query(
      `insert into bench_sites (code, name, position, structure, structure_height_m, owner_code, tenant_codes, lifecycle, confidence)
       select code, name, st_setsrid(st_makepoint(lon, lat), 4326)::geography, 'ground_tower', height, owner, array[owner], 'active', 'confirmed'
         from unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::float8[], $6::text[])
              as r(code, name, lon, lat, height, owner)`,
      [
        batch.map(({ code }) => code),
        batch.map(({ name }) => name),
        batch.map(({ lon }) => lon),
        batch.map(({ lat }) => lat),
        batch.map(({ structureHeightM }) => structureHeightM),
        batch.map(({ ownerCode }) => ownerCode),
      ],
    );
  }
  const unnestRowsPerS = perS(startedAt);
  await world.dataSource.query('drop table bench_sites');
  progress.done(`${rows.length} sites imported`);
  return { sites: rows.length, productRowsPerS, unnestRowsPerS };
}

type Ways = (nr: number) => Record<'bare' | 'product' | 'http', () => Promise<unknown>>;

/** The columns of a list, with the commune and what the cells carry, in the plainest SQL there is. */
const BARE = `select s.*, st_x(s.position::geometry) as lon, st_y(s.position::geometry) as lat, commune.*, carried.*
  from sites s
  left join lateral (select a.id as commune_id, a.code as commune_code, a.full_name from areas a
                      where a.kind = 'commune' and a.valid_from <= current_date
                        and (a.valid_to is null or a.valid_to > current_date)
                        and st_covers(a.boundary::geometry, s.position::geometry) limit 1) as commune on true
  left join lateral (select count(*), array_agg(distinct c.technology) from cells c where c.site_id = s.id) as carried on true`;

function questions(world: World, rows: readonly SiteInput[]): Record<string, Ways> {
  const { app, dataSource, http } = world;
  const [sites, tiles, history] = [app.get(SitesReader), app.get(TilesService), app.get(HistoryReader)];
  const collection = COLLECTIONS.find(({ id }) => id === 'sites');
  if (!collection) throw new Error('there is no collection of sites');
  const random = randoms(7);
  const spots = Array.from({ length: 1_000 }, () => rows[Math.floor(random() * rows.length)] as SiteInput);
  const spot = (nr: number) => spots[nr % spots.length] as SiteInput;
  const bare = (sql: string, values: unknown[]) => () => dataSource.query<unknown[]>(sql, values);
  const limit = 50;
  return {
    list: () => ({
      bare: bare(`${BARE} order by s.code limit $1`, [limit + 1]),
      product: () => sites.list({ limit, sort: 'code' }),
      http: () => http('GET', `sites?limit=${limit}`),
    }),
    bbox: (nr) => {
      const { lon, lat } = spot(nr);
      const [west, south, east, north] = [lon - 0.03, lat - 0.03, lon + 0.03, lat + 0.03];
      return {
        bare: bare(
          `${BARE} where s.position::geometry && st_makeenvelope($1, $2, $3, $4, 4326) order by s.code limit $5`,
          [west, south, east, north, limit + 1],
        ),
        product: () => sites.list({ limit, bbox: { west, south, east, north } }),
        http: () => http('GET', `sites?limit=${limit}&bbox=${[west, south, east, north].join(',')}`),
      };
    },
    nearest: (nr) => {
      const { lon, lat } = spot(nr);
      return {
        bare: bare(
          `${BARE} order by s.position <-> st_setsrid(st_makepoint($1, $2), 4326)::geography limit 10`,
          [lon, lat],
        ),
        product: () => sites.nearest({ near: { lon, lat } }, 10),
        http: () => http('GET', `sites/nearest?lon=${lon}&lat=${lat}&k=10`),
      };
    },
    polygon: (nr) => {
      const ring = octagon(spot(nr));
      return {
        bare: bare(
          `${BARE} where st_covers(st_setsrid(st_geomfromgeojson($1), 4326), s.position::geometry) order by s.code limit $2`,
          [JSON.stringify({ type: 'Polygon', coordinates: [ring] }), limit + 1],
        ),
        product: () => sites.list({ limit, polygon: { type: 'MultiPolygon', coordinates: [[ring]] } }),
        http: () =>
          http('POST', 'sites/search', { limit, polygon: { type: 'Polygon', coordinates: [ring] } }),
      };
    },
    tile: (nr) => {
      const [z, x, y] = tileAt(spot(nr), 12);
      return {
        bare: bare(
          // What the tile is made of, not the tile: not every PostGIS has been built with what ST_AsMVT needs.
          `select s.code, s.name, st_asbinary(st_transform(s.position::geometry, 3857)) as place from sites s
            where s.position::geometry && st_transform(st_tileenvelope($1, $2, $3), 4326)`,
          [z, x, y],
        ),
        product: () => tiles.tile(collection, z, x, y),
        http: () => http('GET', `tiles/sites/${z}/${x}/${y}.mvt`),
      };
    },
    'as of': (nr) => asOf(world, history, spot(nr).code),
  };
}

function asOf({ dataSource, http }: World, history: HistoryReader, code: string): ReturnType<Ways> {
  const time = new Date().toISOString();
  // Only the first way pays for finding the id; it is the same for each.
  const id = dataSource
    .query<{ id: string }[]>('select id from sites where code = $1', [code])
    .then(([found]) => found?.id ?? '');
  return {
    bare: async () =>
      dataSource.query<unknown[]>(
        `select after, at, actor_name, reason from audit_entries
          where resource = 'site' and resource_id = $1 and at <= $2 order by at desc, id desc limit 1`,
        [await id, time],
      ),
    product: async () => history.at('site', await id, time),
    http: async () => http('GET', `history/site/${await id}/at?time=${encodeURIComponent(time)}`),
  };
}

function octagon({ lon, lat }: SiteInput): [number, number][] {
  const corners = Array.from({ length: 8 }, (_, i): [number, number] => [
    lon + 0.03 * Math.cos((i * Math.PI) / 4),
    lat + 0.03 * Math.sin((i * Math.PI) / 4),
  ]);
  return [...corners, corners[0] as [number, number]];
}

function tileAt({ lon, lat }: SiteInput, z: number): [number, number, number] {
  const phi = (lat * Math.PI) / 180;
  const y = (1 - Math.log(Math.tan(phi) + 1 / Math.cos(phi)) / Math.PI) / 2;
  return [z, Math.floor(((lon + 180) / 360) * 2 ** z), Math.floor(y * 2 ** z)];
}

function table(queries: readonly QueryResult[], imports: readonly ImportResult[]): string {
  const both = ({ p50Ms, p99Ms }: Percentiles) => `${p50Ms.toFixed(1)} / ${p99Ms.toFixed(1)}`;
  const asked = queries.map(({ sites, query, bare, product, http, ratioP99, ok }) => [
    `${query}, ${sites} sites`,
    both(bare),
    both(product),
    both(http),
    ratioP99.toFixed(2),
    ok ? 'ok' : 'missed',
  ]);
  const loaded = imports.map(({ sites, productRowsPerS, unnestRowsPerS }) => [
    `${sites} sites`,
    String(productRowsPerS),
    String(unnestRowsPerS),
    (unnestRowsPerS / productRowsPerS).toFixed(1),
  ]);
  return [
    textTable(['p50 / p99 in ms', 'bare SQL', 'product', 'HTTP', 'p99 ratio', `≤ ${TARGET}`], asked),
    '',
    textTable(['import, rows per second', 'product', 'bare unnest', 'times'], loaded),
  ].join('\n');
}
