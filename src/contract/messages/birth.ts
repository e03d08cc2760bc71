import { Type, type Static } from 'typebox';
import { CLOSED, Instant, Uuid } from './common.js';
import { MediaCodecSchema } from './play.js';

export const CLOCK_SOURCES = ['NTP', 'GNSS', 'CELLULAR', 'RTC', 'NONE'] as const;
export type ClockSource = (typeof CLOCK_SOURCES)[number];

/** Where a store stands: its journal, the last record written, the last the server has confirmed. */
export const LogPositionSchema = Type.Object(
  { journal: Uuid, lastSeq: Type.Integer({ minimum: 0 }), ackedSeq: Type.Integer({ minimum: 0 }) },
  CLOSED,
);
export type LogPosition = Static<typeof LogPositionSchema>;

/** `c/{id}/birth`, retained: who has come, and what it holds already. */
export const BirthSchema = Type.Object(
  {
    session: Uuid,
    at: Instant,
    firmware: Type.String({ minLength: 1, maxLength: 80 }),
    hardware: Type.String({ minLength: 1, maxLength: 80 }),
    capabilities: Type.Object(
      {
        codecs: Type.Array(MediaCodecSchema, { maxItems: 20 }),
        storageBytes: Type.Integer({ minimum: 0, description: 'room for media' }),
        tts: Type.Boolean(),
        live: Type.Boolean(),
      },
      CLOSED,
    ),
    clock: Type.Object(
      {
        synced: Type.Boolean(),
        offsetMs: Type.Union([Type.Integer(), Type.Null()]),
        source: Type.Enum([...CLOCK_SOURCES]),
      },
      CLOSED,
    ),
    applied: Type.Object(
      { desiredVersion: Type.Integer({ minimum: 0, description: '0: none yet' }) },
      CLOSED,
    ),
    log: LogPositionSchema,
  },
  CLOSED,
);
export type BirthMessage = Static<typeof BirthSchema>;

export const birthExamples: BirthMessage[] = [
  {
    session: '5f0c3c1e-9a53-4a8f-b6a0-3a51b5f4d0c2',
    at: '2026-03-02T16:58:12.300+07:00',
    firmware: 'phu-song-agent/0.1.0',
    hardware: 'reference',
    capabilities: { codecs: ['wav', 'mp3'], storageBytes: 2_000_000_000, tts: false, live: false },
    clock: { synced: true, offsetMs: 4, source: 'NTP' },
    applied: { desiredVersion: 41 },
    log: { journal: 'a7d6b1f2-0c0f-4f0e-9a43-1e1b2d3c4f50', lastSeq: 118, ackedSeq: 118 },
  },
];
