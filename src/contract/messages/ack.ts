import { Type, type Static } from 'typebox';
import { CLOSED, Code, CorrelationId, Instant, Reason, Uuid } from './common.js';

export const ACK_PHASES = ['ACCEPTED', 'STARTED', 'FINISHED', 'REJECTED', 'EXPIRED', 'FAILED'] as const;
export type AckPhase = (typeof ACK_PHASES)[number];

/** After one of these the command is over. */
export const FINAL_ACK_PHASES: ReadonlySet<AckPhase> = new Set(['FINISHED', 'REJECTED', 'EXPIRED', 'FAILED']);

/** Why, in one word. The same codes are the reasons of play records. A device may add its own. */
export const REASON_CODES = [
  'TOO_LATE', // notAfter has passed
  'CLOCK_UNSYNCED', // the controller does not trust its clock, and the play is not an EMERGENCY
  'QUIET_HOURS', // only EMERGENCY is heard now
  'MEDIA_UNAVAILABLE', // not in the cache and not to be had in time
  'MEDIA_MISMATCH', // the bytes are not those of the hash
  'MEDIA_TOO_LARGE', // larger than announced, or than the cluster can hold
  'STREAM_LOST', // the live stream broke off and did not come back
  'STREAM_OVER', // the live stream had ended before anything of it was heard
  'STORAGE', // the cluster cannot write
  'OUTPUT', // the amplifier or player failed
  'UNSUPPORTED', // the cluster cannot do this
  'DUPLICATE_PLAY', // the play came before, under another command; phase is what became of it
  'STOPPED', // ended by a stop command
  'OUTRANKED', // a higher play took its place or kept it from beginning
  'OVERRUN', // the time of the next one had come
  'RESTART', // the controller restarted meanwhile
  'UNSIGNED', // must be signed (see SignatureSchema), and is not
  'BAD_SIGNATURE', // signed by no key that the cluster knows, or changed since
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** `c/{id}/ack`: what became of a command. A repeated command gets its last ack again. */
export const AckSchema = Type.Object(
  {
    id: Type.String({ ...Uuid, description: 'the command' }),
    phase: Type.Enum([...ACK_PHASES]),
    at: Instant,
    code: Type.Optional(Code),
    reason: Type.Optional(Reason),
    playId: Type.Optional(Uuid),
    correlationId: Type.Optional(CorrelationId),
    checks: Type.Optional(
      Type.Array(
        Type.Object({ name: Type.String({ maxLength: 40 }), ok: Type.Boolean(), detail: Reason }, CLOSED),
        { maxItems: 32, description: 'result of a self-test' },
      ),
    ),
  },
  CLOSED,
);
export type AckMessage = Static<typeof AckSchema>;

export const ackExamples: AckMessage[] = [
  {
    id: 'c0a80101-6d1e-4b7a-9c55-0f5f3e1b7a01',
    phase: 'STARTED',
    at: '2026-03-02T17:00:00.310+07:00',
    playId: '3d0f6e0c-4a1f-5f43-9c1e-7a3a8f1f2b60',
    correlationId: 'req-7f3a',
  },
  {
    id: 'c0a80101-6d1e-4b7a-9c55-0f5f3e1b7a01',
    phase: 'REJECTED',
    at: '2026-03-02T22:10:00.000+07:00',
    code: 'QUIET_HOURS',
    reason: 'quiet hours 21:00-05:00',
    playId: '3d0f6e0c-4a1f-5f43-9c1e-7a3a8f1f2b60',
  },
];
