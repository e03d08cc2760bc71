import type { Progress } from '../src/console/progress.js';
import { textTable } from '../src/console/table.js';
import type { ImportDto } from '../src/modules/exchange/imports.dto.js';
import { type Cost, costOf, memoryMb, ServerProcess } from './server-process.js';
import { openWorld, type World } from './world.js';

/** As many as `BENCH_ROWS` says. */
const ROWS = Number(process.env.BENCH_ROWS ?? 100_000);
/** Of one import; the target is a minute. */
const MOST_MS = 8 * 60_000;
const TARGET = { wallS: 60, peakMb: 300 };

interface Row {
  code: string;
  name: string;
  lat: number;
  lon: number;
  commune: string;
  address: string;
  height: number;
  owner: string;
}
interface Step extends Cost {
  step: string;
  rows: number;
  rowsPerS: number;
}

/** A file of sites by HTTP, as a planner sends it: checked, applied, told of in the audit trail, and ready to be taken back. */
export async function importFile(progress: Progress): Promise<object> {
  const world = await openWorld();
  try {
    const { databaseUrl, dataSource } = world;
    if (databaseUrl === undefined)
      throw new Error('this part measures a server on PostgreSQL: give its address as BENCH_DATABASE_URL');
    progress.done(`an import of ${ROWS} rows on ${world.database}`);
    const rows = await generated(world);
    const server = await ServerProcess.start(databaseUrl, world.folder, world.password);
    try {
      const restMb = memoryMb(server.pid, 'VmRSS');
      const steps: Step[] = [];
      const measured = async (step: string, work: () => Promise<void>): Promise<void> => {
        progress.doing(step);
        const cost = await costOf(server, dataSource, work, restMb);
        steps.push({ step, rows: ROWS, ...cost, rowsPerS: Math.round(ROWS / cost.wallS) });
        progress.done(step);
      };
      let last = '';
      const sends = (file: string, expected: object) => async (): Promise<void> => {
        last = await send(server, file, expected);
      };
      const file = csv(rows);
      await measured('all new', sends(file, { created: ROWS }));
      await measured('the same file again', sends(file, { unchanged: ROWS }));
      const higher = csv(rows.map((row) => ({ ...row, height: row.height + 1 })));
      await measured('one column changed', sends(higher, { updated: ROWS }));
      await measured('taken back', async () => void (await server.ask('POST', `imports/${last}/undo`)));
      const unnestS = await bareInsert(world, rows);
      progress.say(table(steps, restMb, unnestS));
      return { database: world.database, target: TARGET, restMb, steps, unnestS };
    } finally {
      await server.stop();
    }
  } finally {
    await world.stop();
  }
}

/** Sites all over the communes, each of which is named. */
async function generated(world: World): Promise<Row[]> {
  const places = await world.dataSource.query<{ lon: number; lat: number; commune: string }[]>(
    `with communes as (select full_name, boundary::geometry as g, count(*) over () as n from areas
                        where kind = 'commune' and boundary is not null and valid_to is null)
     select round(st_x(p)::numeric, 6)::float8 as lon, round(st_y(p)::numeric, 6)::float8 as lat, full_name as commune
       from (select full_name, (st_dump(st_generatepoints(st_buffer(g, -0.0005), ($1 / n + 1)::int, 7))).geom as p
               from communes) as points
      order by md5(st_astext(p)) limit $1`,
    [ROWS],
  );
  return places.map((place, nr) => ({
    ...place,
    code: `BENCH-${String(nr).padStart(6, '0')}`,
    name: `Trạm số ${nr}`,
    address: `Số ${nr % 400}, đường ${nr % 90}`,
    height: 30 + (nr % 40),
    owner: world.operators[nr % world.operators.length] ?? 'viettel',
  }));
}

function csv(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ code, name, lat, lon, commune, address, height, owner }) =>
      `${code},${name},${lat},${lon},${commune},"${address}",Cột tự đứng,${height},${owner},${owner},Cáp quang,3 pha`,
  );
  const heading =
    'Mã trạm,Tên trạm,Vĩ độ,Kinh độ,Xã phường,Địa chỉ,Loại cột,Độ cao cột (m),Chủ sở hữu,Nhà mạng dùng chung,Truyền dẫn,Nguồn điện';
  return [heading, ...lines].join('\r\n');
}

/** Gives the import's id when it has ended as it must. */
async function send(server: ServerProcess, file: string, expected: object): Promise<string> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ resource: 'sites', mode: 'apply', source: 'bench' }))
    form.set(name, value);
  form.set('file', new Blob([file]), 'sites.csv');
  const { id } = (await (await server.ask('POST', 'imports', form)).json()) as ImportDto;
  const run = await server.until(`the import ${id} ends`, MOST_MS, async () => {
    const now = (await (await server.ask('GET', `imports/${id}`)).json()) as ImportDto;
    return now.finishedAt === null ? undefined : now;
  });
  for (const [name, count] of Object.entries({ badRows: 0, ...expected }))
    if (run.state !== 'applied' || run.counts?.[name as 'rows'] !== count)
      throw new Error(`the import ended otherwise: ${JSON.stringify(run)}`);
  return id;
}

/** The same rows into a table like that of the sites, with its indexes, in one transaction. Gives the seconds it took. */
async function bareInsert({ dataSource }: World, rows: readonly Row[]): Promise<number> {
  await dataSource.query('create table bench_sites (like sites including all)');
  const startedAt = performance.now();
  await dataSource.transaction(async (manager) => {
    for (let from = 0; from < rows.length; from += 1_000) {
      const batch = rows.slice(from, from + 1_000);
      await manager.query(
        `insert into bench_sites (code, name, position, address, structure, structure_height_m, owner_code, tenant_codes, backhaul,
                                  power, lifecycle, confidence)
         select code, name, st_setsrid(st_makepoint(lon, lat), 4326)::geography, address, 'ground_tower', height, owner,
                array[owner], 'fibre', 'grid_three_phase', 'active', 'estimated'
           from unnest($1::text[], $2::text[], $3::float8[], $4::float8[], $5::text[], $6::float8[], $7::text[])
                as r(code, name, lon, lat, address, height, owner)`,
        (['code', 'name', 'lon', 'lat', 'address', 'height', 'owner'] as const).map((field) =>
          batch.map((row) => row[field]),
        ),
      );
    }
  });
  return (performance.now() - startedAt) / 1000;
}

function table(steps: readonly Step[], restMb: number, unnestS: number): string {
  const s = (value: number) => value.toFixed(1);
  const lines = steps.map(({ step, wallS, serverS, databaseS, peakMb, rowsPerS }) => [
    step,
    s(wallS),
    s(serverS),
    s(databaseS),
    s(serverS + databaseS),
    peakMb.toFixed(0),
    String(rowsPerS),
    wallS <= TARGET.wallS && peakMb <= TARGET.peakMb ? 'ok' : 'missed',
  ]);
  const verdict = `≤ ${TARGET.wallS} s, ${TARGET.peakMb} MB`;
  return [
    textTable(
      [
        `${ROWS} rows`,
        'wall s',
        'server s',
        'database s',
        'CPU s',
        `MB over ${restMb.toFixed(0)}`,
        'rows/s',
        verdict,
      ],
      lines,
    ),
    '',
    `Bare unnest into a copy of the table: ${s(unnestS)} s, ${Math.round(ROWS / unnestS)} rows/s. It writes nothing else; an`,
    'import also writes what it would change, the audit entry with before and after, the first step of each',
    'life cycle, and what it takes to take it back; and reads, checks and places each row first.',
  ].join('\n');
}
