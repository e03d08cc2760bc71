import { Type, type Static } from 'typebox';
import { CLOSED, Instant, Sha256, SignatureSchema, Uuid } from './common.js';

/** Circular 39/2020/TT-BTTTT: thông thường, ưu tiên, khẩn cấp. */
export const BROADCAST_CLASSES = ['NORMAL', 'PRIORITY', 'EMERGENCY'] as const;
export const BroadcastClassSchema = Type.Enum([...BROADCAST_CLASSES]);
export type BroadcastClass = (typeof BROADCAST_CLASSES)[number];

export const ON_INTERRUPT = ['RESUME', 'RESTART', 'DROP'] as const;
export const OnInterruptSchema = Type.Enum([...ON_INTERRUPT], {
  description:
    'what becomes of the play when a higher one takes its place: go on from where it was, from the beginning, or not at all',
});
export type OnInterrupt = (typeof ON_INTERRUPT)[number];

export const ON_OVERRUN = ['CUT', 'FINISH', 'SHIFT'] as const;
export const OnOverrunSchema = Type.Enum([...ON_OVERRUN], {
  description:
    'where the time of another of the same class and rank comes before this one is over: end here, go on while the other waits until its notAfter, or go on and let the other have its time afterwards. Absent: FINISH',
});
export type OnOverrun = (typeof ON_OVERRUN)[number];

export const MEDIA_CODECS = ['wav', 'mp3', 'aac', 'opus', 'flac'] as const;
export const MediaCodecSchema = Type.Enum([...MEDIA_CODECS]);
export type MediaCodec = (typeof MEDIA_CODECS)[number];

const mediaFields = {
  sha256: Sha256,
  bytes: Type.Integer({ minimum: 1, maximum: 2_000_000_000 }),
  durationS: Type.Number({ exclusiveMinimum: 0, maximum: 86_400 }),
};

/** What is played: the approved rendition by its hash. */
export const PlayMediaSchema = Type.Object(mediaFields, CLOSED);
export type PlayMedia = Static<typeof PlayMediaSchema>;

/** A file to hold ready, fetched as `GET /media/{sha256}`. */
export const MediaRefSchema = Type.Object({ ...mediaFields, codec: MediaCodecSchema }, CLOSED);
export type MediaRef = Static<typeof MediaRefSchema>;

const playFields = {
  broadcastId: Uuid,
  occurrenceId: Uuid,
  class: BroadcastClassSchema,
  rank: Type.Integer({
    minimum: 0,
    maximum: 1000,
    description: 'within the class; the higher number goes first',
  }),
  approvedAt: Type.String({
    ...Instant,
    description: 'within class and rank the earlier approval goes first',
  }),
  media: PlayMediaSchema,
  volumePercent: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 100, description: "absent: the cluster's configured volume" }),
  ),
  notAfter: Type.String({ ...Instant, description: 'latest moment at which it may begin' }),
  onInterrupt: OnInterruptSchema,
  onOverrun: Type.Optional(OnOverrunSchema),
  repeat: Type.Integer({ minimum: 1, maximum: 100, description: 'how often the media is played, in a row' }),
  gapS: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 600,
      description: 'silence between two of them, seconds; absent: none',
    }),
  ),
};

/**
 * A play ordered by command, to begin at once. One area command reaches many clusters, so it cannot carry the play id
 * of each: without `playId` a cluster takes `playIdOf(broadcastId, occurrenceId, its id)`, which is what a play id is
 * everywhere else too.
 */
export const PlayOrderSchema = Type.Object({ playId: Type.Optional(Uuid), ...playFields }, CLOSED);
export type PlayOrder = Static<typeof PlayOrderSchema>;

/**
 * A play of the plan, begun by the cluster's own clock. Its place in the plan is kept until `notAfter` has passed.
 * One of class EMERGENCY is signed for the topic of the cluster's `desired`, as an emergency command is for its own.
 */
export const PlanItemSchema = Type.Object(
  { playId: Uuid, ...playFields, startAt: Instant, signature: Type.Optional(SignatureSchema) },
  CLOSED,
);
export type PlanItem = Static<typeof PlanItemSchema>;

/** Codecs in which live sound is sent: one that can be joined at any moment. */
export const LIVE_CODECS = ['mp3'] as const;

/** Sound that is being made now. It is never stored by the cluster, and what was missed is not made up for. */
export const LiveStreamSchema = Type.Object(
  {
    codec: Type.Enum([...LIVE_CODECS]),
    limitS: Type.Integer({
      minimum: 1,
      maximum: 14_400,
      description: 'it ends by then, whatever still comes; seconds from its beginning',
    }),
  },
  CLOSED,
);
export type LiveStream = Static<typeof LiveStreamSchema>;

const { media: _media, repeat: _repeat, gapS: _gapS, onOverrun: _onOverrun, ...liveFields } = playFields;

/**
 * A live stream to be heard from now on, fetched as `GET /live/{broadcastId}`. It stands in its own class, between EMERGENCY
 * and PRIORITY; one of class EMERGENCY among the emergencies. RESUME: what is missed while interrupted is not heard.
 */
export const LiveOrderSchema = Type.Object(
  { playId: Type.Optional(Uuid), ...liveFields, stream: LiveStreamSchema },
  CLOSED,
);
export type LiveOrder = Static<typeof LiveOrderSchema>;

export const exampleMedia: MediaRef = {
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  bytes: 264_644,
  durationS: 3,
  codec: 'wav',
};

export const examplePlayOrder: PlayOrder = {
  playId: '3d0f6e0c-4a1f-5f43-9c1e-7a3a8f1f2b60',
  broadcastId: '0b5a3b0e-6f0a-4f57-8c39-0b3f6f1f7a11',
  occurrenceId: '7c8d9e10-1112-4314-8516-171819202122',
  class: 'NORMAL',
  rank: 10,
  approvedAt: '2026-03-02T15:40:00+07:00',
  media: { sha256: exampleMedia.sha256, bytes: exampleMedia.bytes, durationS: exampleMedia.durationS },
  volumePercent: 70,
  notAfter: '2026-03-02T17:05:00+07:00',
  onInterrupt: 'RESUME',
  repeat: 1,
};

export const exampleLiveOrder: LiveOrder = {
  playId: '5a1c0c3e-1d6b-5a55-8f4e-2b6f0c9d7e31',
  broadcastId: '9d2f4c11-3b7a-4c60-a1d5-6e8f70819203',
  occurrenceId: '1b2c3d4e-5f60-4718-8293-a4b5c6d7e8f9',
  class: 'PRIORITY',
  rank: 0,
  approvedAt: '2026-03-02T16:59:58+07:00',
  stream: { codec: 'mp3', limitS: 900 },
  notAfter: '2026-03-02T17:01:00+07:00',
  onInterrupt: 'RESUME',
};

export const examplePlanItem: PlanItem = {
  ...examplePlayOrder,
  playId: '3d0f6e0c-4a1f-5f43-9c1e-7a3a8f1f2b60',
  startAt: '2026-03-02T17:00:00+07:00',
};

/** How long a play takes from its first sound to its last, gaps included, seconds. */
export function playLengthS(durationS: number, repeat: number, gapS = 0): number {
  return durationS * repeat + gapS * (repeat - 1);
}
