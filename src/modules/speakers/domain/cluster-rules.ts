import {
  CLUSTER_ID_PATTERN,
  QuietHoursSchema,
  firstFault,
  type QuietHours,
} from '../../../contract/index.js';

/** The register's side of a cluster, whole. */
export interface ClusterDraft {
  id: string;
  name: string;
  lon: number;
  lat: number;
  areaId: string;
  horns: { powerW: number; azimuthDeg: number; sensitivityDb?: number; dispersionDeg?: number }[];
  hornHeightM: number | null;
  uplink: string | null;
  uplinkOperator: string | null;
  uplinkSiteCode: string | null;
  volumePercent: number;
  volumeCapPercent: number;
  quietHours: QuietHours[];
  active: boolean;
  source: string;
  /** Custom attributes by name; what they may be the module `attributes` says. */
  attributes: Readonly<Record<string, string | number | boolean | string[]>>;
}

export interface Violation {
  field: string;
  code: string;
  en: string;
  vi: string;
}

export const MAX_HORNS = 64;
export const GROUP_ID_PATTERN = '^[a-z0-9-]{2,60}$';
/** Names on the broker that are not a cluster's. */
export const RESERVED_IDS: ReadonlySet<string> = new Set(['server']);
const UPLINK_KINDS = ['fibre', '4G'];
const ID = new RegExp(CLUSTER_ID_PATTERN);

/** Everything that is wrong with a cluster by itself. */
export function checkCluster(draft: ClusterDraft): Violation[] {
  const found: Violation[] = [];
  const must = (ok: boolean, field: string, code: string, en: string, vi: string) => {
    if (!ok) found.push({ field, code, en: `${field} ${en}`, vi: `${field} ${vi}` });
  };
  const within = (value: number, min: number, max: number) =>
    Number.isFinite(value) && value >= min && value <= max;
  const range = (value: number, field: string, min: number, max: number) =>
    must(
      within(value, min, max),
      field,
      'RANGE',
      `must be from ${min} to ${max}`,
      `phải từ ${min} đến ${max}`,
    );

  must(
    ID.test(draft.id),
    'id',
    'FORM',
    'must be 3 to 40 of the characters a-z, 0-9 and -',
    'phải gồm 3 đến 40 ký tự a-z, 0-9 và -',
  );
  must(!RESERVED_IDS.has(draft.id), 'id', 'RESERVED', 'is a reserved name', 'là tên dành riêng');
  must(
    draft.name.trim().length > 0 && draft.name.length <= 200,
    'name',
    'LENGTH',
    'must have 1 to 200 characters',
    'phải có từ 1 đến 200 ký tự',
  );
  range(draft.lon, 'lon', -180, 180);
  range(draft.lat, 'lat', -90, 90);
  must(
    draft.horns.length <= MAX_HORNS,
    'horns',
    'COUNT',
    `must not be more than ${MAX_HORNS}`,
    `không được quá ${MAX_HORNS}`,
  );
  draft.horns.forEach(({ powerW, azimuthDeg, sensitivityDb, dispersionDeg }, i) => {
    range(powerW, `horns.${i}.powerW`, 0, 1000);
    range(azimuthDeg, `horns.${i}.azimuthDeg`, 0, 360);
    if (sensitivityDb !== undefined) range(sensitivityDb, `horns.${i}.sensitivityDb`, 70, 130);
    if (dispersionDeg !== undefined) range(dispersionDeg, `horns.${i}.dispersionDeg`, 10, 360);
  });
  if (draft.hornHeightM !== null) range(draft.hornHeightM, 'hornHeightM', 0, 200);
  must(
    draft.uplink === null || UPLINK_KINDS.includes(draft.uplink),
    'uplink',
    'VALUE',
    'must be fibre or 4G',
    'phải là fibre hoặc 4G',
  );
  must(
    draft.uplinkOperator === null || draft.uplinkOperator.length <= 40,
    'uplinkOperator',
    'LENGTH',
    'must not have more than 40 characters',
    'không được quá 40 ký tự',
  );
  must(
    draft.uplinkSiteCode === null || (draft.uplinkSiteCode !== '' && draft.uplinkSiteCode.length <= 100),
    'uplinkSiteCode',
    'LENGTH',
    'must have 1 to 100 characters',
    'phải có từ 1 đến 100 ký tự',
  );
  must(
    draft.source.length <= 500,
    'source',
    'LENGTH',
    'must not have more than 500 characters',
    'không được quá 500 ký tự',
  );
  for (const field of ['volumePercent', 'volumeCapPercent'] as const) {
    must(Number.isInteger(draft[field]), field, 'INTEGER', 'must be a whole number', 'phải là số nguyên');
    range(draft[field], field, 0, 100);
  }
  must(
    draft.volumePercent <= draft.volumeCapPercent,
    'volumePercent',
    'CAP',
    'must not be above volumeCapPercent',
    'không được vượt quá volumeCapPercent',
  );
  must(
    draft.quietHours.length <= 8 &&
      draft.quietHours.every((hours) => firstFault(QuietHoursSchema, hours) === undefined),
    'quietHours',
    'FORM',
    'must be at most 8 of {from: "HH:MM", to: "HH:MM"}',
    'phải gồm tối đa 8 khoảng {from: "HH:MM", to: "HH:MM"}',
  );
  return found;
}
