import { Type, type Static } from 'typebox';
import { CLOSED, Instant, Uuid } from './common.js';

/** `c/{id}/state`, retained. The will is the same message with `online: false` and the same session. */
export const StateSchema = Type.Object(
  {
    online: Type.Boolean(),
    session: Type.String({
      ...Uuid,
      description: 'new at each connection; a death of another session is ignored',
    }),
    at: Instant,
  },
  CLOSED,
);
export type StateMessage = Static<typeof StateSchema>;

export const stateExamples: StateMessage[] = [
  { online: true, session: '5f0c3c1e-9a53-4a8f-b6a0-3a51b5f4d0c2', at: '2026-03-02T16:58:12.120+07:00' },
];
