import { randomUUID } from 'node:crypto';
import type { Progress } from '../src/console/progress.js';
import { textTable } from '../src/console/table.js';
import { measure, type Percentiles } from './measure.js';
import { openWorld, type World } from './world.js';

const CLUSTERS = 120;
const PLAYS_A_DAY = 4;
/** A report is of one month of all that is kept. */
const MONTHS = Number(process.env.BENCH_MONTHS ?? 12);
const TIMES = Number(process.env.BENCH_TIMES ?? 30);
const TARGET_MS = 1_000;
const SHA256 = 'a'.repeat(64);

interface ReportResult {
  report: string;
  bare: Percentiles;
  http: Percentiles;
  ok: boolean;
}

/** A month of 120 clusters with four plays a day: each report over HTTP, beside counting the same plays in SQL. */
export async function reports(progress: Progress): Promise<object> {
  const world = await openWorld();
  try {
    progress.done(`reports on ${world.database}`);
    progress.doing(`${CLUSTERS} clusters, ${PLAYS_A_DAY} plays a day, ${MONTHS} months`);
    const plays = await fill(world);
    progress.done(`${plays} plays kept`);
    const bare = () =>
      world.dataSource.query(
        `select d.area_id, d.state, count(*) from occurrences o join deliveries d on d.occurrence_id = o.id
          where o.starts_at >= '2026-02-28T17:00:00Z' and o.starts_at < '2026-03-31T17:00:00Z' group by 1, 2`,
      );
    const asked: Record<string, string> = {
      'by unit': 'reports/plays?month=2026-03',
      'by unit of another day': 'reports/plays?month=2026-03&unitsOn=2026-01-01',
      'by unit, programme': 'reports/plays?month=2026-03&groupBy=unit,programme',
      'by cluster': 'reports/plays?month=2026-03&groupBy=cluster',
      'page to print, by cluster': 'reports/plays/page?month=2026-03&groupBy=unit,cluster',
      'XLSX, by cluster': 'reports/plays/file?month=2026-03&groupBy=unit,cluster&format=xlsx',
      '1,000 plays': 'reports/plays/records?month=2026-03&limit=1000',
      'every play, CSV': 'reports/plays/records/file?month=2026-03',
    };
    const results: ReportResult[] = [];
    for (const [report, url] of Object.entries(asked)) {
      progress.doing(report);
      const taken = await measure(TIMES, () => ({ bare, http: () => world.http('GET', url) }));
      results.push({ report, ...taken, ok: taken.http.p99Ms <= TARGET_MS });
    }
    progress.done('all reports asked');
    progress.say(table(results));
    return { database: world.database, plays, times: TIMES, targetMs: TARGET_MS, reports: results };
  } finally {
    await world.stop();
  }
}

/** Broadcasts of four programmes; nine of ten plays are heard to the end. Returns how many plays there are. */
async function fill({ dataSource }: World): Promise<number> {
  const programmes = Array.from({ length: PLAYS_A_DAY }, () => randomUUID());
  await dataSource.query(
    `insert into clusters (id, name, position, area_id)
     select 'bench-' || n, 'Cụm loa ' || n, st_pointonsurface(a.boundary::geometry)::geography, a.id
       from generate_series(1, $1::int) n
       join (select id, boundary, row_number() over (order by code) as nr, count(*) over () as count from areas
              where kind = 'commune' and valid_to is null) a on a.nr = n % a.count + 1`,
    [CLUSTERS],
  );
  await dataSource.query(
    `insert into media_assets (sha256, title, bytes, duration_s, codec, content_type, sample_rate_hz, channels, source,
                               created_at, created_by)
     values ($1, 'Bench', 1, 900, 'mp3', 'audio/mpeg', 48000, 1, 'UPLOAD', now(), 'bench')`,
    [SHA256],
  );
  await dataSource.query(
    `insert into programmes (id, title, class, state, area_id, items, on_interrupt, on_overrun, authors, created_by,
                             created_at, updated_by, updated_at)
     select p, 'Bản tin ' || p, 'NORMAL', 'DONE', (select id from areas where kind = 'province' limit 1), '[]', 'RESUME', 'CUT',
            '[]', 'bench', now(), 'bench', now() from unnest($1::uuid[]) p`,
    [programmes],
  );
  await dataSource.query(
    `with made as (
       select gen_random_uuid() as id, gen_random_uuid() as occurrence_id, $2::uuid[] as programmes, slot,
              timestamptz '2026-03-31T17:00:00Z' - day * interval '1 day' + slot * interval '4 hours' as starts_at
         from generate_series(1, $1::int) day, generate_series(1, $3::int) slot),
     broadcast as (
       insert into broadcasts (id, title, class, sha256, repeat, on_interrupt, target, state, created_at, created_by,
                               settled_at, approved_by, approved_at)
       select id, 'Bản tin', 'NORMAL', $4, 1, 'RESUME', '{"all": true}', 'DONE', starts_at, 'system', starts_at, 'bench',
              starts_at from made),
     occurrence as (
       insert into occurrences (id, broadcast_id, starts_at, over_by, planned_at)
       select occurrence_id, id, starts_at, starts_at + interval '30 minutes', starts_at from made)
     insert into programme_occurrences (programme_id, recurrence_id, starts_at, broadcast_id, state, content_hash, changed_at)
     select programmes[slot], starts_at::text, starts_at, id, 'PLANNED', 'x', starts_at from made`,
    [Math.round((MONTHS * 365) / 12), programmes, PLAYS_A_DAY, SHA256],
  );
  await dataSource.query(
    `insert into deliveries (play_id, broadcast_id, occurrence_id, cluster_id, area_id, not_after, state, settled,
                             planned_at, started_at, finished_at, ended_at, sha256_played, volume_percent, clock_synced,
                             clock_offset_ms, last_word_at, evidence)
     select gen_random_uuid(), o.broadcast_id, o.id, c.id, c.area_id, o.starts_at + interval '5 minutes',
            case when heard then 'FINISHED' else 'UNKNOWN' end, true, o.starts_at - interval '1 day',
            case when heard then o.starts_at end, case when heard then o.starts_at + interval '15 minutes' end,
            case when heard then o.starts_at + interval '15 minutes' end, case when heard then $1 end,
            case when heard then 70 end, true, 12, o.starts_at, jsonb_build_object('padding', repeat('x', 600))
       from occurrences o cross join clusters c
      cross join lateral (select hashtext(c.id || o.id::text) % 10 <> 0 as heard) chance`,
    [SHA256],
  );
  await dataSource.query('analyze');
  const [row] = await dataSource.query<{ count: number }[]>(`select count(*)::int as count from deliveries`);
  return row?.count ?? 0;
}

function table(results: readonly ReportResult[]): string {
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  return textTable(
    [`a month's report (target ${TARGET_MS} ms)`, 'counting in SQL p50', 'over HTTP p50', 'p99', ''],
    results.map(({ report, bare, http, ok }) => [
      report,
      ms(bare.p50Ms),
      ms(http.p50Ms),
      ms(http.p99Ms),
      ok ? 'ok' : 'slow',
    ]),
  );
}
