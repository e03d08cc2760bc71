import { Type, type Static } from 'typebox';
import { AREA_CODE_PATTERN } from '../topics.js';

/** Objects of the protocol are closed: a field nobody agreed on is a mistake, not an extension. */
export const CLOSED = { additionalProperties: false } as const;

/** Lower case only, so that equal ids are equal strings everywhere. */
export const Uuid = Type.String({
  format: 'uuid',
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
});

/** ISO 8601 with a zone. The pattern leaves out what JSON Schema's date-time allows and Date.parse does not read. */
export const Instant = Type.String({
  format: 'date-time',
  maxLength: 40,
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:[0-5]\\d(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})$',
});

export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hex' });
export const AreaCode = Type.String({ pattern: AREA_CODE_PATTERN });
export const VolumePercent = Type.Integer({ minimum: 0, maximum: 100 });

/** Follows one request from HTTP to MQTT and back; free text without blanks. */
export const CorrelationId = Type.String({ pattern: '^[A-Za-z0-9._:-]{1,64}$' });
/**
 * Ed25519 by one of `desired.keys`, over the topic and the canonical JSON (RFC 8785) of the message without this field:
 * the bytes of `topic + "\\n" + canonical JSON`.
 */
export const SignatureSchema = Type.Object(
  {
    keyId: Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }),
    value: Type.String({ pattern: '^[A-Za-z0-9_-]{86}$', description: '64 bytes, base64url' }),
  },
  CLOSED,
);
export type Signature = Static<typeof SignatureSchema>;
/** A machine-readable code such as QUIET_HOURS. */
export const Code = Type.String({ pattern: '^[A-Z][A-Z0-9_]{1,39}$' });
/** A sentence for a person, in any language. */
export const Reason = Type.String({ maxLength: 300 });

export const ClockSchema = Type.Object(
  {
    synced: Type.Boolean({ description: 'whether the controller trusts its clock' }),
    offsetMs: Type.Union([Type.Integer(), Type.Null()], {
      description: 'clock minus true time as last measured; null when unknown',
    }),
  },
  CLOSED,
);
export type ClockReading = Static<typeof ClockSchema>;

/** How far a store's records have come: every record up to and including `seq` of that journal. */
export const WatermarkSchema = Type.Object({ journal: Uuid, seq: Type.Integer({ minimum: 0 }) }, CLOSED);
export type Watermark = Static<typeof WatermarkSchema>;
