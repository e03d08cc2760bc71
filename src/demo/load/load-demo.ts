import type { INestApplicationContext } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { AreasService, AreasWriter } from '../../modules/areas/index.js';
import { FibreService } from '../../modules/fibre/index.js';
import { HamletsWriter } from '../../modules/hamlets/index.js';
import { DeviceCredentials } from '../../modules/identity/index.js';
import { OperatorsService, SitesWriter } from '../../modules/sites/index.js';
import { ClusterService } from '../../modules/speakers/index.js';
import { type DemoProvince, generateDemo } from '../province/index.js';
import { areaRows, hamletRows, siteRows } from './rows.js';

export const DEMO_SEED = 1;

/** A register without a single administrative unit is an empty one. */
export async function isEmpty(app: INestApplicationContext): Promise<boolean> {
  const rows = await app.get(UnitOfWork).reader.query<unknown[]>('select 1 from areas limit 1');
  return rows.length === 0;
}

/**
 * Loads the synthetic province through the services that an import uses, in one transaction: after a kill in the middle
 * the register is as empty as before. Returns the clusters' new secrets by code.
 */
export async function loadDemo(
  app: INestApplicationContext,
  doing: (what: string) => void,
): Promise<{ demo: DemoProvince; secrets: Map<string, string> }> {
  doing('drawing the province');
  const demo = generateDemo(DEMO_SEED);
  const secrets = await app.get(UnitOfWork).run((tx) => load(app, demo, doing, tx));
  return { demo, secrets };
}

async function load(
  app: INestApplicationContext,
  demo: DemoProvince,
  doing: (what: string) => void,
  tx: Tx,
): Promise<Map<string, string>> {
  doing(`${demo.areas.length} administrative units`);
  await app.get(AreasWriter).importAreas(areaRows(demo), tx);
  doing(`${demo.hamlets.length} hamlets`);
  await app.get(HamletsWriter).importHamlets(hamletRows(demo), { tx });
  doing(`${demo.sites.length} sites with their cells`);
  await app.get(OperatorsService).importOperators(demo.operators, tx);
  await app.get(SitesWriter).importSites(siteRows(demo), { tx });
  doing(`${demo.fibre.length} fibre figures`);
  await app.get(FibreService).importFibre(demo.fibre, tx);
  doing(`${demo.clusters.length} loudspeaker clusters`);
  const areaIds = await communeIds(app, tx);
  const clusters = app.get(ClusterService);
  await clusters.importClusters(
    demo.clusters.map(({ code, communeCode, uplinkOperatorCode, ...cluster }) => ({
      ...cluster,
      id: code,
      areaId: areaIds(communeCode),
      uplinkOperator: uplinkOperatorCode,
    })),
    tx,
  );
  await clusters.importGroups(
    demo.groups.map(({ code, name, clusterCodes, source }) => ({
      id: code,
      name,
      clusterIds: clusterCodes,
      source,
    })),
    tx,
  );
  await clusters.importPlainLoudspeakers(
    demo.plainSpeakers.map(({ communeCode, ...row }) => ({ ...row, areaId: areaIds(communeCode) })),
    tx,
  );
  return app.get(DeviceCredentials).issueMany(
    tx,
    demo.clusters.map((cluster) => cluster.code),
  );
}

async function communeIds(app: INestApplicationContext, tx: Tx): Promise<(code: string) => string> {
  const areas = app.get(AreasService);
  const communes = await areas.snapshotAt(areas.today(), tx.manager);
  const byCode = new Map(communes.map(({ code, id }) => [code, id]));
  return (code) => {
    const id = byCode.get(code);
    if (!id) throw new Error(`the demo names the commune ${code}, which was not loaded`);
    return id;
  };
}
