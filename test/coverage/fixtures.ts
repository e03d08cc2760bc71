import { DatabaseListener } from '../../src/common/database/listener.js';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus, RESOURCE_CHANGED, type ResourceChange } from '../../src/common/events/event-bus.js';
import { JobRunner } from '../../src/common/jobs/job-runner.js';
import { createLogger } from '../../src/common/logging/logger.js';
import { AreasService, AreasWriter, type AreaImportRow } from '../../src/modules/areas/index.js';
import { CellsReader } from '../../src/modules/coverage/cells.reader.js';
import { CoverageService } from '../../src/modules/coverage/index.js';
import { FiguresReader } from '../../src/modules/coverage/figures.reader.js';
import { MapReader } from '../../src/modules/coverage/map.reader.js';
import { LandCoverSources } from '../../src/modules/coverage/land-cover/land-cover-sources.js';
import { PopulationSources } from '../../src/modules/coverage/people/population-sources.js';
import { RunDataReader } from '../../src/modules/coverage/run-data.reader.js';
import { RunJob } from '../../src/modules/coverage/run.job.js';
import { RegisterSnapshots } from '../../src/modules/coverage/run-snapshot.js';
import { RunStore } from '../../src/modules/coverage/run-store.js';
import { RunsReader } from '../../src/modules/coverage/runs.reader.js';
import { RunBasis } from '../../src/modules/coverage/sources/run-basis.js';
import { CoverageSettings } from '../../src/modules/coverage/settings/coverage-settings.js';
import { HamletsReader, HamletsWriter, type HamletInput } from '../../src/modules/hamlets/index.js';
import {
  OperatorsService,
  SitesService,
  SitesWriter,
  type SiteInput,
} from '../../src/modules/sites/index.js';
import { AttributesService } from '../../src/modules/attributes/index.js';
import { SiteAttributes } from '../../src/modules/sites/site-attributes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { square } from '../areas/fixtures.js';

const logger = createLogger({ level: 'silent' });

export interface CoverageParts {
  database: TestDatabase;
  areas: AreasService;
  areasWriter: AreasWriter;
  hamletsWriter: HamletsWriter;
  operators: OperatorsService;
  sitesWriter: SitesWriter;
  coverage: CoverageService;
  settings: CoverageSettings;
  store: RunStore;
  runs: RunsReader;
  cells: CellsReader;
  figures: FiguresReader;
  maps: MapReader;
  /** Every change that was committed, oldest first. */
  changes: ResourceChange[];
  /** A further worker, not started. */
  worker: () => JobRunner;
  stop: () => Promise<void>;
}

export async function openCoverage(): Promise<CoverageParts> {
  const database = await createTestDatabase();
  const listener = new DatabaseListener(database.connection, logger);
  await listener.start();
  const events = new EventBus((error) => {
    throw error;
  });
  const changes: ResourceChange[] = [];
  events.afterCommit(RESOURCE_CHANGED, (payloads) => void changes.push(...payloads));
  const uow = new UnitOfWork(database.dataSource, events);
  const areas = new AreasService(uow);
  const sites = new SitesService(uow, areas);
  const operators = new OperatorsService(uow);
  const attributes = new AttributesService(uow);
  const settings = new CoverageSettings(uow);
  const populationSources = new PopulationSources(uow);
  const landCoverSources = new LandCoverSources(uow);
  const store = new RunStore(uow);
  const runs = new RunsReader(uow);
  const data = new RunDataReader(uow);
  const figures = new FiguresReader(uow);
  return {
    database,
    areas,
    areasWriter: new AreasWriter(uow, areas, new AttributesService(uow)),
    hamletsWriter: new HamletsWriter(uow, areas, attributes),
    operators,
    sitesWriter: new SitesWriter(uow, areas, operators, sites, new SiteAttributes(attributes)),
    settings,
    coverage: new CoverageService(
      uow,
      areas,
      store,
      runs,
      figures,
      new RunBasis(settings, populationSources, landCoverSources),
    ),
    store,
    runs,
    cells: new CellsReader(runs, data),
    figures,
    maps: new MapReader(runs, data, areas),
    changes,
    worker: () => {
      const runner = new JobRunner(() => database.dataSource.manager, listener, logger);
      const snapshots = new RegisterSnapshots(
        uow,
        areas,
        sites,
        new HamletsReader(uow, areas),
        populationSources,
        landCoverSources,
      );
      new RunJob(runner, store, snapshots, data, logger).onModuleInit();
      return runner;
    },
    stop: async () => {
      await listener.stop();
      await database.stop();
    },
  };
}

export const DATE = '2025-06-30';
const PERIOD = { validFrom: '2020-01-01', validTo: '2025-07-01' };

const commune = (
  code: string,
  name: string,
  parentCode: string,
  boundary: object,
  people: number | null,
  households: number | null,
): AreaImportRow => ({
  code,
  kind: 'commune',
  type: 'Xã',
  name,
  parentCode,
  ...PERIOD,
  population: people,
  households,
  boundary,
  source: 'synthetic demo',
});

/** Two districts of two communes each, squares of 0.1° in a block from 105.4, 9.7; of the last one nothing but the ground is known. */
export const AREAS: AreaImportRow[] = [
  { code: 'p1', kind: 'province', type: 'Tỉnh', name: 'Sông & <Nước>', parentCode: null, ...PERIOD },
  { code: 'd1', kind: 'district', type: 'Huyện', name: 'Đông', parentCode: 'p1', ...PERIOD },
  { code: 'd2', kind: 'district', type: 'Thị xã', name: 'Tây', parentCode: 'p1', ...PERIOD },
  commune('c1', 'Vị Tân', 'd1', square(105.4, 9.7), 60_000, 16_000),
  commune('c2', 'Hỏa Lựu', 'd1', square(105.5, 9.7), 100_000, 27_000),
  commune('c3', 'Tân Tiến', 'd2', square(105.4, 9.8), 500_000, 130_000),
  commune('c4', 'Long Bình', 'd2', square(105.5, 9.8), null, null),
];

/** Since 2025-07-01 one commune of the same ground, directly in another province. */
export const AREAS_SINCE: AreaImportRow[] = [
  {
    code: 'p2',
    kind: 'province',
    type: 'Thành phố',
    name: 'Lớn',
    parentCode: null,
    validFrom: '2025-07-01',
    validTo: null,
  },
  {
    ...commune('c1', 'Vị Tân', 'p2', square(105.4, 9.7, 0.2), 700_000, 190_000),
    validFrom: '2025-07-01',
    validTo: null,
  },
];

export const OPERATORS = [
  { code: 'viettel', name: 'Viettel' },
  { code: 'vnpt', name: 'VNPT' },
];

/** Two masts with three sectors or one, and a third whose cell cannot be reckoned: nobody knows any height there. */
export const SITES: SiteInput[] = [
  {
    code: 'S1',
    name: 'Trạm một',
    lon: 105.45,
    lat: 9.75,
    structureHeightM: 30,
    source: 'synthetic demo',
    cells: [0, 120, 240].flatMap((azimuthDeg, n) => [
      {
        code: `L18-${n + 1}`,
        operatorCode: 'viettel',
        technology: '4G' as const,
        azimuthDeg,
        frequencyMhz: 1815,
      },
      {
        code: `N78-${n + 1}`,
        operatorCode: 'viettel',
        technology: '5G' as const,
        azimuthDeg,
        frequencyMhz: 3600,
      },
    ]),
  },
  {
    code: 'S2',
    name: 'Trạm hai',
    lon: 105.55,
    lat: 9.78,
    structureHeightM: 40,
    cells: [
      { code: 'L18-1', operatorCode: 'vnpt', technology: '4G', frequencyMhz: 1835, electricalTiltDeg: 2 },
      { code: 'G9-1', operatorCode: 'vnpt', technology: '2G', frequencyMhz: 940, onAirUntil: '2024-10-16' },
    ],
  },
  {
    code: 'S3',
    name: 'Trạm ba',
    lon: 105.55,
    lat: 9.85,
    cells: [{ code: 'L18-1', operatorCode: 'vnpt', technology: '4G', frequencyMhz: 1835 }],
  },
];

/** Where people of one commune live; of the others nobody knows. */
export const HAMLETS: HamletInput[] = [
  { code: 'H1', name: 'Ấp 1', kind: 'ap', lon: 105.42, lat: 9.72, population: 3000 },
  { code: 'H2', name: 'Ấp 2', kind: 'ap', lon: 105.48, lat: 9.78, population: 1000 },
];

export async function fillRegister(parts: CoverageParts): Promise<void> {
  await parts.areasWriter.importAreas([...AREAS, ...AREAS_SINCE]);
  await parts.hamletsWriter.importHamlets(HAMLETS, { date: DATE });
  await parts.operators.importOperators(OPERATORS);
  await parts.sitesWriter.importSites(SITES, { date: DATE });
}
