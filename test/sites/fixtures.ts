import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus, RESOURCE_CHANGED, type ResourceChange } from '../../src/common/events/event-bus.js';
import { Problem } from '../../src/common/http/problem.js';
import { AreasService, AreasWriter } from '../../src/modules/areas/index.js';
import {
  OperatorsService,
  SitesService,
  SitesWriter,
  type SiteInput,
} from '../../src/modules/sites/index.js';
import { SitesReader } from '../../src/modules/sites/sites.reader.js';
import { AttributesService } from '../../src/modules/attributes/index.js';
import { SiteAttributes } from '../../src/modules/sites/site-attributes.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

export interface Register {
  database: TestDatabase;
  areas: AreasService;
  areasWriter: AreasWriter;
  operators: OperatorsService;
  sites: SitesService;
  writer: SitesWriter;
  reader: SitesReader;
  uow: UnitOfWork;
  /** Every change that was committed, oldest first. */
  changes: ResourceChange[];
}

export async function openRegister(): Promise<Register> {
  const database = await createTestDatabase();
  const events = new EventBus((error) => {
    throw error;
  });
  const changes: ResourceChange[] = [];
  events.inTransaction(RESOURCE_CHANGED, async (payloads) => {
    for (const payload of payloads) changes.push(payload);
  });
  const uow = new UnitOfWork(database.dataSource, events);
  const areas = new AreasService(uow);
  const areasWriter = new AreasWriter(uow, areas, new AttributesService(uow));
  const operators = new OperatorsService(uow);
  const sites = new SitesService(uow, areas);
  const writer = new SitesWriter(
    uow,
    areas,
    operators,
    sites,
    new SiteAttributes(new AttributesService(uow)),
  );
  const reader = new SitesReader(uow, areas, new AttributesService(uow));
  return { database, areas, areasWriter, operators, sites, writer, reader, uow, changes };
}

export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const thrown: unknown = await work.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(thrown instanceof Problem)) throw new Error('a problem was expected', { cause: thrown });
  return thrown;
}

/** What is refused, as `field CODE`. */
export function refusalsOf(problem: Problem): string[] {
  return (problem.errors ?? []).map(({ field, code }) => `${field} ${code}`);
}

export const OPERATORS = [
  { code: 'viettel', name: 'Viettel' },
  { code: 'vnpt', name: 'VNPT', brand: 'VinaPhone' },
];

/** Sites in the communes c1, c2 and c3 of the areas' fixtures. */
export const SITES: SiteInput[] = [
  {
    code: 'HGI-1',
    name: 'Trạm Vị Tân',
    lon: 105.45,
    lat: 9.75,
    ownerCode: 'viettel',
    structure: 'ground_tower',
    mastClass: 'A2b',
    structureHeightM: 42,
    backupHours: 4.5,
    assumedFields: ['backupHours'],
    cells: [
      {
        code: 'L18-2',
        operatorCode: 'vnpt',
        technology: '4G',
        band: 'B3',
        frequencyMhz: 1835,
        azimuthDeg: 240,
      },
      {
        code: 'L18-1',
        operatorCode: 'viettel',
        technology: '4G',
        band: 'B3',
        frequencyMhz: 1815,
        bandwidthMhz: 20,
        azimuthDeg: 120,
        txPowerDbm: 46.1,
        onAirSince: '2017-05-01',
        assumedFields: ['txPowerDbm'],
      },
      { code: 'G9-1', operatorCode: 'viettel', technology: '2G', onAirUntil: '2024-10-16' },
    ],
  },
  {
    code: 'HGI-2',
    name: 'Trạm Hỏa Lựu',
    lon: 105.55,
    lat: 9.75,
    cells: [{ code: 'N78-1', operatorCode: 'vnpt', technology: '5G', band: 'n78', frequencyMhz: 3750 }],
  },
  {
    code: 'HGI-3',
    name: 'Trạm Ngã Bảy',
    lon: 105.65,
    lat: 9.75,
    lifecycle: 'blocked',
    lifecycleNote: 'Vướng đất công',
    tenantCodes: ['viettel'],
  },
];
