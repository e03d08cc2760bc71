import { Type, type Static } from 'typebox';
import { ClockSchema, CLOSED, Code, Instant, Reason, Sha256, Uuid, VolumePercent } from './common.js';
import { ALARM_CODE_PATTERN } from '../topics.js';
import { LogPositionSchema } from './birth.js';
import { BroadcastClassSchema, exampleMedia } from './play.js';

const NumberOrUnknown = Type.Union([Type.Number(), Type.Null()]);

/** `c/{id}/reported`, retained: what is so on the cluster. Null is "not known", never "fine". */
export const ReportedSchema = Type.Object(
  {
    at: Instant,
    session: Uuid,
    version: Type.Integer({ minimum: 0, description: 'desired version applied; 0: none yet' }),
    error: Type.Union([
      Type.Object(
        { version: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]), code: Code, reason: Reason },
        CLOSED,
      ),
      Type.Null(),
    ]),
    media: Type.Object(
      {
        ready: Type.Array(Sha256, { maxItems: 2000 }),
        missing: Type.Array(Type.Object({ sha256: Sha256, code: Code }, CLOSED), { maxItems: 2000 }),
      },
      CLOSED,
    ),
    volumePercent: VolumePercent,
    playing: Type.Union([
      Type.Object({ playId: Uuid, class: BroadcastClassSchema, since: Instant }, CLOSED),
      Type.Null(),
    ]),
    clock: ClockSchema,
    log: LogPositionSchema,
    alarms: Type.Optional(
      Type.Array(Type.String({ pattern: ALARM_CODE_PATTERN }), {
        maxItems: 200,
        description:
          'codes of every alarm that stands; one raised before `at` and not named here is resolved. Without: not told',
      }),
    ),
    keys: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z0-9._-]{1,64}$' }), {
        maxItems: 16,
        description:
          'ids of the keys whose emergencies are believed; empty: unsigned ones are obeyed. Without: not told',
      }),
    ),
    health: Type.Object(
      {
        temperatureC: NumberOrUnknown,
        mains: Type.Union([Type.Boolean(), Type.Null()]),
        batteryPercent: NumberOrUnknown,
        signalDbm: NumberOrUnknown,
      },
      CLOSED,
    ),
  },
  CLOSED,
);
export type ReportedMessage = Static<typeof ReportedSchema>;

export const reportedExamples: ReportedMessage[] = [
  {
    at: '2026-03-02T16:58:14.010+07:00',
    session: '5f0c3c1e-9a53-4a8f-b6a0-3a51b5f4d0c2',
    version: 42,
    error: null,
    media: { ready: [exampleMedia.sha256], missing: [] },
    volumePercent: 70,
    playing: null,
    clock: { synced: true, offsetMs: 4 },
    log: { journal: 'a7d6b1f2-0c0f-4f0e-9a43-1e1b2d3c4f50', lastSeq: 118, ackedSeq: 118 },
    alarms: ['clock'],
    health: { temperatureC: 41.5, mains: true, batteryPercent: null, signalDbm: -83 },
  },
];
