import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { currentCorrelationId } from '../../common/context/request-context.js';
import { OUTBOX_PUBLISHED, type OutboxMessage } from '../../common/database/outbox.js';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { EventBus } from '../../common/events/event-bus.js';
import {
  buildTopic,
  encode,
  mustBeSigned,
  type AckMessage,
  type CommandMessage,
} from '../../contract/index.js';
import { keepAreaOrder, openAreaOrders, openFor, type CommandKey } from './area-orders.js';
import {
  isFinalCommandState,
  nextCommandState,
  type CommandState,
  type CommandStep,
} from './domain/command-state.js';
import { EmergencyKeys } from './emergency-keys.js';
import {
  COMMANDS_SENT,
  COMMAND_PROGRESSED,
  type CommandProgress,
  type CommandsSent,
} from './speakers.events.js';
import { NEVER_SENT, type AreaOrder, type CommandRequest } from './speakers.types.js';

const REF = 'command:';
/** Correlation ids that the contract can carry. */
const SANE = /^[A-Za-z0-9._:-]{1,64}$/;
/** Said again to a cluster that comes back, these would start over what has just been done. */
const NOT_REPEATED = ['reboot', 'sync'];

interface Row extends CommandKey {
  type: CommandMessage['type'];
  payload: CommandMessage;
  state: CommandState;
  code: string | null;
}
interface Step extends CommandKey {
  step: CommandStep;
  at: Date;
  code: string | null;
  reason: string | null;
  result: unknown;
}

/** Orders to single clusters, and what is known of each. */
@Injectable()
export class CommandService implements OnModuleInit {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly events: EventBus,
    private readonly keys: EmergencyKeys,
  ) {}

  onModuleInit(): void {
    this.events.inTransaction(OUTBOX_PUBLISHED, async (published, manager, emit) => {
      const known = published.filter(({ ref }) => ref.startsWith(REF));
      if (known.length === 0) return;
      // `id`: to all who were given it, by area; `id cluster`: to that one.
      const steps = new Map(known.map((p) => [p.ref.slice(REF.length), p]));
      const given = [...steps.keys()].map((key) => key.split(' '));
      const toAreas = given.flatMap(([id, clusterId]) => (clusterId === undefined ? [id!] : [])).sort();
      for (const id of toAreas) {
        const { outcome, at } = steps.get(id)!;
        if (outcome === 'published')
          for (const sent of await this.sentToArea(manager, id, at)) emit(COMMANDS_SENT, sent);
        else await openAreaOrders(manager, [id], null);
      }
      const toOne = given.flatMap(([id, clusterId]) =>
        clusterId === undefined ? [] : [{ id: id!, clusterId }],
      );
      const found = [...(await this.lockGiven(manager, toAreas)), ...(await this.lock(manager, toOne))];
      const rows = [...new Map(found.map((row) => [keyOf(row), row])).values()];
      const progress = await this.apply(
        manager,
        rows,
        rows.map((row) => {
          const { outcome, at } = (steps.get(keyOf(row)) ?? steps.get(row.id))!;
          const step: CommandStep = outcome === 'published' ? 'PUBLISHED' : 'NEVER_SENT';
          const code = step === 'NEVER_SENT' ? NEVER_SENT : null;
          return { id: row.id, clusterId: row.clusterId, step, at, code, reason: null, result: null };
        }),
      );
      for (const one of progress) emit(COMMAND_PROGRESSED, one);
    });
  }

  /**
   * Stores commands and sends them after the commit. A command whose id the cluster was given before is not sent again.
   * Throws ContractError for one that no cluster would understand. Returns the ids in the order of the requests.
   */
  async send(tx: Tx, requests: readonly CommandRequest[]): Promise<string[]> {
    const now = new Date();
    const correlationId = sane(currentCorrelationId());
    const commands = requests.map(({ id, clusterId, notAfter, priority, ...rest }) => {
      const payload = {
        id: id ?? randomUUID(),
        issuedAt: now.toISOString(),
        notAfter: notAfter.toISOString(),
        priority: priority ?? 'NORMAL',
        correlationId,
        ...rest,
      } as CommandMessage;
      encode({ kind: 'command', clusterId }, payload);
      return { clusterId, payload };
    });
    const stored = await tx.manager.query<CommandKey[]>(
      `insert into commands (id, cluster_id, type, payload, not_after, correlation_id)
       select (c.payload ->> 'id')::uuid, c."clusterId", c.payload ->> 'type', c.payload,
              (c.payload ->> 'notAfter')::timestamptz, c.payload ->> 'correlationId'
         from jsonb_to_recordset($1::jsonb) as c("clusterId" text, payload jsonb)
        order by 1, 2
       on conflict (id, cluster_id) do nothing returning id, cluster_id as "clusterId"`,
      [JSON.stringify(commands)],
    );
    const fresh = new Set(stored.map(keyOf));
    await tx.send(
      commands
        .filter(({ clusterId, payload }) => fresh.has(keyOf({ id: payload.id, clusterId })))
        .map(({ clusterId, payload }) => this.message(clusterId, payload)),
    );
    return commands.map(({ payload }) => payload.id);
  }

  /** Stores an order to each of these clusters of an area, under one id, and says it once, to the area; signed, whatever its class. */
  async sendToArea(tx: Tx, { id, areaCode, clusterIds, notAfter, ...body }: AreaOrder): Promise<void> {
    const payload = {
      id,
      issuedAt: new Date().toISOString(),
      notAfter: notAfter.toISOString(),
      correlationId: sane(currentCorrelationId()),
      ...body,
    } as CommandMessage;
    const topic = buildTopic({ kind: 'areaCommand', areaCode });
    const provable = this.keys.sign(topic, payload);
    encode({ kind: 'areaCommand', areaCode }, provable);
    await keepAreaOrder(tx.manager, payload, clusterIds);
    const ref = `${REF}${id}`;
    await tx.send([{ topic, payload: provable, notAfter, ref, urgent: true }]);
  }

  /**
   * Says these commands once more, to each cluster of which no word about them has come, while they are in time. Returns the
   * clusters.
   */
  async repeatUnheard(tx: Tx, ids: readonly string[]): Promise<string[]> {
    await openAreaOrders(tx.manager, ids, null);
    const rows = await tx.manager.query<Pick<Row, 'clusterId' | 'payload'>[]>(
      `select cluster_id as "clusterId", payload from commands
        where id = any($1::uuid[]) and state in ('PENDING', 'SENT') and not_after > now() order by cluster_id`,
      [ids],
    );
    await tx.send(rows.map((row) => ({ ...this.message(row.clusterId, row.payload), replaces: true })));
    return rows.map(({ clusterId }) => clusterId);
  }

  /** Acks in the order in which they came. Returns how many were of commands that the cluster was never given. */
  async onAcks(acks: readonly { clusterId: string; ack: AckMessage }[]): Promise<number> {
    return this.uow.run(async (tx) => {
      const rows = await this.lockSaid(
        tx.manager,
        acks.map(({ clusterId, ack: { id } }) => ({ id, clusterId })),
      );
      const steps = acks.map(({ clusterId, ack }) => ({
        id: ack.id,
        clusterId,
        step: ack.phase,
        at: new Date(ack.at),
        code: ack.code ?? null,
        reason: ack.reason ?? null,
        result: ack.checks ?? null,
      }));
      for (const progress of await this.apply(tx.manager, rows, steps)) tx.emit(COMMAND_PROGRESSED, progress);
      const known = new Set(rows.map(keyOf));
      return steps.filter((step) => !known.has(keyOf(step))).length;
    });
  }

  /**
   * Says again what these clusters have not brought to an end, while it is still in time: by rule 3 each answers with its
   * last ack, so that one lost on the way is made good.
   */
  async repeatOpen(tx: Tx, clusterIds: readonly string[]): Promise<number> {
    const rows = await tx.manager.query<Pick<Row, 'clusterId' | 'payload'>[]>(
      `select cluster_id as "clusterId", payload from commands
        where cluster_id = any($1::text[]) and state in ('SENT', 'ACCEPTED', 'STARTED')
          and not_after > now() and type <> all($2::text[])
        order by created_at limit 20000`,
      [clusterIds, NOT_REPEATED],
    );
    await tx.send(rows.map((row) => ({ ...this.message(row.clusterId, row.payload), replaces: true })));
    return rows.length;
  }

  /** What was ordered by area is signed to each as well. */
  private message(clusterId: string, payload: CommandMessage): OutboxMessage {
    const topic = buildTopic({ kind: 'command', clusterId });
    const byArea = payload.type === 'play' && payload.play.playId === undefined;
    return {
      topic,
      payload: byArea || mustBeSigned(payload) ? this.keys.sign(topic, payload) : payload,
      notAfter: new Date(payload.notAfter),
      ref: `${REF}${payload.id} ${clusterId}`,
      urgent: byArea || payload.priority === 'EMERGENCY',
    };
  }

  /**
   * Writes that an area's order has gone to all of whom no word has come, thousands by one statement, at the very time when they answer. By the rule of
   * single steps (`nextCommandState`) PENDING comes to SENT; such are there only if they were opened before it went. Locked in the order of all others.
   */
  private async sentToArea(manager: EntityManager, id: string, at: Date): Promise<CommandsSent[]> {
    const opened = await openAreaOrders(manager, [id], at);
    const [rows] = await manager.query<[Pick<Row, 'clusterId' | 'payload'>[], number]>(
      `with waiting as materialized (select cluster_id from commands where id = $1 and state = 'PENDING'
                                      order by cluster_id for update)
       update commands c set state = 'SENT', sent_at = $2 from waiting w where c.id = $1 and c.cluster_id = w.cluster_id
       returning c.cluster_id as "clusterId", c.payload`,
      [id, at],
    );
    const payload = opened[0]?.payload ?? rows[0]?.payload;
    const clusterIds = [...opened.flatMap((order) => order.clusterIds), ...rows.map((row) => row.clusterId)];
    return payload && clusterIds.length > 0 ? [{ payload, clusterIds, at }] : [];
  }

  /** Those of all clusters that were given one of these ids and that it is not yet known to have gone to. */
  private async lockGiven(manager: EntityManager, ids: readonly string[]): Promise<Row[]> {
    if (ids.length === 0) return [];
    return await manager.query<Row[]>(
      `select ${ROW} from commands c where c.id = any($1::uuid[]) and c.sent_at is null
        order by c.id, c.cluster_id for update`,
      [ids],
    );
  }

  /**
   * Row by row: an id that a whole area was given stands in thousands of rows, of which a batch of acks is about a few. In one order, so that two of
   * these wait for each other and never for ever.
   */
  private async lock(manager: EntityManager, keys: readonly CommandKey[]): Promise<Row[]> {
    if (keys.length === 0) return [];
    return await manager.query<Row[]>(
      `select c.* from (select distinct id, cluster_id from unnest($1::uuid[], $2::text[]) as given(id, cluster_id)
                         order by id, cluster_id) as given
        cross join lateral (select ${ROW} from commands c
                             where c.id = given.id and c.cluster_id = given.cluster_id for update) as c`,
      [keys.map(({ id }) => id), keys.map(({ clusterId }) => clusterId)],
    );
  }

  /** Those that clusters have spoken of. A cluster of an area may speak before the broker has told that it took the order. */
  private async lockSaid(manager: EntityManager, keys: readonly CommandKey[]): Promise<Row[]> {
    const rows = await this.lock(manager, keys);
    const known = new Set(rows.map(keyOf));
    const missing = keys.filter((key) => !known.has(keyOf(key)));
    if (missing.length === 0) return rows;
    await openFor(manager, missing);
    return [...rows, ...(await this.lock(manager, missing))];
  }

  /** Takes the steps one after the other; what leads nowhere leaves its time at most. */
  private async apply(
    manager: EntityManager,
    rows: Row[],
    steps: readonly Step[],
  ): Promise<CommandProgress[]> {
    const byKey = new Map(rows.map((row) => [keyOf(row), row]));
    const changes = new Map<string, Record<string, unknown>>();
    const progress: CommandProgress[] = [];
    for (const step of steps) {
      const row = byKey.get(keyOf(step));
      if (!row) continue;
      const neverSent = row.state === 'EXPIRED' && row.code === NEVER_SENT;
      const state = nextCommandState({ state: row.state, neverSent }, step.step);
      const change = changes.get(keyOf(row)) ?? { id: row.id, cluster_id: row.clusterId };
      changes.set(keyOf(row), change);
      const column = TIME_COLUMN[step.step];
      // The first time counts: a repeated ack is a later copy of the same word.
      if (column) change[column] ??= step.at;
      if (state === undefined) continue;
      row.state = state;
      row.code = step.code;
      Object.assign(change, { ended: isFinalCommandState(state), reason: step.reason, result: step.result });
      const { id: commandId, clusterId, type, payload } = row;
      progress.push({ commandId, clusterId, type, payload, state, at: step.at, code: step.code });
    }
    const written = [...changes.entries()].map(([key, change]) => {
      const { state, code } = byKey.get(key)!;
      return { ...change, state, code };
    });
    if (written.length > 0) await manager.query(UPDATE, [JSON.stringify(written)]);
    return progress;
  }
}

const ROW = `c.id, c.cluster_id as "clusterId", c.type, c.payload, c.state, c.code`;

const TIME_COLUMN: Record<CommandStep, string | undefined> = {
  PUBLISHED: 'sent_at',
  NEVER_SENT: 'ended_at',
  ACCEPTED: 'accepted_at',
  STARTED: 'started_at',
  FINISHED: 'ended_at',
  REJECTED: 'ended_at',
  EXPIRED: 'ended_at',
  FAILED: 'ended_at',
};

const UPDATE = `update commands c
   set state = s.state, code = s.code,
       reason = coalesce(s.reason, c.reason), result = coalesce(s.result, c.result),
       sent_at = coalesce(c.sent_at, s.sent_at), accepted_at = coalesce(c.accepted_at, s.accepted_at),
       started_at = coalesce(c.started_at, s.started_at),
       ended_at = case when s.ended is not null and not s.ended then null
                       when s.ended then s.ended_at else coalesce(c.ended_at, s.ended_at) end
  from jsonb_to_recordset($1::jsonb) as s(id uuid, cluster_id text, state text, code text, reason text, result jsonb,
       sent_at timestamptz, accepted_at timestamptz, started_at timestamptz, ended_at timestamptz, ended boolean)
 where c.id = s.id and c.cluster_id = s.cluster_id`;

function keyOf({ id, clusterId }: CommandKey): string {
  return `${id} ${clusterId}`;
}

function sane(correlationId: string | undefined): string | undefined {
  return correlationId !== undefined && SANE.test(correlationId) ? correlationId : undefined;
}
