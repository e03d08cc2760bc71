import { communeAtSql } from '../areas/index.js';
import { DELIVERY_STATES } from '../broadcasts/index.js';
import type { Grouping } from './report.types.js';

/** Wall clock of Việt Nam, as a timestamp without a zone. */
const LOCAL = `(o.starts_at at time zone 'UTC' + interval '7 hours')`;

/**
 * All plays of a scope. $1, $2: from, before; $3: ids of units; $4: programme; $5: cluster; $6: class, each null for all;
 * $7: the day whose units count, null for the day of each play. A play keeps the unit that its cluster had when it was
 * planned; where that unit was no longer in force, or not yet, on the day of the play, it is the commune that holds the place.
 */
const FROM = `from occurrences o
  join deliveries d on d.occurrence_id = o.id
  join broadcasts b on b.id = o.broadcast_id
  join clusters c on c.id = d.cluster_id
  join areas kept on kept.id = d.area_id
  left join cluster_twins t on t.cluster_id = d.cluster_id
  left join programme_occurrences po on po.broadcast_id = b.id
  left join programmes p on p.id = po.programme_id
  left join placed on placed.cluster_id = d.cluster_id
    and placed.day = coalesce($7::date, ${LOCAL}::date)
  left join areas u on u.id = case when placed.cluster_id is null then d.area_id else placed.area_id end
  left join areas dis on dis.id = u.parent_id and dis.kind = 'district'
 where o.starts_at >= $1::timestamptz and o.starts_at < $2::timestamptz
   and ($3::uuid[] is null or u.id = any($3::uuid[]))
   and ($4::uuid is null or po.programme_id = $4::uuid)
   and ($5::text is null or d.cluster_id = $5::text)
   and ($6::text is null or b.class = $6::text)`;

/** Clusters whose unit has to be found by their place, with the day: each once, however many plays it has. */
const PLACED = `with asked as materialized (
    select distinct d.cluster_id, coalesce($7::date, ${LOCAL}::date) as day
      from occurrences o join deliveries d on d.occurrence_id = o.id join areas kept on kept.id = d.area_id
     where o.starts_at >= $1::timestamptz and o.starts_at < $2::timestamptz
       and ($5::text is null or d.cluster_id = $5::text)
       and ($7::date is not null or kept.valid_from > ${LOCAL}::date or kept.valid_to <= ${LOCAL}::date)),
  placed as materialized (
    select asked.cluster_id, asked.day, here.id as area_id
      from asked join clusters c on c.id = asked.cluster_id
      left join lateral (${communeAtSql('c.position::geometry', 'asked.day')}) as here on true)`;

/** Whether the audio is there: it was when sound began; before, the cluster says what it has; after that nobody knows. */
const MEDIA_READY = `case when d.sha256_played is not null or d.started_at is not null or d.state = 'FINISHED' then true
  when not d.settled then (t.reported -> 'media' -> 'ready') ? b.sha256 end`;

const KEYS: Record<Grouping, readonly [string, string][]> = {
  month: [['month', `to_char(${LOCAL}, 'YYYY-MM')`]],
  district: [
    ['districtCode', 'dis.code'],
    ['districtName', 'dis.full_name'],
  ],
  unit: [
    ['unitCode', 'u.code'],
    ['unitName', 'u.full_name'],
  ],
  programme: [
    ['programmeTitle', 'p.title'],
    ['programmeId', 'p.id'],
  ],
  cluster: [
    ['clusterId', 'd.cluster_id'],
    ['clusterName', 'c.name'],
  ],
  class: [['class', 'b.class']],
};

/** The names under which a grouping shows what its lines have in common. */
export function keyNames(groupBy: readonly Grouping[]): string[] {
  return groupBy.flatMap((grouping) => KEYS[grouping].map(([name]) => name));
}

/** One line for each group, in the order of the groupings; `atMost` is a number of ours. */
export function tallySql(groupBy: readonly Grouping[], atMost: number): string {
  const keys = groupBy.flatMap((grouping) => KEYS[grouping]);
  const places = keys.map((_, i) => i + 1).join(', ');
  const states = DELIVERY_STATES.map(
    (state) => `count(*) filter (where d.state = '${state}')::int as "${state}"`,
  );
  return `${PLACED}
    select ${keys.map(([name, sql]) => `${sql} as "${name}",`).join(' ')}
      count(*)::int as total, ${states.join(', ')},
      count(*) filter (where d.sent_at is not null or d.accepted_at is not null or d.started_at is not null
                          or d.state = 'FINISHED')::int as sent,
      count(*) filter (where d.accepted_at is not null or d.started_at is not null or d.state = 'FINISHED')::int
        as accepted,
      count(*) filter (where ${MEDIA_READY})::int as "mediaReady",
      count(*) filter (where d.started_at is not null or d.state = 'FINISHED')::int as started,
      count(*) filter (where d.state = 'FINISHED')::int as finished,
      count(*) filter (where d.settled)::int as settled,
      count(*) filter (where d.sha256_played <> b.sha256)::int as "otherAudio",
      count(*) filter (where d.state = 'UNKNOWN' and t.last_seen_at is null)::int as "unknownNeverHeard",
      min(t.last_seen_at) filter (where d.state = 'UNKNOWN') as "unknownHeardAt"
    ${FROM} group by ${places} order by ${places} limit ${atMost}`;
}

/** Plays one by one from ($8, $9) on, by time and id; $10 at most. */
export const PLAYS_SQL = `${PLACED}
  select d.play_id as "playId", o.starts_at as "startsAt", b.id as "broadcastId", b.title, b.class,
         p.id as "programmeId", p.title as "programmeTitle", d.cluster_id as "clusterId", c.name as "clusterName",
         dis.full_name as "districtName", u.code as "unitCode", u.full_name as "unitName", d.state, d.settled, d.code,
         d.planned_at as "plannedAt", d.sent_at as "sentAt", d.accepted_at as "acceptedAt",
         d.started_at as "startedAt", d.finished_at as "finishedAt", d.ended_at as "endedAt",
         ${MEDIA_READY} as "mediaReady", d.clock_synced as "clockSynced", d.clock_offset_ms as "clockOffsetMs",
         d.started_at - d.clock_offset_ms * interval '1 millisecond' as "startedAtTrue",
         b.sha256 as "sha256Ordered", d.sha256_played as "sha256Played", d.volume_percent as "volumePercent",
         b.approved_by as "approvedBy", b.approved_at as "approvedAt", b.created_by as "createdBy",
         d.last_word_at as "lastWordAt", t.last_seen_at as "clusterHeardAt"
    ${FROM} and ($8::timestamptz is null or (o.starts_at, d.play_id) > ($8::timestamptz, $9::uuid))
   order by o.starts_at, d.play_id limit $10::int`;

/** $1, $2: from, before; $3: ids of units; $4: programme; `atMost` is a number of ours. */
export const neverBroadcastSql = (atMost: number) => `
  select p.id as "programmeId", p.title as "programmeTitle", a.code as "unitCode", a.full_name as "unitName",
         po.starts_at as "startsAt", po.state, po.code, po.reason_en as "reasonEn", po.reason_vi as "reasonVi"
    from programme_occurrences po join programmes p on p.id = po.programme_id join areas a on a.id = p.area_id
   where po.broadcast_id is null and po.starts_at >= $1::timestamptz and po.starts_at < $2::timestamptz
     and ($3::uuid[] is null or p.area_id = any($3::uuid[])) and ($4::uuid is null or p.id = $4::uuid)
   order by po.starts_at, p.id limit ${atMost}`;
