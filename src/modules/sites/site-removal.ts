import type { Tx } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import type { StoredSite } from './site.types.js';

/** Takes sites out with all that hangs on them, as if they had never been: what an import brought by mistake. */
export async function removeSites(tx: Tx, sites: readonly StoredSite[]): Promise<void> {
  await tx.manager.query(`delete from sites where id = any($1::uuid[])`, [sites.map(({ id }) => id)]);
  for (const before of sites)
    tx.emit(RESOURCE_CHANGED, { resource: 'site', id: before.id, action: 'delete', before, after: null });
}
