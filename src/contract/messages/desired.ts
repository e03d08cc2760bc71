import { Type, type Static } from 'typebox';
import { AreaCode, CLOSED, Instant, SignatureSchema, VolumePercent, WatermarkSchema } from './common.js';
import { MediaRefSchema, PlanItemSchema, exampleMedia, examplePlanItem } from './play.js';

const LocalTime = Type.String({
  pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
  description: 'HH:MM in the time zone',
});

/** Times of the day in which only EMERGENCY is heard; `from` later than `to` passes over midnight, equal is the whole day. */
export const QuietHoursSchema = Type.Object({ from: LocalTime, to: LocalTime }, CLOSED);
export type QuietHours = Static<typeof QuietHoursSchema>;

export const ClusterConfigSchema = Type.Object(
  {
    volumePercent: VolumePercent,
    quietHours: Type.Array(QuietHoursSchema, { maxItems: 8 }),
    timeZone: Type.String({ pattern: '^[A-Za-z_]+(/[A-Za-z0-9_+-]+){0,2}$', maxLength: 40 }),
    areaChain: Type.Array(AreaCode, {
      maxItems: 8,
      description:
        'the units the cluster lies in (commune, district, province); it subscribes to the command topic of each',
    }),
  },
  CLOSED,
);
export type ClusterConfig = Static<typeof ClusterConfigSchema>;

/**
 * A public key whose emergencies the cluster believes. Provisioned with the device, or else those of the first document
 * that names any: trust on first use. A key that comes later is believed only if one that is believed already vouches for
 * it; so whoever can write this document, but holds no key, cannot put in their own. While no key is known, orders are
 * obeyed unsigned (and `reported.keys` is empty).
 */
export const PublicKeySchema = Type.Object(
  {
    keyId: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
    algorithm: Type.Enum(['Ed25519']),
    publicKey: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: '32 bytes, base64url' }),
    signature: Type.Optional(SignatureSchema),
  },
  CLOSED,
);
export type PublicKey = Static<typeof PublicKeySchema>;

/**
 * `c/{id}/desired`, retained: the whole wanted state in one document. `version` is the server's counter, never a time.
 * A play that is not in the plan any more and has not begun is cancelled; one that sounds already goes on
 * (to end it there is the `stop` command).
 */
export const DesiredSchema = Type.Object(
  {
    version: Type.Integer({ minimum: 1 }),
    at: Instant,
    config: ClusterConfigSchema,
    plan: Type.Array(PlanItemSchema, { maxItems: 500 }),
    media: Type.Array(MediaRefSchema, { maxItems: 1000, description: 'to be held ready' }),
    logWatermark: Type.Union([WatermarkSchema, Type.Null()]),
    keys: Type.Array(PublicKeySchema, { maxItems: 8 }),
  },
  CLOSED,
);
export type DesiredMessage = Static<typeof DesiredSchema>;

export const desiredExamples: DesiredMessage[] = [
  {
    version: 42,
    at: '2026-03-02T16:00:00+07:00',
    config: {
      volumePercent: 70,
      quietHours: [{ from: '21:00', to: '05:00' }],
      timeZone: 'Asia/Ho_Chi_Minh',
      areaChain: ['31318', '930', '93'],
    },
    plan: [examplePlanItem],
    media: [exampleMedia],
    logWatermark: { journal: 'a7d6b1f2-0c0f-4f0e-9a43-1e1b2d3c4f50', seq: 118 },
    keys: [],
  },
];
