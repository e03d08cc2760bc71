import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import { AreasService } from '../../areas/index.js';
import {
  checkCluster,
  type Cluster,
  clusterDraft,
  type ClusterImport,
  clusterPlaces,
  type ClusterPlace,
  ClusterService,
  isSameCluster,
  loadClusters,
  type StoredCluster,
} from '../../speakers/index.js';
import type { Finding } from '../domain/findings.js';
import type { Columns, ParsedRow } from '../domain/sheet.js';
import { CLUSTERS_SHEET } from '../sheets/speaker-sheets.js';
import { differences } from './differences.js';
import { hornsOf } from './horns.js';
import type { Change, Checked, ImportActor, Importer, RowChecker, UndoRecord } from './importer.js';
import { NearInFile } from './near-in-file.js';
import { nearFindings, placeFindings } from './place-rules.js';
import { type FoundPlace, NEAR_M, PlacesReader } from './places.reader.js';
import { quietHoursOf } from './quiet-hours.js';
import { atField, changedMeanwhile, lacking } from './row-rules.js';
import { type RowAttributes, SheetAttributes } from './sheet-attributes.js';
import { undoClusters } from './undo-clusters.js';

const REQUIRED = ['id', 'name', 'lat', 'lon'];
/** Nothing in the cell of one of these leaves what is stored, or the default. */
const CAN_BE_NULL = new Set(['hornHeightM', 'uplink', 'uplinkOperator', 'uplinkSiteCode']);
/** Columns that are no fields of a cluster as they stand. */
const READ_APART = new Set(['commune', 'hornCount', 'hornPowersW', 'hornAzimuthsDeg', 'quietHours']);
/** No cluster has it: it stands for a unit that could not be found, in a row that is refused for that. */
const NO_AREA = '00000000-0000-0000-0000-000000000000';

interface Draft {
  row: ParsedRow;
  stored: Cluster | undefined;
  version: number | null;
  cluster: Cluster;
  /** Fields that no rule is asked about: their lack was told already. */
  open: Set<string>;
  findings: Finding[];
}

/**
 * Clusters by their code. A column that is not in the file leaves the field as it is. A cluster that is new or has moved comes to
 * the commune that holds its place today. No credential is made.
 */
@Injectable()
export class ClustersImporter implements Importer {
  readonly sheet = CLUSTERS_SHEET;
  readonly permission = 'speakers:write';

  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly places: PlacesReader,
    private readonly clusters: ClusterService,
    private readonly attributes: SheetAttributes,
  ) {}

  keyOf({ id }: Readonly<Record<string, unknown>>): string | undefined {
    return typeof id === 'string' ? id : undefined;
  }

  async checker(columns: Columns, actor: ImportActor): Promise<RowChecker> {
    const { jurisdictionAreaId } = actor;
    const allowed =
      jurisdictionAreaId === null ? null : new Set(await this.areas.descendantIds(jurisdictionAreaId));
    const near = new NearInFile();
    const attributes = await this.attributes.of('clusters');
    return {
      check: async (rows) => {
        const ids = rows.flatMap(({ values }) => this.keyOf(values) ?? []);
        const stored = await loadClusters(this.uow.reader, ids);
        const drafts = rows.map((row) =>
          draftOf(columns, row, stored.get(this.keyOf(row.values) ?? ''), attributes),
        );
        const asked = drafts.map(({ cluster }) => cluster);
        const found = await this.places.find(
          asked.map(({ lon, lat, id }) => ({ lon, lat, code: id, ownerCode: null })),
          null,
        );
        const units = await clusterPlaces(this.uow.reader, asked, this.areas.today(), NEAR_M);
        return drafts.map((draft, i): Checked => {
          const at = { ...found[i], ...units[i] } as FoundPlace & ClusterPlace;
          const placed = { ...draft, cluster: atPlace(draft, at.areaId) };
          const findings = [...draft.findings, ...ruleFindings(columns, placed, at)];
          if (!draft.open.has('lon') && !draft.open.has('lat'))
            findings.push(...whereFindings(columns, placed, at, allowed, near));
          const { row, cluster, stored: before } = placed;
          if (changeOf(placed) !== 'unchanged')
            findings.push(...attributes.check(columns, row, cluster.attributes, before?.attributes));
          const refused = findings.some(({ severity }) => severity === 'error');
          return { findings, change: refused ? undefined : changeOf(placed) };
        });
      },
    };
  }

  async apply(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    const keys = changes.map(({ key }) => key);
    const before = await loadClusters(tx.manager, keys, 'for update');
    const moved = changes.filter(({ key, version }) => (before.get(key)?.version ?? null) !== version);
    if (moved.length > 0) throw changedMeanwhile(moved.map(({ key }) => key));
    await this.clusters.importClusters(
      changes.map(({ record }) => record as ClusterImport),
      tx,
      'exact',
    );
    const after = await loadClusters(tx.manager, keys);
    return keys.map((key) => ({
      key,
      before: before.get(key) ?? null,
      versionAfter: after.get(key)?.version ?? 0,
    }));
  }

  undo(records: readonly UndoRecord[], tx: Tx): Promise<{ changedSince: string[] }> {
    return undoClusters(this.clusters, records, tx);
  }
}

function draftOf(
  columns: Columns,
  row: ParsedRow,
  known: StoredCluster | undefined,
  attributes: RowAttributes,
): Draft {
  const { version = null, ...rest } = known ?? {};
  const stored = known && (rest as Cluster);
  const given = Object.fromEntries(
    Object.entries(row.values).filter(
      ([key, value]) => !READ_APART.has(key) && (value !== null || CAN_BE_NULL.has(key)),
    ),
  );
  const all: Record<string, unknown> = {
    ...stored,
    ...given,
    ...(row.values.name === null ? { name: null } : {}),
  };
  const findings = lacking(columns, row, REQUIRED, all);
  const open = new Set([...row.unread, ...REQUIRED.filter((key) => (all[key] ?? null) === null)]);
  const { horns, faults } = hornsOf(row.values, stored?.horns ?? []);
  for (const fault of faults) findings.push(atField(columns, row, fault.field, fault));
  const quietHours = quietHoursOf(row.values.quietHours);
  if (quietHours === null) {
    open.add('quietHours');
    findings.push(
      atField(columns, row, 'quietHours', {
        code: 'FORM',
        en: 'quiet hours must be as in 21:00-05:00; 11:30-13:00',
        vi: 'giờ yên tĩnh phải có dạng 21:00-05:00; 11:30-13:00',
      }),
    );
  }
  const input = {
    id: '',
    name: '',
    lon: 0,
    lat: 0,
    areaId: NO_AREA,
    source: '',
    ...stored,
    ...given,
    horns,
    attributes: attributes.merged(row, stored?.attributes),
    ...(quietHours ? { quietHours } : {}),
  } as ClusterImport;
  return { row, stored, version, cluster: clusterDraft(input, stored, { exact: true }), open, findings };
}

/** One that stays where it is keeps its unit: somebody may have chosen it. */
function atPlace({ cluster, stored }: Draft, areaId: string | null): Cluster {
  const { lon, lat } = cluster;
  const stays = stored && isSameCluster({ ...stored, lon, lat }, stored);
  return stays ? cluster : { ...cluster, areaId: areaId ?? NO_AREA };
}

function ruleFindings(columns: Columns, { row, cluster, open }: Draft, place: FoundPlace): Finding[] {
  return (
    checkCluster(cluster)
      .filter(({ field }) => !open.has(field))
      // The place itself is told about in words of its own.
      .filter(({ field }) => !((field === 'lat' || field === 'lon') && place.swapped !== null))
      .map((violation) => atField(columns, row, columnOf(violation.field), violation))
  );
}

function columnOf(field: string): string {
  if (field === 'horns') return 'hornCount';
  if (!field.startsWith('horns.')) return field;
  return field.endsWith('powerW') ? 'hornPowersW' : 'hornAzimuthsDeg';
}

function whereFindings(
  columns: Columns,
  { row, cluster, stored }: Draft,
  place: FoundPlace & ClusterPlace,
  allowed: ReadonlySet<string> | null,
  near: NearInFile,
): Finding[] {
  const { lon, lat, id, areaId } = cluster;
  const placed = { row, code: id, lon, lat, en: 'the cluster', vi: 'cụm loa' };
  // As when one is changed by hand, it is the unit that counts: of the cluster as it is and as it will be.
  const mayChange = [areaId, stored?.areaId ?? areaId].every((unit) => allowed?.has(unit) ?? true);
  const findings = placeFindings(columns, placed, place, mayChange);
  if (place.commune === null) return findings;
  const earlier = near.add('cluster', { row: row.row, lon, lat });
  return [...findings, ...nearFindings(columns, placed, earlier, place.near)];
}

function changeOf({ row, cluster, stored, version }: Draft): Change | 'unchanged' {
  if (stored && isSameCluster(cluster, stored)) return 'unchanged';
  return {
    row: row.row,
    key: cluster.id,
    action: stored ? 'update' : 'create',
    fields: stored ? differences(stored, cluster) : [],
    record: cluster,
    version,
  };
}
