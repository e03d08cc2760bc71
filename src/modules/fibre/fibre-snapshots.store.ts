import { createHash } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { canonicalText, compareRows } from './domain/snapshot.js';
import type { FibreRow } from './fibre.types.js';
import type { QuarterUnit } from './quarter-figures.js';

/** A version of a closed quarter. */
export interface FibreSnapshot {
  id: string;
  quarter: string;
  version: number;
  /** The version that this one corrects; null for the first. */
  predecessor: number | null;
  /** Why it was corrected; null for the first. */
  reason: string | null;
  rows: number;
  /** Of the canonical text (domain/snapshot.ts). */
  sha256: string;
  madeAt: Date;
  madeBy: string;
}

/** A row as a snapshot keeps it, with its place in the snapshot. */
export interface SnapshotEntry extends FibreRow {
  nr: number;
  /** Code and name of the units above the commune, from below, as they were. */
  parents: { code: string; name: string }[];
}

const COLUMNS = `s.id, s.quarter, s.version, p.version as predecessor, s.reason, s.rows, s.sha256,
  s.made_at as "madeAt", s.made_by as "madeBy"`;
const FROM = `fibre_snapshots s left join fibre_snapshots p on p.id = s.predecessor_id`;

/** All versions of a quarter, the latest first. */
export async function snapshotsOf(manager: EntityManager, quarter: string): Promise<FibreSnapshot[]> {
  return manager.query<FibreSnapshot[]>(
    `select ${COLUMNS} from ${FROM} where s.quarter = $1 order by s.version desc`,
    [quarter],
  );
}

export async function unitsOfSnapshot(manager: EntityManager, id: string): Promise<QuarterUnit[]> {
  const [row] = await manager.query<{ units: Omit<QuarterUnit, 'kind'>[] }[]>(
    `select units from fibre_snapshots where id = $1`,
    [id],
  );
  return (row?.units ?? []).map((unit) => ({ ...unit, kind: 'commune' }));
}

/** Rows of a snapshot in their order, after one and as many as asked for. */
export async function entriesOf(
  manager: EntityManager,
  { id, quarter }: Pick<FibreSnapshot, 'id' | 'quarter'>,
  after = 0,
  limit: number | null = null,
): Promise<SnapshotEntry[]> {
  const rows = await manager.query<(Omit<FibreRow, 'quarter'> & { nr: number })[]>(
    `select r.nr, r.id, r.area_id as "areaId", r.commune_code as "communeCode", r.commune_name as "communeName",
            r.hamlet_id as "hamletId", r.hamlet_code as "hamletCode", r.hamlet_name as "hamletName",
            r.operator_code as "operatorCode", r.households, r.passed, r.connected,
            r.passed_25_mbps as "passed25Mbps", r.passed_100_mbps as "passed100Mbps", r.source, r.attributes, r.version
       from fibre_snapshot_rows r where r.snapshot_id = $1 and r.nr > $2 order by r.nr limit $3`,
    [id, after, limit],
  );
  const parentsOf = parentsBy(await unitsOfSnapshot(manager, id));
  return rows.map(({ nr, ...row }) => ({ nr, ...row, quarter, parents: parentsOf(row.communeCode) }));
}

/** SHA-256 of the rows and the names of their units. */
export function sha256Of(quarter: string, rows: readonly FibreRow[], units: readonly QuarterUnit[]): string {
  return createHash('sha256')
    .update(canonicalText(quarter, rows, parentsBy(units)))
    .digest('hex');
}

/** Keeps a version of a quarter. The caller holds the lock of the figures' table. */
export async function keepSnapshot(
  manager: EntityManager,
  made: {
    quarter: string;
    rows: readonly FibreRow[];
    units: readonly QuarterUnit[];
    predecessor: FibreSnapshot | null;
    reason: string | null;
    by: string;
  },
): Promise<FibreSnapshot> {
  const { quarter, units, predecessor, reason, by } = made;
  const rows = [...made.rows].sort(compareRows);
  const kept = units.map(({ id, code, name, chain, hamlets }) => ({ id, code, name, chain, hamlets }));
  const [inserted] = await manager.query<{ id: string }[]>(
    `insert into fibre_snapshots (quarter, version, predecessor_id, reason, units, rows, sha256, made_by)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8) returning id`,
    [
      quarter,
      (predecessor?.version ?? 0) + 1,
      predecessor?.id ?? null,
      reason,
      JSON.stringify(kept),
      rows.length,
      sha256Of(quarter, rows, units),
      by,
    ],
  );
  await manager.query(
    `insert into fibre_snapshot_rows (snapshot_id, nr, id, area_id, commune_code, commune_name, hamlet_id, hamlet_code,
                                      hamlet_name, operator_code, households, passed, connected, passed_25_mbps,
                                      passed_100_mbps, source, attributes, version, updated_at)
     select $1::uuid, r.nr, r.id, r."areaId", r."communeCode", r."communeName", r."hamletId", r."hamletCode",
            r."hamletName", r."operatorCode", r.households, r.passed, r.connected, r."passed25Mbps",
            r."passed100Mbps", r.source, r.attributes, r.version, coalesce(f.updated_at, now())
       from jsonb_to_recordset($2::jsonb) as r(
              nr int, id uuid, "areaId" uuid, "communeCode" text, "communeName" text, "hamletId" uuid, "hamletCode" text,
              "hamletName" text, "operatorCode" text, households int, passed int, connected int, "passed25Mbps" int,
              "passed100Mbps" int, source text, attributes jsonb, version int)
       left join fibre_coverage f on f.id = r.id and f.version = r.version`,
    [inserted?.id, JSON.stringify(rows.map((row, i) => ({ ...row, nr: i + 1 })))],
  );
  const [snapshot] = await snapshotsOf(manager, quarter);
  if (!snapshot) throw new Error('the snapshot was not kept');
  return snapshot;
}

function parentsBy(units: readonly QuarterUnit[]): (communeCode: string) => { code: string; name: string }[] {
  const parents = new Map(
    units.map(({ code, chain }) => [
      code,
      chain.slice(1).map((unit) => ({ code: unit.code, name: unit.name })),
    ]),
  );
  return (communeCode) => parents.get(communeCode) ?? [];
}
