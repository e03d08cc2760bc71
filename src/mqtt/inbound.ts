import { randomUUID } from 'node:crypto';
import { runInContext, SYSTEM_ACTOR, type ContextActor } from '../common/context/request-context.js';
import { toProblem } from '../common/http/error-mapping.js';
import type { Logger } from '../common/logging/logger.js';
import { decode, parseTopic, type MessageOf } from '../contract/index.js';
import type {
  BadMessage,
  BadMessages,
  CommandService,
  PlayLogService,
  TwinService,
} from '../modules/speakers/index.js';
import type { Received } from './connection.js';
import { LaneQueue } from './lane-queue.js';
import { deadLetters, inboundWaiting, received, unknownAcks } from './metrics.js';

/** What clusters say. */
type Spoken = 'state' | 'birth' | 'reported' | 'ack' | 'log' | 'alarm';

interface Heard<K extends Spoken = Spoken> {
  kind: K;
  clusterId: string;
  /** Of an alarm. */
  code: string;
  message: MessageOf[K];
  retained: boolean;
  source: Received;
}
type Item = Heard | BadMessage;

export interface InboundServices {
  twins: TwinService;
  commands: CommandService;
  playLog: PlayLogService;
  badMessages: BadMessages;
}

const CAPACITY = 20_000;
const BATCH = 500;
const PARALLEL = 4;
const STOP_MS = 5_000;
const BAD = 'bad';

/** SQLSTATEs that say nothing against the message: another transaction was in the way. */
const TRY_AGAIN = new Set(['40001', '40P01', '55P03']);

/**
 * Brings what clusters say to the modules: checked, in the order of each cluster, many clusters together. What cannot be
 * used becomes a dead letter and stops nothing (rule 14); what fails because the database is away waits until it is back.
 */
export class InboundRouter {
  private readonly queue = new LaneQueue<Item>({
    capacity: CAPACITY,
    batch: BATCH,
    parallel: PARALLEL,
    handle: (group, items) => this.handle(group, items),
    onRetry: (group, error, delayMs) =>
      this.logger.warn({ err: error, group, delayMs }, 'messages could not be handled; trying again'),
    onLength: (length) => inboundWaiting.set(length),
  });

  constructor(
    private readonly services: InboundServices,
    private readonly logger: Logger,
  ) {}

  /** Resolves when the message has been taken into the queue. */
  async take(source: Received): Promise<void> {
    const decoded = decode(source.topic, source.payload);
    received.inc({ kind: decoded.ok ? decoded.kind : 'unreadable' });
    if (!decoded.ok) return this.refuse(source, decoded.code, decoded.reason);
    switch (decoded.kind) {
      case 'state':
      case 'birth':
      case 'reported':
      case 'ack':
      case 'log':
      case 'alarm': {
        const { kind, topic, message } = decoded;
        const code = topic.kind === 'alarm' ? topic.code : '';
        const { clusterId } = topic;
        const own = kind === 'ack' ? decoded.message.correlationId : undefined;
        const correlationId = own ?? source.correlationId ?? '';
        const item: Heard = { kind, clusterId, code, message, retained: source.retained, source };
        return this.queue.push(clusterId, `${kind} ${correlationId}`, item);
      }
      case 'desired':
      case 'command':
      case 'areaCommand':
      case 'serverState':
        return this.refuse(source, 'UNEXPECTED', 'the server says this; it does not listen to it');
    }
  }

  /** Resolves when everything taken has been dealt with. */
  idle(): Promise<void> {
    return this.queue.idle();
  }

  stop(): Promise<void> {
    return this.queue.stop(STOP_MS);
  }

  private async refuse(source: Received, code: string, reason: string): Promise<void> {
    const letter = letterOf(source, code, reason);
    await this.queue.push(letter.clusterId ?? '', BAD, letter);
  }

  private async handle(group: string, items: Item[]): Promise<void> {
    const correlationId = group.split(' ')[1] || randomUUID();
    await runInContext({ correlationId, actor: actorOf(items) }, async () => {
      this.logger.debug({ group: group.split(' ')[0], topics: items.map(topicOf) }, 'heard from clusters');
      await this.handleAll(items);
    });
  }

  /** Together if possible. One message that fails by itself must not take the others with it: then each on its own. */
  private async handleAll(items: Item[]): Promise<void> {
    try {
      await this.dispatch(items);
    } catch (error) {
      if (isPassing(error)) throw error;
      const [only, ...others] = items;
      if (others.length > 0) {
        for (const item of items) await this.handleAll([item]);
        return;
      }
      this.logger.warn({ err: error, topic: only && topicOf(only) }, 'a message failed');
      // A dead letter that cannot be stored is lost: there is nowhere else to put it.
      if (!only || !('kind' in only)) return;
      await this.bury([letterOf(only.source, 'HANDLER_FAILED', (error as Error).message)]);
    }
  }

  private async dispatch(items: Item[]): Promise<void> {
    const { twins, commands, playLog } = this.services;
    const heard = items.filter((item): item is Heard => 'kind' in item);
    switch (heard[0]?.kind) {
      case undefined:
        return this.bury(items as BadMessage[]);
      case 'state':
        return this.strangers(heard, await twins.onStates(heard as Heard<'state'>[]));
      case 'birth':
        return this.strangers(heard, await twins.onBirths(heard as Heard<'birth'>[]));
      case 'reported':
        return this.strangers(heard, await twins.onReported(heard as Heard<'reported'>[]));
      case 'alarm':
        return this.strangers(heard, await twins.onAlarms(heard as Heard<'alarm'>[]));
      case 'ack': {
        const acks = (heard as Heard<'ack'>[]).map(({ clusterId, message }) => ({ clusterId, ack: message }));
        unknownAcks.inc(await commands.onAcks(acks));
        return twins.onSignOfLife(acks.map(({ clusterId }) => clusterId));
      }
      case 'log': {
        const records = (heard as Heard<'log'>[]).map(({ clusterId, message }) => ({
          clusterId,
          record: message,
        }));
        await playLog.onLogs(records);
        return twins.onSignOfLife(records.map(({ clusterId }) => clusterId));
      }
    }
  }

  /** Somebody whom the broker lets in and the register does not know. */
  private async strangers(heard: Heard[], clusterIds: string[]): Promise<void> {
    const strange = new Set(clusterIds);
    await this.bury(
      heard
        .filter((item) => strange.has(item.clusterId))
        .map((item) =>
          letterOf(item.source, 'UNKNOWN_CLUSTER', `no cluster ${item.clusterId} is registered`),
        ),
    );
  }

  private async bury(letters: BadMessage[]): Promise<void> {
    await this.services.badMessages.record(letters);
    for (const { code } of letters) deadLetters.inc({ code });
  }
}

function letterOf({ topic, payload }: Received, code: string, reason: string): BadMessage {
  const parsed = parseTopic(topic);
  const clusterId = parsed && 'clusterId' in parsed ? parsed.clusterId : null;
  return { clusterId, topic, payload, code, reason };
}

function actorOf(items: Item[]): ContextActor {
  const [first] = items;
  const id = first?.clusterId;
  if (!id || items.some((item) => item.clusterId !== id))
    return { ...SYSTEM_ACTOR, name: 'inbound messages' };
  return { kind: 'device', id, name: id };
}

/** Whether trying again later may help. */
function isPassing(error: unknown): boolean {
  const code = (error as { driverError?: { code?: string } }).driverError?.code ?? '';
  return TRY_AGAIN.has(code) || toProblem(error).status === 503;
}

function topicOf(item: Item): string {
  return 'topic' in item ? item.topic : item.source.topic;
}
