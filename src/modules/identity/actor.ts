import type { Permission } from './permissions.js';

/** Whoever makes a request: a person, an API client, or a loudspeaker cluster. */
export interface Actor {
  kind: 'user' | 'api-key' | 'device';
  /** User id, API key id, or the cluster's code. */
  id: string;
  name: string;
  permissions: ReadonlySet<Permission>;
  /** The administrative unit (area id) within which the actor may act; null: everywhere. */
  jurisdictionAreaId: string | null;
}
