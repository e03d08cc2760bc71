import { Type, type Static } from 'typebox';
import { CLOSED, Instant, Reason } from './common.js';

/** The alarm codes of the protocol; a device may add its own within the pattern of the topic. */
export const ALARM_CODES = ['amplifier', 'door', 'power', 'sim', 'clock', 'storage'] as const;
export const ALARM_SEVERITIES = ['INFO', 'WARNING', 'CRITICAL'] as const;

/** `c/{id}/alarm/{code}`, retained until it is resolved; an empty payload resolves it. */
export const AlarmSchema = Type.Object(
  { since: Instant, at: Instant, severity: Type.Enum([...ALARM_SEVERITIES]), detail: Reason },
  CLOSED,
);
export type AlarmMessage = Static<typeof AlarmSchema>;

export const alarmExamples: AlarmMessage[] = [
  {
    since: '2026-03-02T11:20:00+07:00',
    at: '2026-03-02T16:58:12+07:00',
    severity: 'WARNING',
    detail: 'No time synchronisation since the last power cut',
  },
];
