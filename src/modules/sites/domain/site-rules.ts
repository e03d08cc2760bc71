import { isLonLat } from '../../../geo/index.js';
import { CELL_CODE, checkCell } from './cell-rules.js';
import { checkDate, checkNames, checkOneOf, checkPattern, checkRange, checkText } from './checks.js';
import { checkReason } from './life-cycle.js';
import {
  BACKHAULS,
  CONFIDENCES,
  LIFECYCLES,
  MAST_CLASSES,
  POWER_SUPPLIES,
  STRUCTURES,
  type SiteRecord,
  type Violation,
} from './site-model.js';

export const OPERATOR_CODE = /^[a-z0-9-]{1,40}$/;

/** Fields of a site whose value may be an assumption. */
const ASSUMABLE = [
  'lon',
  'lat',
  'address',
  'structure',
  'mastClass',
  'structureHeightM',
  'ownerCode',
  'tenantCodes',
  'power',
  'hasGenerator',
  'backupHours',
  'backhaul',
  'backhaulCapacityMbps',
  'backhaulGroup',
  'powerGroup',
] as const satisfies (keyof SiteRecord)[];

/** Everything that is wrong with a site and its cells taken by themselves; empty when they can be stored. */
export function checkSite(site: SiteRecord): Violation[] {
  return [
    ...checkPattern('code', site.code, CELL_CODE, {
      en: '1 to 64 letters a–z, digits, dots, hyphens or underscores',
      vi: '1 đến 64 chữ cái a–z, chữ số, dấu chấm, gạch nối hoặc gạch dưới',
    }),
    ...checkText('name', site.name, 200),
    ...checkPlace(site),
    ...checkText('address', site.address, 500),
    ...checkOneOf('structure', site.structure, STRUCTURES),
    ...checkOneOf('mastClass', site.mastClass, MAST_CLASSES),
    ...checkRange('structureHeightM', site.structureHeightM, { min: 0.5, max: 350, unit: 'm' }),
    ...checkOneOf('power', site.power, POWER_SUPPLIES),
    ...checkRange('backupHours', site.backupHours, { min: 0, max: 720, unit: 'h' }),
    ...checkOneOf('backhaul', site.backhaul, BACKHAULS),
    ...checkRange('backhaulCapacityMbps', site.backhaulCapacityMbps, {
      min: 0.1,
      max: 1_000_000,
      unit: 'Mbit/s',
    }),
    ...checkText('backhaulGroup', site.backhaulGroup, 100),
    ...checkText('powerGroup', site.powerGroup, 100),
    ...checkOneOf('lifecycle', site.lifecycle, LIFECYCLES),
    ...checkReason(
      'lifecycleReason',
      'lifecycleNote',
      site.lifecycle,
      site.lifecycleReason,
      site.lifecycleNote,
    ),
    ...checkText('lifecycleNote', site.lifecycleNote, 500),
    ...checkText('certificateNumber', site.certificateNumber, 100),
    ...checkDate('certificateExpiresOn', site.certificateExpiresOn),
    ...checkOneOf('confidence', site.confidence, CONFIDENCES),
    ...checkDate('lastVerifiedOn', site.lastVerifiedOn),
    ...checkNames('assumedFields', site.assumedFields, ASSUMABLE),
    ...checkText('source', site.source, 500),
    ...checkTenants(site),
    ...site.cells.flatMap((cell, i) => checkCell(cell, `cells.${i}.`)),
    ...checkCellCodes(site),
  ];
}

/** Where on earth. Coordinates of Vietnam that were swapped are named as such. */
function checkPlace({ lon, lat }: SiteRecord): Violation[] {
  if (isLonLat(lon, lat)) return [];
  if (lon >= 8 && lon <= 24 && lat >= 102 && lat <= 118)
    return [
      {
        field: 'lat',
        code: 'SWAPPED',
        en: `lat ${lat} and lon ${lon} look swapped`,
        vi: `lat ${lat} và lon ${lon} có vẻ bị đổi chỗ cho nhau`,
      },
    ];
  return [
    ...checkRange('lon', lon, { min: -180, max: 180, unit: '°' }),
    ...checkRange('lat', lat, { min: -90, max: 90, unit: '°' }),
  ];
}

function checkTenants({ tenantCodes, cells }: SiteRecord): Violation[] {
  const twice = tenantCodes.findIndex((code, i) => tenantCodes.indexOf(code) !== i);
  const found: Violation[] = [];
  if (twice >= 0)
    found.push({
      field: `tenantCodes.${twice}`,
      code: 'DUPLICATE',
      en: `the network "${tenantCodes[twice]}" is given twice`,
      vi: `nhà mạng "${tenantCodes[twice]}" bị ghi hai lần`,
    });
  cells.forEach(({ operatorCode }, i) => {
    if (!tenantCodes.includes(operatorCode))
      found.push({
        field: `cells.${i}.operatorCode`,
        code: 'TENANT',
        en: `the network "${operatorCode}" must be one of the site's tenantCodes`,
        vi: `nhà mạng "${operatorCode}" phải có trong tenantCodes của trạm`,
      });
  });
  return found;
}

function checkCellCodes({ cells }: SiteRecord): Violation[] {
  const seen = new Set<string>();
  return cells.flatMap(({ code }, i) => {
    if (!seen.has(code)) {
      seen.add(code);
      return [];
    }
    return [
      {
        field: `cells.${i}.code`,
        code: 'DUPLICATE',
        en: `the cell "${code}" is given twice`,
        vi: `cell "${code}" bị ghi hai lần`,
      },
    ];
  });
}
