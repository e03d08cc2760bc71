import type { TSchema } from 'typebox';
import type { TopicKind } from '../topics.js';
import { AckSchema, ackExamples, type AckMessage } from './ack.js';
import { AlarmSchema, alarmExamples, type AlarmMessage } from './alarm.js';
import { BirthSchema, birthExamples, type BirthMessage } from './birth.js';
import { CommandSchema, areaCommandExamples, commandExamples, type CommandMessage } from './command.js';
import { DesiredSchema, desiredExamples, type DesiredMessage } from './desired.js';
import { LogRecordSchema, logExamples, type LogRecord } from './log.js';
import { ReportedSchema, reportedExamples, type ReportedMessage } from './reported.js';
import { ServerStateSchema, serverStateExamples, type ServerStateMessage } from './server-state.js';
import { StateSchema, stateExamples, type StateMessage } from './state.js';

export * from './ack.js';
export * from './alarm.js';
export * from './birth.js';
export * from './command.js';
export * from './common.js';
export * from './desired.js';
export * from './log.js';
export * from './play.js';
export * from './reported.js';
export * from './server-state.js';
export * from './state.js';

/** The message type of each topic. Null for an alarm is the empty payload that resolves it. */
export interface MessageOf {
  state: StateMessage;
  birth: BirthMessage;
  desired: DesiredMessage;
  reported: ReportedMessage;
  command: CommandMessage;
  ack: AckMessage;
  log: LogRecord;
  alarm: AlarmMessage | null;
  areaCommand: CommandMessage;
  serverState: ServerStateMessage;
}

export interface MessageDefinition {
  name: string;
  summary: string;
  schema: TSchema;
  examples: readonly unknown[];
  /** Who says it. */
  from: 'cluster' | 'server';
  retain: boolean;
  /** A larger payload is refused unread. */
  maxBytes: number;
}

const SMALL = 16 * 1024;
const LARGE = 512 * 1024;

/** One row per topic kind: schemas, limits and examples from which validation and AsyncAPI are made. QoS is 1 throughout. */
export const MESSAGES: Record<TopicKind, MessageDefinition> = {
  state: {
    name: 'State',
    summary: 'The cluster is there or gone; gone is also its will',
    schema: StateSchema,
    examples: stateExamples,
    from: 'cluster',
    retain: true,
    maxBytes: SMALL,
  },
  birth: {
    name: 'Birth',
    summary: 'What has come: firmware, capabilities, clock, applied versions',
    schema: BirthSchema,
    examples: birthExamples,
    from: 'cluster',
    retain: true,
    maxBytes: SMALL,
  },
  desired: {
    name: 'Desired',
    summary: 'The whole wanted state: configuration, plan, media',
    schema: DesiredSchema,
    examples: desiredExamples,
    from: 'server',
    retain: true,
    maxBytes: LARGE,
  },
  reported: {
    name: 'Reported',
    summary: 'What is so on the cluster',
    schema: ReportedSchema,
    examples: reportedExamples,
    from: 'cluster',
    retain: true,
    maxBytes: LARGE,
  },
  command: {
    name: 'Command',
    summary: 'One order now, to one cluster',
    schema: CommandSchema,
    examples: commandExamples,
    from: 'server',
    retain: false,
    maxBytes: SMALL,
  },
  areaCommand: {
    name: 'AreaCommand',
    summary: 'One order now, to every cluster of an area',
    schema: CommandSchema,
    examples: areaCommandExamples,
    from: 'server',
    retain: false,
    maxBytes: SMALL,
  },
  ack: {
    name: 'Ack',
    summary: 'What became of a command',
    schema: AckSchema,
    examples: ackExamples,
    from: 'cluster',
    retain: false,
    maxBytes: SMALL,
  },
  log: {
    name: 'LogRecord',
    summary: 'One record of what was played',
    schema: LogRecordSchema,
    examples: logExamples,
    from: 'cluster',
    retain: false,
    maxBytes: SMALL,
  },
  alarm: {
    name: 'Alarm',
    summary: 'Something is wrong on the cluster; an empty payload resolves it',
    schema: AlarmSchema,
    examples: alarmExamples,
    from: 'cluster',
    retain: true,
    maxBytes: SMALL,
  },
  serverState: {
    name: 'ServerState',
    summary: 'The server is there or gone',
    schema: ServerStateSchema,
    examples: serverStateExamples,
    from: 'server',
    retain: true,
    maxBytes: SMALL,
  },
};
