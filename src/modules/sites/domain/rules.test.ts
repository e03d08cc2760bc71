import fc from 'fast-check';
import { downlinkMhz } from './bands.js';
import { CELL_RANGES, checkCell } from './cell-rules.js';
import { TECHNOLOGIES, type Cell, type SiteRecord } from './site-model.js';
import { checkSite } from './site-rules.js';

const cell: Cell = {
  code: 'L18-1',
  operatorCode: 'viettel',
  technology: '4G',
  band: 'B3',
  frequencyMhz: 1815,
  bandwidthMhz: 20,
  azimuthDeg: 120,
  horizontalBeamwidthDeg: 65,
  verticalBeamwidthDeg: 7,
  mechanicalTiltDeg: 0,
  electricalTiltDeg: 4,
  antennaHeightM: 40,
  txPowerDbm: 46,
  referenceEirpDbm: null,
  gainDbi: 17.5,
  feederLossDb: 0.5,
  physicalCellId: 211,
  onAirSince: '2017-05-01',
  onAirUntil: null,
  assumedFields: ['gainDbi'],
  source: null,
  attributes: {},
};
const site: SiteRecord = {
  code: 'HGI-VTL-0001',
  name: 'Trạm',
  lon: 105.47,
  lat: 9.78,
  address: null,
  structure: 'ground_tower',
  mastClass: 'A2b',
  structureHeightM: 42,
  ownerCode: 'viettel',
  tenantCodes: ['viettel'],
  power: null,
  hasGenerator: null,
  backupHours: null,
  backhaul: null,
  backhaulCapacityMbps: null,
  backhaulGroup: null,
  powerGroup: null,
  lifecycle: 'active',
  lifecycleReason: null,
  lifecycleNote: null,
  certificateNumber: null,
  certificateExpiresOn: null,
  confidence: 'confirmed',
  lastVerifiedOn: null,
  assumedFields: [],
  source: null,
  attributes: {},
  cells: [cell],
};
const refusedCell = (change: Partial<Cell>) =>
  checkCell({ ...cell, ...change }, '').map(({ field }) => field);
const refusedSite = (change: Partial<SiteRecord>) =>
  checkSite({ ...site, ...change }).map(({ field, code }) => `${field} ${code}`);

describe('checkCell', () => {
  it('takes what is right, and what is unknown', () => {
    expect(checkCell(cell, '')).toEqual([]);
    const unknown = Object.fromEntries(Object.keys(CELL_RANGES).map((field) => [field, null]));
    expect(refusedCell({ ...unknown, band: null, physicalCellId: null, onAirSince: null })).toEqual([]);
  });

  it.each<[string, Partial<Cell>]>([
    ['code', { code: 'a/b' }],
    ['technology', { technology: '6G' as never }],
    ['band', { band: 'n3' }],
    ['band', { technology: '5G' }],
    ['band', { band: '1800' }],
    ['frequencyMhz', { frequencyMhz: 1735 }],
    ['azimuthDeg', { azimuthDeg: 361 }],
    ['azimuthDeg', { azimuthDeg: Number.NaN }],
    ['antennaHeightM', { antennaHeightM: 0 }],
    ['txPowerDbm', { txPowerDbm: 20_000 }],
    ['referenceEirpDbm', { referenceEirpDbm: 30 }],
    ['physicalCellId', { physicalCellId: 504 }],
    ['physicalCellId', { physicalCellId: 1.5 }],
    ['onAirSince', { onAirSince: '2017-02-29' }],
    ['onAirUntil', { onAirUntil: '2017-05-01' }],
    ['assumedFields.0', { assumedFields: ['colour'] }],
    ['assumedFields.1', { assumedFields: ['gainDbi', 'gainDbi'] }],
  ])('refuses a wrong %s: %j', (field, change) => expect(refusedCell(change)).toEqual([field]));

  it('takes each number exactly within its limits, and says them with the unit in both languages', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...(Object.keys(CELL_RANGES) as (keyof typeof CELL_RANGES)[])),
        fc.double({ min: -100_000, max: 100_000, noNaN: true }),
        (field, value) => {
          const { min, max, unit } = CELL_RANGES[field];
          const free: Cell = { ...cell, band: null, txPowerDbm: null, [field]: value };
          const found = checkCell(free, '');
          expect(found.map((violation) => violation.field)).toEqual(
            value >= min && value <= max ? [] : [field],
          );
          for (const { en, vi } of found) {
            for (const text of [en, vi]) expect(text).toContain(`${max} ${unit}`);
            expect(en).not.toBe(vi);
          }
        },
      ),
    ));

  it('allows each technology its own physical ids', () =>
    expect(
      TECHNOLOGIES.map((technology) => refusedCell({ technology, band: null, physicalCellId: 504 }).length),
    ).toEqual([1, 0, 1, 0]));
});

describe('checkSite', () => {
  it('takes what is right', () => expect(checkSite(site)).toEqual([]));
  it.each<[string, Partial<SiteRecord>]>([
    ['code PATTERN', { code: '' }],
    ['name TEXT', { name: ' ' }],
    ['lat SWAPPED', { lon: 9.78, lat: 105.47 }],
    ['lon RANGE', { lon: 1105 }],
    ['structure ONE_OF', { structure: 'ship' as never }],
    ['structureHeightM RANGE', { structureHeightM: 420 }],
    ['backupHours RANGE', { backupHours: -1 }],
    ['lifecycleNote REASON', { lifecycle: 'blocked' }],
    ['certificateExpiresOn DATE', { certificateExpiresOn: '14/03/2027' }],
    ['assumedFields.0 FIELD_NAME', { assumedFields: ['code'] }],
    ['tenantCodes.1 DUPLICATE', { tenantCodes: ['viettel', 'viettel'] }],
    ['cells.0.operatorCode TENANT', { tenantCodes: ['vnpt'] }],
    ['cells.1.code DUPLICATE', { cells: [cell, cell] }],
    ['cells.0.gainDbi RANGE', { cells: [{ ...cell, gainDbi: 175 }] }],
  ])('refuses %s: %j', (refusal, change) => expect(refusedSite(change)).toEqual([refusal]));
});

it('knows the downlink of bands under both of their names', () => {
  expect(downlinkMhz('B3')).toEqual([1805, 1880]);
  expect(downlinkMhz('n3')).toEqual([1805, 1880]);
  expect(downlinkMhz('n78')).toEqual([3300, 3800]);
  expect(downlinkMhz('B999')).toBeUndefined();
  expect(downlinkMhz('3')).toBeUndefined();
});
