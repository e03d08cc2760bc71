import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import type {
  AlarmMessage,
  BirthMessage,
  MediaRef,
  PlanItem,
  ReportedMessage,
  StateMessage,
} from '../../contract/index.js';
import { CommandService } from './command.service.js';
import { DesiredDocuments } from './desired-documents.js';
import { afterBirth, afterState, type Presence } from './domain/session.js';
import { PlayLogService } from './play-log.service.js';
import { CLUSTER_HEARD, DESIRED_APPLIED } from './speakers.events.js';

/** A cluster's word. Retained: the broker kept it, so it says nothing of when the cluster was last there. */
export interface Heard<T> {
  clusterId: string;
  message: T;
  retained: boolean;
}

interface TwinRow extends Presence {
  clusterId: string;
  desiredVersion: number;
  reportedVersion: number | null;
  reportedSession: string | null;
}

/**
 * What the server knows of each cluster, from what the cluster says. Old words are shown with their age, never as "off".
 * The `on…` methods take the words of many clusters in one transaction and return the codes that are no cluster of ours.
 */
@Injectable()
export class TwinService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly documents: DesiredDocuments,
    private readonly commands: CommandService,
    private readonly playLog: PlayLogService,
  ) {}

  /**
   * The whole plan of each of these clusters, sent as the next version of its document. `media` has the details of every
   * file that the plans name; a cluster is told to hold those of its own plan.
   */
  async replacePlans(
    tx: Tx,
    plans: ReadonlyMap<string, readonly PlanItem[]>,
    media: readonly MediaRef[],
  ): Promise<void> {
    await this.documents.rebuild(tx, [...plans.keys()], { plans, media });
  }

  /**
   * The files that every cluster is to hold ready, whatever its plan, as `replacePlans` describes those of a plan: clusters that are
   * to hold others now get a new document.
   */
  async replaceStandingMedia(tx: Tx, media: readonly MediaRef[]): Promise<void> {
    await tx.manager.query(`delete from standing_media where sha256 <> all($1::text[])`, [
      media.map(({ sha256 }) => sha256),
    ]);
    await tx.manager.query(
      `insert into standing_media (sha256, bytes, duration_s, codec)
       select sha256, bytes, "durationS", codec
         from jsonb_to_recordset($1::jsonb) as m(sha256 text, bytes bigint, "durationS" double precision, codec text)
       on conflict (sha256) do nothing`,
      [JSON.stringify(media)],
    );
    const clusters = await tx.manager.query<{ id: string }[]>(
      `select t.cluster_id as id from cluster_twins t join clusters c on c.id = t.cluster_id
        where c.active and t.desired is not null order by t.cluster_id`,
    );
    await this.documents.rebuild(
      tx,
      clusters.map(({ id }) => id),
    );
  }

  async onStates(words: readonly Heard<StateMessage>[]): Promise<string[]> {
    return this.uow.run(async (tx) => {
      const twins = await this.lock(tx.manager, words);
      for (const { clusterId, message } of words) {
        const twin = twins.get(clusterId);
        const word = { online: message.online, session: message.session, atMs: Date.parse(message.at) };
        if (twin) Object.assign(twin, afterState(twin, word));
      }
      await this.storePresence(tx.manager, twins);
      // A death is the broker's word as often as the cluster's: it is no sign of life.
      await this.seen(
        tx.manager,
        words.filter(({ message }) => message.online),
      );
      return this.told(tx, twins, words, 'state');
    });
  }

  /** Compares what has come with what should be, and sends what is missing (rule 8). */
  async onBirths(words: readonly Heard<BirthMessage>[]): Promise<string[]> {
    return this.uow.run(async (tx) => {
      const twins = await this.lock(tx.manager, words);
      const known = words.filter(({ clusterId }) => twins.has(clusterId));
      const behind = new Set<string>();
      const ahead = new Map<string, number>();
      for (const { clusterId, message } of known) {
        const twin = twins.get(clusterId)!;
        Object.assign(twin, afterBirth(twin, { session: message.session, atMs: Date.parse(message.at) }));
        // A birth that is read again is older than what the cluster has reported since.
        const since = twin.reportedSession === message.session ? (twin.reportedVersion ?? 0) : 0;
        const applied = Math.max(message.applied.desiredVersion, since);
        behind.delete(clusterId);
        ahead.delete(clusterId);
        if (twin.desiredVersion === 0 || applied > twin.desiredVersion) ahead.set(clusterId, applied);
        else if (applied < twin.desiredVersion) behind.add(clusterId);
      }
      await this.storePresence(tx.manager, twins);
      await this.storeWord(tx.manager, 'birth', known);
      await this.seen(tx.manager, known);
      await this.playLog.onPositions(
        tx,
        known.map(({ clusterId, message }) => ({ clusterId, log: message.log })),
      );
      await this.documents.rebuild(tx, [...ahead.keys()], { above: ahead });
      if (behind.size > 0) await this.documents.sendAgain(tx, [...behind]);
      await this.commands.repeatOpen(tx, [...twins.keys()]);
      return this.told(tx, twins, words, 'birth');
    });
  }

  async onReported(words: readonly Heard<ReportedMessage>[]): Promise<string[]> {
    return this.uow.run(async (tx) => {
      const twins = await this.lock(tx.manager, words);
      await this.storeWord(tx.manager, 'reported', words);
      await this.seen(tx.manager, words);
      await this.resolveUnnamed(tx, words);
      for (const { clusterId, message } of words) {
        const twin = twins.get(clusterId);
        if (twin && twin.desiredVersion > 0 && message.version >= twin.desiredVersion)
          tx.emit(DESIRED_APPLIED, { clusterId, version: message.version, at: new Date(message.at) });
      }
      return this.told(tx, twins, words, 'reported');
    });
  }

  /** A message raises an alarm or says more of it; null resolves it. */
  async onAlarms(words: readonly (Heard<AlarmMessage | null> & { code: string })[]): Promise<string[]> {
    return this.uow.run(async (tx) => {
      const twins = await this.lock(tx.manager, words);
      for (const { clusterId, code, message } of words) {
        if (!twins.has(clusterId)) continue;
        if (message === null)
          await tx.manager.query(
            `update alarms set resolved_at = now(), updated_at = now()
              where cluster_id = $1 and code = $2 and resolved_at is null`,
            [clusterId, code],
          );
        else
          await tx.manager.query(
            `insert into alarms (cluster_id, code, severity, detail, raised_at) values ($1, $2, $3, $4, $5)
             on conflict (cluster_id, code) where resolved_at is null
             do update set severity = excluded.severity, detail = excluded.detail, updated_at = now()`,
            [clusterId, code, message.severity, message.detail, message.since],
          );
      }
      await this.seen(tx.manager, words);
      return this.told(tx, twins, words, 'alarm');
    });
  }

  /**
   * What was resolved while nobody listened: the broker keeps an alarm until it is resolved, and says nothing of that later. Both
   * times are by the cluster's clock; one raised since the report is not meant by it.
   */
  private async resolveUnnamed(tx: Tx, words: readonly Heard<ReportedMessage>[]): Promise<void> {
    const told = words.flatMap(({ clusterId, message: { at, alarms } }) =>
      alarms === undefined ? [] : [{ cluster_id: clusterId, at, alarms }],
    );
    if (told.length === 0) return;
    const [resolved] = await tx.manager.query<[{ clusterId: string }[], number]>(
      `update alarms a set resolved_at = now(), updated_at = now()
         from jsonb_to_recordset($1::jsonb) as r(cluster_id text, at timestamptz, alarms jsonb)
        where a.cluster_id = r.cluster_id and a.resolved_at is null and a.raised_at < r.at
          and not r.alarms ? a.code
       returning a.cluster_id as "clusterId"`,
      [JSON.stringify(told)],
    );
    for (const clusterId of new Set(resolved.map((row) => row.clusterId)))
      tx.emit(CLUSTER_HEARD, { clusterId, what: 'alarm' });
  }

  /** Acks and play records are signs of life too; written at most once in a while for each cluster. */
  async onSignOfLife(clusterIds: readonly string[]): Promise<void> {
    await this.uow.reader.query(
      `update cluster_twins set last_seen_at = now() where cluster_id in (
         select cluster_id from cluster_twins
          where cluster_id = any($1::text[]) and (last_seen_at is null or last_seen_at < now() - interval '10 s')
          order by cluster_id for update)`,
      [clusterIds],
    );
  }

  /** The twins of registered clusters, locked in one order. */
  private async lock(
    manager: EntityManager,
    words: readonly { clusterId: string }[],
  ): Promise<Map<string, TwinRow>> {
    const rows = await manager.query<
      (Omit<TwinRow, 'desiredVersion' | 'reportedVersion' | 'stateAtMs'> & {
        stateAt: Date | null;
        desiredVersion: string;
        reportedVersion: string | null;
      })[]
    >(
      `select cluster_id as "clusterId", online, session, dead_session as "deadSession", state_at as "stateAt",
              desired_version as "desiredVersion", reported_version as "reportedVersion",
              reported ->> 'session' as "reportedSession"
         from cluster_twins where cluster_id = any($1::text[]) order by cluster_id for update`,
      [words.map(({ clusterId }) => clusterId)],
    );
    return new Map(
      rows.map(({ stateAt, desiredVersion, reportedVersion, ...row }) => [
        row.clusterId,
        {
          ...row,
          stateAtMs: stateAt?.getTime() ?? null,
          desiredVersion: Number(desiredVersion),
          reportedVersion: reportedVersion === null ? null : Number(reportedVersion),
        },
      ]),
    );
  }

  private async storePresence(manager: EntityManager, twins: ReadonlyMap<string, TwinRow>): Promise<void> {
    const rows = [...twins.values()].map((twin) => ({
      cluster_id: twin.clusterId,
      online: twin.online,
      session: twin.session,
      dead_session: twin.deadSession,
      state_at: twin.stateAtMs === null ? null : new Date(twin.stateAtMs),
    }));
    await manager.query(
      `update cluster_twins t
          set online = p.online, session = p.session, dead_session = p.dead_session, state_at = p.state_at
         from jsonb_to_recordset($1::jsonb)
              as p(cluster_id text, online boolean, session uuid, dead_session uuid, state_at timestamptz)
        where t.cluster_id = p.cluster_id`,
      [JSON.stringify(rows)],
    );
  }

  private async storeWord(
    manager: EntityManager,
    what: 'birth' | 'reported',
    words: readonly Heard<BirthMessage | ReportedMessage>[],
  ): Promise<void> {
    const last = new Map(words.map(({ clusterId, message }) => [clusterId, message]));
    const columns =
      what === 'birth'
        ? `birth = w.message, birth_at = (w.message ->> 'at')::timestamptz`
        : `reported = w.message, reported_at = (w.message ->> 'at')::timestamptz,
           reported_version = (w.message ->> 'version')::bigint`;
    await manager.query(
      `update cluster_twins t set ${columns}
         from jsonb_to_recordset($1::jsonb) as w(cluster_id text, message jsonb) where t.cluster_id = w.cluster_id`,
      [JSON.stringify([...last].map(([cluster_id, message]) => ({ cluster_id, message })))],
    );
  }

  /** By the server's clock. A retained word was said at some time before; its own clock is the best guess there is. */
  private async seen(manager: EntityManager, words: readonly Heard<{ at: string } | null>[]): Promise<void> {
    const last = new Map(
      words.map(({ clusterId, message, retained }) => [clusterId, retained ? (message?.at ?? null) : 'now']),
    );
    await manager.query(
      `update cluster_twins t
          set last_seen_at = case when s.at = 'now' then now()
                                  else coalesce(t.last_seen_at, least(s.at::timestamptz, now())) end
         from jsonb_to_recordset($1::jsonb) as s(cluster_id text, at text) where t.cluster_id = s.cluster_id`,
      [JSON.stringify([...last].map(([cluster_id, at]) => ({ cluster_id, at })))],
    );
  }

  private told(
    tx: Tx,
    twins: ReadonlyMap<string, unknown>,
    words: readonly { clusterId: string }[],
    what: 'state' | 'birth' | 'reported' | 'alarm',
  ): string[] {
    for (const clusterId of twins.keys()) tx.emit(CLUSTER_HEARD, { clusterId, what });
    return words.filter(({ clusterId }) => !twins.has(clusterId)).map(({ clusterId }) => clusterId);
  }
}
