import path from 'node:path';
import type { INestApplicationContext } from '@nestjs/common';
import { UnitOfWork } from '../common/database/unit-of-work.js';
import type { Config } from '../config/config.js';
import type { Progress } from '../console/progress.js';
import { DeviceCredentials } from '../modules/identity/index.js';
import { ClusterService } from '../modules/speakers/index.js';
import { isEmpty, loadDemo } from './load/load-demo.js';
import { areaRows } from './load/rows.js';
import { SYNTHETIC } from './province/index.js';
import { SimulatedClusters, storedCredentials } from './simulated-clusters.js';
import { showAnnouncement, showCoverage } from './tour.js';

const CONNECTED_WITHIN_MS = 60_000;

export interface Addresses {
  serverUrl: string;
  mqttUrl: string;
}

/**
 * What the first start shows, on an empty register: the province is loaded, its clusters connect, coverage is
 * computed, an announcement is made. A later start finds all that and only connects the clusters again. Returns what
 * has to be stopped; a register that somebody else has filled is left alone.
 */
export async function runDemo(
  app: INestApplicationContext,
  config: Config,
  addresses: Addresses,
  progress: Progress,
  signal: AbortSignal,
): Promise<SimulatedClusters | undefined> {
  const folder = path.join(config.dataDir, 'simulator');
  const credentials = (await isEmpty(app)) ? await load(app, progress) : await known(app, folder);
  if (!credentials) return undefined;
  const clusters = new SimulatedClusters({ folder, credentials, ...addresses });
  try {
    progress.doing(`${credentials.size} simulated clusters connect`);
    const connected = await clusters.start(CONNECTED_WITHIN_MS);
    progress.done(`${connected} simulated clusters are connected`);
    await showCoverage(app, progress, signal);
    await showAnnouncement(app, progress, signal);
  } catch (error) {
    await clusters.stop();
    throw error;
  }
  return clusters;
}

async function load(app: INestApplicationContext, progress: Progress): Promise<Map<string, string>> {
  const { demo, secrets } = await loadDemo(app, (what) => progress.doing(`demo province: ${what}`));
  const cells = demo.sites.reduce((sum, site) => sum + site.cells.length, 0);
  const horns = demo.clusters.reduce((sum, cluster) => sum + cluster.horns.length, 0);
  const communes = areaRows(demo).filter((area) => area.kind === 'commune').length;
  const plain = demo.plainSpeakers.reduce((sum, row) => sum + row.count, 0);
  progress.done(
    `${demo.name} is loaded (synthetic): ${communes} communes, ${demo.sites.length} sites with ${cells} cells, ` +
      `${demo.clusters.length} clusters, ${horns + plain} loudspeakers`,
  );
  return secrets;
}

/** The credentials of an earlier start; new ones when their file was lost. Undefined when no demo is loaded. */
async function known(app: INestApplicationContext, folder: string): Promise<Map<string, string> | undefined> {
  const ids = await syntheticClusters(app.get(ClusterService));
  if (ids.length === 0) return undefined;
  const stored = storedCredentials(folder);
  if (stored && ids.every((id) => stored.has(id))) return stored;
  return app.get(UnitOfWork).run((tx) => app.get(DeviceCredentials).issueMany(tx, ids));
}

async function syntheticClusters(clusters: ClusterService): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await clusters.list({ limit: 1000, ...(cursor ? { cursor } : {}) });
    ids.push(...page.items.filter((cluster) => cluster.source === SYNTHETIC).map((cluster) => cluster.id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  return ids;
}
