import { eventType } from '../../common/events/event-bus.js';

/** What somebody may do has changed, or their session has ended: what is remembered of them is to be asked anew. */
export const ACCESS_CHANGED = eventType<{ kind: 'user' | 'api-key'; id: string }>('identity.access-changed');

/**
 * How long a process may go on believing what it read of a user, a session or an API key (roles, jurisdiction,
 * whether active). A change made in this process holds at once, one made in another within this time.
 */
export const ACCESS_BELIEVED_MS = 10_000;
/** Sessions and keys remembered at a time; more only ask the database again. */
export const ACCESS_MAX_REMEMBERED = 5_000;
