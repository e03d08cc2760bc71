import type { EntityManager } from 'typeorm';
import {
  absorb,
  findingOf,
  NO_EVIDENCE,
  type DeliveryEvent,
  type Evidence,
} from './domain/delivery-evidence.js';

/** A play that is to be, at one cluster. */
export interface NewDelivery {
  playId: string;
  clusterId: string;
  /** The unit the cluster lies in at that time: later reports keep it. */
  areaId: string;
  notAfterMs: number;
  /** Null: the cluster's own. */
  volumePercent: number | null;
}

export async function insertDeliveries(
  manager: EntityManager,
  about: { broadcastId: string; occurrenceId: string; plannedAt: Date },
  deliveries: readonly NewDelivery[],
): Promise<void> {
  await manager.query(
    `insert into deliveries (play_id, broadcast_id, occurrence_id, cluster_id, area_id, not_after, volume_ordered,
                             state, settled, planned_at, evidence)
     select d."playId", $2, $3, d."clusterId", d."areaId", to_timestamp(d."notAfterMs" / 1000),
            d."volumePercent", 'PLANNED', false, $4, $5
       from jsonb_to_recordset($1::jsonb)
            as d("playId" uuid, "clusterId" text, "areaId" uuid, "notAfterMs" double precision,
                 "volumePercent" int)
      order by d."playId"`,
    [
      JSON.stringify(deliveries),
      about.broadcastId,
      about.occurrenceId,
      about.plannedAt,
      JSON.stringify(NO_EVIDENCE),
    ],
  );
}

/** Something heard of a play. `clusterId`: who says so; null is the server itself. */
export interface DeliveryWord {
  playId: string;
  clusterId: string | null;
  event: DeliveryEvent;
}

/**
 * Adds what was heard to the evidence of each play, and writes down what may be said of it now: two statements, however
 * many plays. Words about plays that are not ours, or not the speaker's own, are passed over. Rows are locked in the order
 * of their ids, so that two of these wait for each other and never for ever.
 */
export async function recordWords(manager: EntityManager, words: readonly DeliveryWord[]): Promise<number> {
  if (words.length === 0) return 0;
  const byPlay = new Map<string, DeliveryWord[]>();
  for (const word of words) {
    const list = byPlay.get(word.playId);
    if (list) list.push(word);
    else byPlay.set(word.playId, [word]);
  }
  const rows = await manager.query<{ playId: string; clusterId: string; evidence: Evidence }[]>(
    `select play_id as "playId", cluster_id as "clusterId", evidence from deliveries
      where play_id = any($1::uuid[]) order by play_id for update`,
    [[...byPlay.keys()]],
  );
  const changed = rows.flatMap(({ playId, clusterId, evidence }) => {
    const own =
      byPlay.get(playId)?.filter((word) => word.clusterId === null || word.clusterId === clusterId) ?? [];
    return own.length === 0
      ? []
      : [columnsOf(playId, own.map(({ event }) => event).reduce(absorb, evidence))];
  });
  if (changed.length > 0) await manager.query(UPDATE, [JSON.stringify(changed)]);
  return changed.length;
}

/**
 * The server's own word about very many plays at once: where nothing has been heard, all of them come to the same, which is found once and written by
 * one statement. The others take it as any other word.
 */
export async function recordFirstWord(
  manager: EntityManager,
  playIds: readonly string[],
  event: DeliveryEvent,
): Promise<void> {
  const { playId: _, ...columns } = columnsOf('', absorb(NO_EVIDENCE, event));
  const [written] = await manager.query<[{ playId: string }[], number]>(
    `with untouched as (select play_id from deliveries where play_id = any($2::uuid[]) and evidence = $3::jsonb
                         order by play_id for update)
     ${UPDATE_ALL} returning d.play_id as "playId"`,
    [JSON.stringify([columns]), playIds, JSON.stringify(NO_EVIDENCE)],
  );
  const done = new Set(written.map(({ playId }) => playId));
  await recordWords(
    manager,
    playIds.filter((playId) => !done.has(playId)).map((playId) => ({ playId, clusterId: null, event })),
  );
}

function columnsOf(playId: string, evidence: Evidence): Record<string, unknown> {
  const { state, settled, endedAtMs, code } = findingOf(evidence);
  const { record } = evidence;
  return {
    playId,
    state,
    settled,
    code,
    sent: evidence.sentAtMs,
    accepted: evidence.acceptedAtMs,
    started: evidence.startedByRecordAtMs ?? evidence.startedByAckAtMs,
    finished: state === 'FINISHED' ? endedAtMs : null,
    ended: endedAtMs,
    word: evidence.lastWordAtMs,
    sha256: evidence.begun ? (record?.sha256 ?? null) : null,
    volume: evidence.begun ? (record?.volumePercent ?? null) : null,
    synced: record?.clockSynced ?? null,
    offset: record?.clockOffsetMs ?? null,
    evidence,
  };
}

/** Times as numbers: a device's clock may say years that have no text form in the database. */
const time = (name: string) => `to_timestamp(s.${name} / 1000)`;
const SET = `update deliveries d
   set state = s.state, settled = s.settled, code = s.code, sent_at = ${time('sent')},
       accepted_at = ${time('accepted')}, started_at = ${time('started')}, finished_at = ${time('finished')},
       ended_at = ${time('ended')}, last_word_at = ${time('word')}, sha256_played = s.sha256, volume_percent = s.volume,
       clock_synced = s.synced, clock_offset_ms = s."offset", evidence = s.evidence`;
const COLUMNS = `state text, settled boolean, code text, sent double precision, accepted double precision, started double precision,
       finished double precision, ended double precision, word double precision, sha256 text, volume int, synced boolean,
       "offset" int, evidence jsonb`;
const UPDATE = `${SET} from jsonb_to_recordset($1::jsonb) as s("playId" uuid, ${COLUMNS}) where d.play_id = s."playId"`;
const UPDATE_ALL = `${SET} from jsonb_to_recordset($1::jsonb) as s(${COLUMNS}), untouched u where d.play_id = u.play_id`;
