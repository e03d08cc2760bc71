import type { WrittenChange } from '../audit/index.js';

const TYPES = { create: 'created', update: 'updated', delete: 'deleted' } as const;
/** Receivers refuse large bodies; what is larger is told of and can be fetched from the history. */
const LARGEST_BYTES = 256 * 1024;

/** The same for each time that a change is sent: receivers know by it what they have had already. */
export function messageId(entryId: string): string {
  return `msg_${entryId}`;
}

/** What is sent of a change. */
export function changeMessage(change: WrittenChange): string {
  const { id: entryId, resource, resourceId, action, at, actor, reason, correlationId } = change;
  const told = { entryId, resource, resourceId, action, at, actor, reason, correlationId };
  const message = (data: object) =>
    JSON.stringify({ type: `${resource}.${TYPES[action]}`, timestamp: at, data });
  const whole = message({ ...told, changes: change.changes, after: change.after, tooLarge: false });
  if (Buffer.byteLength(whole) <= LARGEST_BYTES) return whole;
  return message({ ...told, changes: null, after: null, tooLarge: true });
}

export function pingMessage(webhookId: string, at: Date): string {
  return JSON.stringify({ type: 'webhook.ping', timestamp: at.toISOString(), data: { webhookId } });
}
