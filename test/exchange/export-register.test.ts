import fs from 'node:fs';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { hamletRows } from '../../src/demo/load/rows.js';
import { AreasService, AreasWriter } from '../../src/modules/areas/index.js';
import { FibreService } from '../../src/modules/fibre/index.js';
import { HamletsWriter } from '../../src/modules/hamlets/index.js';
import { OperatorsService } from '../../src/modules/sites/index.js';
import { ClusterService } from '../../src/modules/speakers/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { demo, demoAreas } from './faults.js';
import { ImportClient } from './import-client.js';

type Format = 'csv' | 'xlsx' | 'geojson';
const hamlets = hamletRows(demo).slice(0, 60);
const clusters = demo.clusters.slice(0, 15);
const fibre = demo.fibre.slice(0, 300);
const plain = demo.plainSpeakers;
const COUNTS = {
  areas: demoAreas.length,
  hamlets: hamlets.length,
  clusters: clusters.length,
  loudspeakers: clusters.flatMap(({ horns }) => horns).length + plain.length,
  fibre: fibre.length,
};
/** Round trips of everything in every format would take minutes; the formats themselves are tested by themselves. */
const TRIPS: [keyof typeof COUNTS, Format][] = [
  ['areas', 'csv'],
  ['areas', 'geojson'],
  ['areas', 'xlsx'],
  ['hamlets', 'csv'],
  ['hamlets', 'geojson'],
  ['clusters', 'csv'],
  ['clusters', 'xlsx'],
  ['clusters', 'geojson'],
  ['loudspeakers', 'csv'],
  ['loudspeakers', 'geojson'],
  ['fibre', 'xlsx'],
  ['fibre', 'geojson'],
];

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp();
  const get = app.app.get.bind(app.app);
  await get(UnitOfWork).run(async (tx) => {
    await get(AreasWriter).importAreas(demoAreas, tx);
    await get(OperatorsService).importOperators(demo.operators, tx);
    await get(HamletsWriter).importHamlets(hamlets, { tx });
    await get(FibreService).importFibre(fibre, tx);
    const communes = await get(AreasService).communesAt('2025-06-30', tx.manager);
    const areaIds = new Map(communes.map(({ code, id }) => [code, id]));
    const inUnit = (code: string) => areaIds.get(code) ?? '';
    await get(ClusterService).importClusters(
      clusters.map(({ code, communeCode, uplinkOperatorCode, ...cluster }, i) => ({
        ...cluster,
        id: code,
        name: i === 0 ? '=Cụm "một"' : cluster.name,
        source: i === 1 ? '-' : cluster.source,
        areaId: inUnit(communeCode),
        uplinkOperator: uplinkOperatorCode,
        uplinkSiteCode: i === 0 ? 'HGI-VTL-0001' : null,
        horns: cluster.horns.map((horn, n) =>
          i + n > 0 ? horn : { ...horn, sensitivityDb: 110.5, dispersionDeg: 60 },
        ),
      })),
      tx,
    );
    await get(ClusterService).importPlainLoudspeakers(
      plain.map(({ communeCode, ...row }) => ({ ...row, areaId: inUnit(communeCode) })),
      tx,
    );
  });
});
afterAll(() => app?.stop());

async function exported(path: string): Promise<Buffer> {
  const answer = await fetch(`${app.url}/api/v1/exports/${path}`, {
    headers: { authorization: `Bearer ${app.adminToken}` },
  });
  expect([path, answer.status]).toEqual([path, 200]);
  return Buffer.from(await answer.arrayBuffer());
}

it.each(TRIPS)(
  'nothing changes when exported %s are imported again from %s',
  async (resource, format) => {
    const client = new ImportClient(app, resource);
    const run = await client.send(await exported(`${resource}?format=${format}`));
    expect([...(await client.codes(run.id)), ...(await client.codes(run.id, 'warning'))]).toEqual([]);
    expect(await client.changes(run.id)).toEqual([]);
    expect(run).toMatchObject({
      state: 'checked',
      counts: { rows: COUNTS[resource], unchanged: COUNTS[resource], badRows: 0 },
    });
  },
  60_000,
);

it.each(['hamlets', 'clusters', 'loudspeakers', 'fibre', 'areas'])(
  'looks as it did: %s',
  async (resource) => {
    const narrowed =
      resource === 'areas' ? 'kind=district&date=2025-06-30' : `unit=${clusters[0]!.communeCode}`;
    for (const format of ['csv', 'geojson']) {
      const golden = new URL(`golden/${resource}.${format}`, import.meta.url);
      // Boundaries would be most of the file.
      const file = (await exported(`${resource}?format=${format}&${narrowed}`))
        .toString()
        .replaceAll(/\[\[\[.*?\]\]\]\]?/g, '[]');
      if (process.env.UPDATE_GOLDEN) fs.writeFileSync(golden, file);
      expect(file).toBe(fs.readFileSync(golden, 'utf8'));
    }
  },
);

it('narrows by quarter, and refuses what it does not know', async () => {
  const [first] = fibre;
  const lines = (await exported(`fibre?quarter=${first!.quarter}`)).toString().trimEnd().split('\r\n');
  expect(lines).toHaveLength(1 + fibre.filter(({ quarter }) => quarter === first!.quarter).length);
  const statuses = ['fibre?quarter=2025', 'areas?date=2025-02-30', 'hamlets?unit=none', 'clusters?q=1'].map(
    async (path) => {
      const headers = { authorization: `Bearer ${app.adminToken}` };
      return (await fetch(`${app.url}/api/v1/exports/${path}`, { headers })).status;
    },
  );
  expect(await Promise.all(statuses)).toEqual([400, 400, 404, 400]);
});
