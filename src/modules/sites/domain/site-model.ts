/** What the mast stands as. */
export const STRUCTURES = ['ground_tower', 'rooftop', 'monopole', 'mast', 'pole', 'small_cell'] as const;
export type Structure = (typeof STRUCTURES)[number];

/** Vietnamese class of an antenna mast: A1 not bulky; bulky: A2a on a building, A2b on the ground, A2c other. */
export const MAST_CLASSES = ['A1', 'A2a', 'A2b', 'A2c'] as const;
export type MastClass = (typeof MAST_CLASSES)[number];

export const POWER_SUPPLIES = ['grid_single_phase', 'grid_three_phase', 'generator', 'solar'] as const;
export type PowerSupply = (typeof POWER_SUPPLIES)[number];

export const BACKHAULS = ['fibre', 'microwave', 'satellite'] as const;
export type Backhaul = (typeof BACKHAULS)[number];

/** From plan to removal; what each means and what may follow it: `LIFE_CYCLE`. */
export const LIFECYCLES = [
  'planned',
  'approved',
  'blocked',
  'under_construction',
  'active',
  'inactive',
  'decommissioned',
] as const;
export type Lifecycle = (typeof LIFECYCLES)[number];

/** Why an approved site cannot be built. */
export const BLOCK_REASONS = ['emf-fear', 'land-lease', 'three-phase-power', 'other'] as const;
export type BlockReason = (typeof BLOCK_REASONS)[number];

/** How well a site is known: seen, concluded from other data, or guessed. */
export const CONFIDENCES = ['confirmed', 'inferred', 'estimated'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

export const TECHNOLOGIES = ['2G', '3G', '4G', '5G'] as const;
export type Technology = (typeof TECHNOLOGIES)[number];

/** Attributes that an administrator has defined, by name; what they may be the module `attributes` says. */
export type CustomAttributes = Readonly<Record<string, string | number | boolean | string[]>>;

/** One sector of one carrier of one network. A null is unknown, unless said otherwise. */
export interface Cell {
  /** Unique on its site. */
  code: string;
  operatorCode: string;
  technology: Technology;
  /** 3GPP band: B1, B3, B8, n41, n78. */
  band: string | null;
  /** Centre of the downlink carrier. */
  frequencyMhz: number | null;
  bandwidthMhz: number | null;
  /** Degrees from north, clockwise; null = omnidirectional. */
  azimuthDeg: number | null;
  horizontalBeamwidthDeg: number | null;
  verticalBeamwidthDeg: number | null;
  /** Below the horizon. */
  mechanicalTiltDeg: number | null;
  electricalTiltDeg: number | null;
  /** Above ground, a roof's height included. */
  antennaHeightM: number | null;
  /** At the antenna port, whole carrier. Either this or `referenceEirpDbm`. */
  txPowerDbm: number | null;
  /** EIRP of one resource element (4G, 5G), the common pilot (3G) or the carrier (2G), gain and losses included. */
  referenceEirpDbm: number | null;
  gainDbi: number | null;
  feederLossDb: number | null;
  /** PCI (4G, 5G), primary scrambling code (3G) or BSIC (2G). */
  physicalCellId: number | null;
  /** First day on air, YYYY-MM-DD. */
  onAirSince: string | null;
  /** First day no longer on air. */
  onAirUntil: string | null;
  /** Names of fields whose value is an assumption. */
  assumedFields: string[];
  source: string | null;
  attributes: CustomAttributes;
}

/** A mast and its plot, with what hangs on it. A null is unknown. */
export interface SiteRecord {
  /** Natural key. */
  code: string;
  name: string;
  /** WGS84 degrees. */
  lon: number;
  lat: number;
  address: string | null;
  structure: Structure | null;
  mastClass: MastClass | null;
  /** The structure's own height, without the building below it. */
  structureHeightM: number | null;
  /** Physical infrastructure provider (operator code). */
  ownerCode: string | null;
  /** Networks on the mast (operator codes). */
  tenantCodes: string[];
  power: PowerSupply | null;
  hasGenerator: boolean | null;
  backupHours: number | null;
  backhaul: Backhaul | null;
  backhaulCapacityMbps: number | null;
  /** Sites with the same group lose their backhaul, or their power, together. */
  backhaulGroup: string | null;
  powerGroup: string | null;
  lifecycle: Lifecycle;
  /** Of a blocked site; null for others. */
  lifecycleReason: BlockReason | null;
  lifecycleNote: string | null;
  /** Inspection certificate (giấy chứng nhận kiểm định). */
  certificateNumber: string | null;
  certificateExpiresOn: string | null;
  confidence: Confidence;
  lastVerifiedOn: string | null;
  assumedFields: string[];
  source: string | null;
  attributes: CustomAttributes;
  cells: Cell[];
}

/** A value that a rule refuses: which field, and what is right, in both languages. */
export interface Violation {
  field: string;
  code: string;
  en: string;
  vi: string;
}
