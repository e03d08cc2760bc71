import { Type, type Static } from 'typebox';
import {
  CLOSED,
  CorrelationId,
  Instant,
  SignatureSchema,
  Uuid,
  VolumePercent,
  WatermarkSchema,
} from './common.js';
import {
  BROADCAST_CLASSES,
  LiveOrderSchema,
  PlayOrderSchema,
  exampleLiveOrder,
  examplePlayOrder,
} from './play.js';

const envelope = {
  id: Uuid,
  issuedAt: Instant,
  notAfter: Type.String({ ...Instant, description: 'too late after this: EXPIRED, nothing is done' }),
  priority: Type.Enum([...BROADCAST_CLASSES], {
    description: 'how urgent the order is; of a play it is the class of the play',
  }),
  correlationId: Type.Optional(CorrelationId),
};
/** A cluster that knows a key obeys an EMERGENCY play, and any stop, only with a valid one; one that stands must be right. */
const signature = Type.Optional(SignatureSchema);

/** What `stop` stops. ALL: what sounds and what waits now; the plan goes on. */
export const StopTargetSchema = Type.Union([
  Type.Object({ scope: Type.Literal('PLAY'), playId: Uuid }, CLOSED),
  Type.Object(
    { scope: Type.Literal('BROADCAST'), broadcastId: Uuid, occurrenceId: Type.Optional(Uuid) },
    CLOSED,
  ),
  Type.Object({ scope: Type.Literal('ALL') }, CLOSED),
]);
export type StopTarget = Static<typeof StopTargetSchema>;

const PlayCommandSchema = Type.Object(
  { ...envelope, type: Type.Literal('play'), play: PlayOrderSchema, signature },
  CLOSED,
);
const LiveCommandSchema = Type.Object(
  { ...envelope, type: Type.Literal('live'), live: LiveOrderSchema, signature },
  CLOSED,
);
const StopCommandSchema = Type.Object(
  { ...envelope, type: Type.Literal('stop'), target: StopTargetSchema, signature },
  CLOSED,
);
const VolumeCommandSchema = Type.Object(
  { ...envelope, type: Type.Literal('volume'), volumePercent: VolumePercent },
  CLOSED,
);
const SelfTestCommandSchema = Type.Object({ ...envelope, type: Type.Literal('self-test') }, CLOSED);
const RebootCommandSchema = Type.Object({ ...envelope, type: Type.Literal('reboot') }, CLOSED);
const LogAckCommandSchema = Type.Object(
  { ...envelope, type: Type.Literal('log-ack'), watermark: WatermarkSchema },
  CLOSED,
);
const SyncCommandSchema = Type.Object({ ...envelope, type: Type.Literal('sync') }, CLOSED);

/**
 * `c/{id}/command` and `a/{areaCode}/command`, never retained: one order now, told apart by `type`.
 *
 * - `play`: play at once · `live`: let a live stream be heard · `stop`: end plays
 * - `volume`: the configured volume until the next desired version that is applied
 * - `self-test`: the result is in the FINISHED ack · `reboot`: a new session follows
 * - `log-ack`: records up to the watermark are stored · `sync`: say birth, reported and the unconfirmed records again
 */
export const CommandSchema = Type.Union([
  PlayCommandSchema,
  LiveCommandSchema,
  StopCommandSchema,
  VolumeCommandSchema,
  SelfTestCommandSchema,
  RebootCommandSchema,
  LogAckCommandSchema,
  SyncCommandSchema,
]);
export type PlayCommand = Static<typeof PlayCommandSchema>;
export type LiveCommand = Static<typeof LiveCommandSchema>;
export type StopCommand = Static<typeof StopCommandSchema>;
export type VolumeCommand = Static<typeof VolumeCommandSchema>;
export type SelfTestCommand = Static<typeof SelfTestCommandSchema>;
export type RebootCommand = Static<typeof RebootCommandSchema>;
export type LogAckCommand = Static<typeof LogAckCommandSchema>;
export type SyncCommand = Static<typeof SyncCommandSchema>;
export type CommandMessage = Static<typeof CommandSchema>;
export type CommandType = CommandMessage['type'];

const exampleEnvelope = {
  id: 'c0a80101-6d1e-4b7a-9c55-0f5f3e1b7a01',
  issuedAt: '2026-03-02T16:59:58.000+07:00',
  notAfter: '2026-03-02T17:05:00.000+07:00',
  priority: 'NORMAL' as const,
  correlationId: 'req-7f3a',
};

export const commandExamples: CommandMessage[] = [
  { ...exampleEnvelope, type: 'play', play: examplePlayOrder },
  {
    ...exampleEnvelope,
    type: 'stop',
    target: { scope: 'BROADCAST', broadcastId: examplePlayOrder.broadcastId },
  },
  { ...exampleEnvelope, type: 'volume', volumePercent: 55 },
  { ...exampleEnvelope, type: 'self-test' },
  { ...exampleEnvelope, type: 'reboot' },
  {
    ...exampleEnvelope,
    type: 'log-ack',
    watermark: { journal: 'a7d6b1f2-0c0f-4f0e-9a43-1e1b2d3c4f50', seq: 121 },
  },
  { ...exampleEnvelope, type: 'sync' },
  { ...exampleEnvelope, priority: 'PRIORITY', type: 'live', live: exampleLiveOrder },
];

/** What is sent once to all clusters of an area: no `playId`, for it is another one on each cluster. */
export const areaCommandExamples: CommandMessage[] = [
  {
    ...exampleEnvelope,
    priority: 'EMERGENCY',
    type: 'play',
    play: { ...examplePlayOrder, playId: undefined, class: 'EMERGENCY', volumePercent: 100, repeat: 3 },
  },
  { ...exampleEnvelope, priority: 'EMERGENCY', type: 'stop', target: { scope: 'ALL' } },
].map((example) => JSON.parse(JSON.stringify(example)) as CommandMessage);
