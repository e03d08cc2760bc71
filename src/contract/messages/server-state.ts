import { Type, type Static } from 'typebox';
import { CLOSED, Instant } from './common.js';

/** `server/state`, retained, with a will. A cluster whose server is gone goes on from its plan. */
export const ServerStateSchema = Type.Object({ online: Type.Boolean(), at: Instant }, CLOSED);
export type ServerStateMessage = Static<typeof ServerStateSchema>;

export const serverStateExamples: ServerStateMessage[] = [{ online: true, at: '2026-03-02T09:00:00.000Z' }];
