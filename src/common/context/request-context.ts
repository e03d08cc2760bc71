import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

/** Who acts, as written into the audit trail. */
export interface ContextActor {
  kind: 'user' | 'api-key' | 'device' | 'system';
  id: string;
  name: string;
}

/** What is known of the request, message or job that the running code serves. */
export interface RequestContext {
  /** Follows a request into the outbox, over MQTT to a cluster, and back. */
  correlationId: string;
  actor: ContextActor;
  /** Why the caller makes this change, for the audit trail. */
  reason?: string;
}

export const SYSTEM_ACTOR: ContextActor = { kind: 'system', id: 'system', name: 'system' };

const storage = new AsyncLocalStorage<RequestContext>();

export function currentContext(): RequestContext | undefined {
  return storage.getStore();
}

export function currentCorrelationId(): string | undefined {
  return storage.getStore()?.correlationId;
}

/** Says who acts, once that is known: the request's context begins before anyone has signed in. */
export function setActor(actor: ContextActor): void {
  const context = storage.getStore();
  if (context) context.actor = actor;
}

export function runInContext<T>(context: RequestContext, work: () => T): T {
  return storage.run(context, work);
}

/** For work that nobody asked for over HTTP: a job, an inbound message, the start-up. */
export function runAsSystem<T>(name: string, work: () => T, correlationId: string = randomUUID()): T {
  return storage.run({ correlationId, actor: { ...SYSTEM_ACTOR, name } }, work);
}
