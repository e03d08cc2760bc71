import { mergeAttributes } from '../attributes/index.js';
import type { Cell, SiteRecord } from './domain/site-model.js';
import { inCodeOrder } from './site-sql.js';
import type { CellInput, SiteInput } from './site.types.js';

/** A cell with every field said, in the order in which cells are compared and stored. */
function cellOf(cell: CellInput): Cell {
  return {
    code: cell.code,
    operatorCode: cell.operatorCode,
    technology: cell.technology,
    band: cell.band ?? null,
    frequencyMhz: cell.frequencyMhz ?? null,
    bandwidthMhz: cell.bandwidthMhz ?? null,
    azimuthDeg: cell.azimuthDeg ?? null,
    horizontalBeamwidthDeg: cell.horizontalBeamwidthDeg ?? null,
    verticalBeamwidthDeg: cell.verticalBeamwidthDeg ?? null,
    mechanicalTiltDeg: cell.mechanicalTiltDeg ?? null,
    electricalTiltDeg: cell.electricalTiltDeg ?? null,
    antennaHeightM: cell.antennaHeightM ?? null,
    txPowerDbm: cell.txPowerDbm ?? null,
    referenceEirpDbm: cell.referenceEirpDbm ?? null,
    gainDbi: cell.gainDbi ?? null,
    feederLossDb: cell.feederLossDb ?? null,
    physicalCellId: cell.physicalCellId ?? null,
    onAirSince: cell.onAirSince ?? null,
    onAirUntil: cell.onAirUntil ?? null,
    assumedFields: cell.assumedFields ?? [],
    source: cell.source ?? null,
    attributes: mergeAttributes({}, cell.attributes),
  };
}

/** A site with every field said; whatever else the input carries is left behind. Cells stay in the input's order. */
export function recordOf(input: SiteInput): SiteRecord {
  const cells = (input.cells ?? []).map(cellOf);
  return {
    code: input.code,
    name: input.name,
    lon: input.lon,
    lat: input.lat,
    address: input.address ?? null,
    structure: input.structure ?? null,
    mastClass: input.mastClass ?? null,
    structureHeightM: input.structureHeightM ?? null,
    ownerCode: input.ownerCode ?? null,
    tenantCodes: input.tenantCodes ?? [...new Set(cells.map(({ operatorCode }) => operatorCode))],
    power: input.power ?? null,
    hasGenerator: input.hasGenerator ?? null,
    backupHours: input.backupHours ?? null,
    backhaul: input.backhaul ?? null,
    backhaulCapacityMbps: input.backhaulCapacityMbps ?? null,
    backhaulGroup: input.backhaulGroup ?? null,
    powerGroup: input.powerGroup ?? null,
    lifecycle: input.lifecycle ?? 'active',
    // Sheets have but one column for why a site is blocked: what is said in words only is some other reason.
    lifecycleReason:
      input.lifecycleReason ?? (input.lifecycle === 'blocked' && input.lifecycleNote ? 'other' : null),
    lifecycleNote: input.lifecycleNote ?? null,
    certificateNumber: input.certificateNumber ?? null,
    certificateExpiresOn: input.certificateExpiresOn ?? null,
    confidence: input.confidence ?? 'estimated',
    lastVerifiedOn: input.lastVerifiedOn ?? null,
    assumedFields: input.assumedFields ?? [],
    source: input.source ?? null,
    attributes: mergeAttributes({}, input.attributes),
    cells,
  };
}

/** Says whether two sites are the same in every field, whatever the order of their cells. */
export function isSameSite(a: SiteRecord, b: SiteRecord): boolean {
  const [one, other] = [recordOf(a), recordOf(b)];
  // Most fields are no objects, and most sites that differ do so in one of those.
  const isSame = (field: keyof SiteRecord) =>
    field === 'cells'
      ? JSON.stringify(inCodeOrder(one.cells)) === JSON.stringify(inCodeOrder(other.cells))
      : one[field] === other[field] || JSON.stringify(one[field]) === JSON.stringify(other[field]);
  return (Object.keys(one) as (keyof SiteRecord)[]).every(isSame);
}
