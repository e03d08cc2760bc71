import { randomUUID } from 'node:crypto';
import type { DeliveryState } from '../../src/modules/broadcasts/index.js';

export type Query = <T>(sql: string, parameters?: unknown[]) => Promise<T[]>;

export const ORDERED = 'a'.repeat(64);
export const OTHER = 'b'.repeat(64);

/** What was, of one play, at one cluster. */
export interface PlayFixture {
  clusterId: string;
  areaId: string;
  startsAt: string;
  state: DeliveryState;
  programmeId?: string | null;
  class?: 'NORMAL' | 'PRIORITY' | 'EMERGENCY';
  title?: string;
  sha256Played?: string | null;
  startedAt?: string | null;
  clockOffsetMs?: number | null;
  approvedBy?: string | null;
}

export interface ReportWorld {
  /** Ids of units by code; `province`, two old communes, and the one that both became. */
  units: { province: string; district: string; west: string; east: string; merged: string };
  programmes: { morning: string; evening: string };
}

/** The two communes became one on this day, and the district was given up. */
export const REFORM = '2025-04-01';

/** A province whose two communes were merged, three clusters in the west and two in the east, two programmes. */
export async function makeWorld(query: Query): Promise<ReportWorld> {
  const box = (west: number, east: number) =>
    `MULTIPOLYGON(((${west} 9.7,${east} 9.7,${east} 9.8,${west} 9.8,${west} 9.7)))`;
  const unit = async (code: string, kind: string, name: string, parent: string | null, more: object = {}) => {
    const { from, to, boundary } = { from: '2000-01-01', to: null, boundary: null, ...more };
    const [row] = await query<{ id: string }>(
      `insert into areas (code, kind, type, name, full_name, parent_id, valid_from, valid_to, boundary)
       values ($1, $2, 'x', $3, $3, $4, $5, $6, st_geogfromtext($7::text)) returning id`,
      [code, kind, name, parent, from, to, boundary],
    );
    return row!.id;
  };
  const province = await unit('93', 'province', 'Tỉnh Hậu Giang', null);
  const district = await unit('930', 'district', 'Thành phố Vị Thanh', province, { to: REFORM });
  const old = { to: REFORM };
  const west = await unit('31318', 'commune', 'Phường I', district, { ...old, boundary: box(105.4, 105.5) });
  const east = await unit('31321', 'commune', 'Phường III', district, {
    ...old,
    boundary: box(105.5, 105.6),
  });
  const merged = await unit('31338', 'commune', 'Phường Vị Thanh', province, {
    from: REFORM,
    boundary: box(105.4, 105.6),
  });
  await query(
    `insert into clusters (id, name, position, area_id)
     select 'loa-' || n, case n when 1 then '=HYPERLINK("http://x";"Cụm 1")' else 'Cụm loa ' || n end,
            st_setsrid(st_makepoint(case when n <= 3 then 105.45 else 105.55 end, 9.75), 4326)::geography, $1
       from generate_series(1, 5) n`,
    [merged],
  );
  for (const sha256 of [ORDERED, OTHER])
    await query(
      `insert into media_assets (sha256, title, bytes, duration_s, codec, content_type, sample_rate_hz, channels, source,
                                 created_at, created_by)
       values ($1, 'Tiếng', 1, 60, 'mp3', 'audio/mpeg', 48000, 1, 'UPLOAD', now(), 'test')`,
      [sha256],
    );
  const programme = async (title: string, areaId: string) => {
    const id = randomUUID();
    await query(
      `insert into programmes (id, title, class, state, area_id, items, on_interrupt, on_overrun, authors, created_by,
                               created_at, updated_by, updated_at)
       values ($1, $2, 'NORMAL', 'DONE', $3, '[]', 'RESUME', 'CUT', '[]', 'test', now(), 'test', now())`,
      [id, title, areaId],
    );
    return id;
  };
  const programmes = {
    morning: await programme('Bản tin sáng', west),
    evening: await programme('+Bản tin <chiều>', province),
  };
  return { units: { province, district, west, east, merged }, programmes };
}

/** Each as a broadcast of its own, but for those of one programme at one time, which are one. Returns the ids of the plays. */
export async function addPlays(query: Query, plays: readonly PlayFixture[]): Promise<string[]> {
  const broadcasts = new Map<string, { id: string; occurrenceId: string; play: PlayFixture }>();
  const rows = plays.map((play) => {
    const key = play.programmeId ? `${play.programmeId} ${play.startsAt}` : randomUUID();
    const broadcast = broadcasts.get(key) ?? { id: randomUUID(), occurrenceId: randomUUID(), play };
    broadcasts.set(key, broadcast);
    const sounded = play.startedAt !== undefined && play.startedAt !== null;
    return {
      ...play,
      playId: randomUUID(),
      broadcastId: broadcast.id,
      occurrenceId: broadcast.occurrenceId,
      settled: !['PLANNED', 'SENT', 'ACCEPTED', 'STARTED'].includes(play.state),
      sha256Played: play.sha256Played ?? (sounded ? ORDERED : null),
    };
  });
  await query(
    `insert into broadcasts (id, title, class, sha256, repeat, on_interrupt, target, state, created_at, created_by,
                             settled_at, approved_by, approved_at)
     select b.id, coalesce(b.play ->> 'title', 'Bản tin'), coalesce(b.play ->> 'class', 'NORMAL'), $2, 1, 'RESUME', '{}',
            'DONE', '2025-01-01', 'nguyen.van.a', '2025-01-02', b.play ->> 'approvedBy',
            case when b.play ->> 'approvedBy' is not null then timestamptz '2025-01-01T03:00:00Z' end
       from jsonb_to_recordset($1::jsonb) as b(id uuid, play jsonb)`,
    [JSON.stringify([...broadcasts.values()]), ORDERED],
  );
  await query(
    `insert into occurrences (id, broadcast_id, starts_at, over_by, planned_at)
     select b."occurrenceId", b.id, (b.play ->> 'startsAt')::timestamptz, '2999-01-01', '2025-01-01'
       from jsonb_to_recordset($1::jsonb) as b(id uuid, "occurrenceId" uuid, play jsonb)`,
    [JSON.stringify([...broadcasts.values()])],
  );
  await query(
    `insert into programme_occurrences (programme_id, recurrence_id, starts_at, broadcast_id, state, content_hash, changed_at)
     select (b.play ->> 'programmeId')::uuid, b.play ->> 'startsAt', (b.play ->> 'startsAt')::timestamptz, b.id,
            'PLANNED', 'x', now()
       from jsonb_to_recordset($1::jsonb) as b(id uuid, play jsonb) where b.play ->> 'programmeId' is not null`,
    [JSON.stringify([...broadcasts.values()])],
  );
  await query(
    `insert into deliveries (play_id, broadcast_id, occurrence_id, cluster_id, area_id, not_after, state, settled, planned_at,
                             started_at, finished_at, sha256_played, clock_synced, clock_offset_ms, volume_percent, evidence)
     select d."playId", d."broadcastId", d."occurrenceId", d."clusterId", d."areaId", d."startsAt"::timestamptz, d.state,
            d.settled, '2025-01-01', d."startedAt"::timestamptz,
            case when d.state = 'FINISHED' then d."startedAt"::timestamptz + interval '1 minute' end,
            d."sha256Played", d."clockOffsetMs" is not null, d."clockOffsetMs", 70, '{}'
       from jsonb_to_recordset($1::jsonb) as d("playId" uuid, "broadcastId" uuid, "occurrenceId" uuid, "clusterId" text,
            "areaId" uuid, "startsAt" text, state text, settled boolean, "startedAt" text, "sha256Played" text,
            "clockOffsetMs" int)`,
    [JSON.stringify(rows)],
  );
  return rows.map(({ playId }) => playId);
}
