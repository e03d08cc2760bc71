import { Type, type Static } from 'typebox';
import { ClockSchema, CLOSED, Code, Instant, Sha256, Uuid, VolumePercent } from './common.js';
import { BroadcastClassSchema, exampleMedia, examplePlayOrder, OnInterruptSchema } from './play.js';

/**
 * What a play record tells.
 * started, resumed: sound begins · interrupted: sound ends before its end, `next` says whether it comes back ·
 * finished: heard to the end · stopped: ended, or kept from beginning, by an order · failed: could not be played ·
 * missed: its time passed · refused: a rule of the cluster forbids it (quiet hours, clock)
 */
export const LOG_KINDS = [
  'started',
  'resumed',
  'interrupted',
  'finished',
  'stopped',
  'failed',
  'missed',
  'refused',
] as const;
export type LogKind = (typeof LOG_KINDS)[number];

/**
 * `c/{id}/log`: one play record. Stored by (cluster, journal, seq), so that a repeat changes nothing. `journal` is the id
 * of the device's store, made when the store is; `seq` counts from 1 for ever in it.
 */
export const LogRecordSchema = Type.Object(
  {
    journal: Uuid,
    seq: Type.Integer({ minimum: 1 }),
    kind: Type.Enum([...LOG_KINDS]),
    playId: Uuid,
    broadcastId: Uuid,
    occurrenceId: Uuid,
    class: BroadcastClassSchema,
    commandId: Type.Optional(Type.String({ ...Uuid, description: 'when a command ordered the play' })),
    at: Instant,
    clock: ClockSchema,
    sha256: Type.String({
      ...Sha256,
      description: 'of the media; of a live stream: of its bytes that were taken so far',
    }),
    volumePercent: VolumePercent,
    positionS: Type.Number({ minimum: 0, description: 'seconds of the play heard so far, repeats included' }),
    reason: Type.Optional(Code),
    byPlayId: Type.Optional(Type.String({ ...Uuid, description: 'the play that took its place' })),
    next: Type.Optional(OnInterruptSchema),
  },
  CLOSED,
);
export type LogRecord = Static<typeof LogRecordSchema>;

/** Whether nothing more will be heard of the play after this record. */
export function isFinalRecord(record: Pick<LogRecord, 'kind' | 'next'>): boolean {
  if (record.kind === 'interrupted') return record.next === 'DROP';
  return record.kind !== 'started' && record.kind !== 'resumed';
}

export const logExamples: LogRecord[] = [
  {
    journal: 'a7d6b1f2-0c0f-4f0e-9a43-1e1b2d3c4f50',
    seq: 119,
    kind: 'started',
    playId: '3d0f6e0c-4a1f-5f43-9c1e-7a3a8f1f2b60',
    broadcastId: examplePlayOrder.broadcastId,
    occurrenceId: examplePlayOrder.occurrenceId,
    class: 'NORMAL',
    at: '2026-03-02T17:00:00.012+07:00',
    clock: { synced: true, offsetMs: 4 },
    sha256: exampleMedia.sha256,
    volumePercent: 70,
    positionS: 0,
  },
  {
    journal: 'a7d6b1f2-0c0f-4f0e-9a43-1e1b2d3c4f50',
    seq: 120,
    kind: 'interrupted',
    playId: '3d0f6e0c-4a1f-5f43-9c1e-7a3a8f1f2b60',
    broadcastId: examplePlayOrder.broadcastId,
    occurrenceId: examplePlayOrder.occurrenceId,
    class: 'NORMAL',
    at: '2026-03-02T17:00:01.500+07:00',
    clock: { synced: true, offsetMs: 4 },
    sha256: exampleMedia.sha256,
    volumePercent: 70,
    positionS: 1.49,
    reason: 'OUTRANKED',
    byPlayId: '8a1b2c3d-4e5f-5a6b-8c7d-9e0f1a2b3c4d',
    next: 'RESUME',
  },
];
