import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import { AreasService } from '../../areas/index.js';
import {
  type ClusterImport,
  ClusterService,
  loadClusters,
  loadPlain,
  type PlainLoudspeakersImport,
  removePlain,
  type StoredCluster,
  type StoredPlain,
} from '../../speakers/index.js';
import type { Columns, ParsedRow } from '../domain/sheet.js';
import { fold } from '../domain/text.js';
import { LOUDSPEAKERS_SHEET } from '../sheets/speaker-sheets.js';
import { CommunesReader } from './communes-by-name.js';
import type { Change, Checked, ImportActor, Importer, RowChecker, UndoRecord } from './importer.js';
import { type Horn, LoudspeakerRows } from './loudspeaker-rows.js';
import { changedMeanwhile } from './row-rules.js';
import { undoClusters } from './undo-clusters.js';

const PLAIN = 'plain:';

/**
 * Horns of clusters by cluster and number; other horns of a cluster stay. FM and wired loudspeakers, which no network reaches, by
 * commune and kind: how many there are.
 */
@Injectable()
export class LoudspeakersImporter implements Importer {
  readonly sheet = LOUDSPEAKERS_SHEET;
  readonly permission = 'speakers:write';

  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly communes: CommunesReader,
    private readonly clusters: ClusterService,
  ) {}

  keyOf({ clusterId, number, commune, kind }: Readonly<Record<string, unknown>>): string | undefined {
    if (typeof clusterId === 'string')
      return typeof number === 'number' ? `${clusterId}/${number}` : undefined;
    return typeof commune === 'string' && typeof kind === 'string' ? `${fold(commune)}/${kind}` : undefined;
  }

  groupOf(key: string): string {
    return key.startsWith(PLAIN) ? key : key.slice(0, key.indexOf('/'));
  }

  async checker(columns: Columns, actor: ImportActor): Promise<RowChecker> {
    const { jurisdictionAreaId } = actor;
    const allowed =
      jurisdictionAreaId === null ? null : new Set(await this.areas.descendantIds(jurisdictionAreaId));
    const rules = new LoudspeakerRows(columns, await this.communes.today(), allowed);
    return {
      check: async (rows) => {
        const clusters = await loadClusters(this.uow.reader, clusterIdsOf(rows));
        const plain = await loadPlain(
          this.uow.reader,
          rows.flatMap((row) => rules.areaOf(row) ?? []),
        );
        return rows.map((row): Checked => {
          if (typeof row.values.clusterId !== 'string') return this.plainRow(rules, row, plain);
          const cluster = clusters.get(row.values.clusterId);
          const { findings, horn, before } = rules.horn(row, cluster);
          if (!cluster || !horn) return { findings, change: undefined };
          const fields = before ? rules.differences(before, horn) : [];
          if (before && fields.length === 0) return { findings, change: 'unchanged' };
          const action = before ? 'update' : 'create';
          // Numbers in a key have two digits: keys are gone through in their order.
          const key = `${cluster.id}/${String(horn.number).padStart(2, '0')}`;
          const change = {
            row: row.row,
            key,
            action,
            fields,
            record: horn,
            version: cluster.version,
          } as const;
          return { findings, change };
        });
      },
    };
  }

  async apply(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    const isPlain = ({ key }: Change) => key.startsWith(PLAIN);
    return [
      ...(await this.applyPlain(changes.filter(isPlain), tx)),
      ...(await this.applyHorns(
        changes.filter((change) => !isPlain(change)),
        tx,
      )),
    ];
  }

  async undo(records: readonly UndoRecord[], tx: Tx): Promise<{ changedSince: string[] }> {
    const plain = records.filter(({ key }) => key.startsWith(PLAIN));
    const areaIds = plain.map(({ key }) => key.slice(PLAIN.length).split('/')[0] ?? '');
    const stored = await loadPlain(tx.manager, areaIds, 'for update');
    const now = ({ key }: UndoRecord) => stored.get(key.slice(PLAIN.length));
    const changedSince = plain
      .filter((record) => now(record)?.version !== record.versionAfter)
      .map(({ key }) => key);
    if (changedSince.length > 0) return { changedSince };
    const horns = records.filter(({ key }) => !key.startsWith(PLAIN));
    const undone = await undoClusters(this.clusters, horns, tx);
    if (undone.changedSince.length > 0) return undone;
    const made = plain.filter(({ before }) => before === null);
    await removePlain(
      tx,
      made.flatMap((record) => now(record) ?? []),
    );
    const back = plain.flatMap(({ before }) => (before === null ? [] : [before as StoredPlain]));
    await this.clusters.importPlainLoudspeakers(
      back.map(({ version: _version, ...row }) => row),
      tx,
    );
    return undone;
  }

  private plainRow(
    rules: LoudspeakerRows,
    row: ParsedRow,
    stored: ReadonlyMap<string, StoredPlain>,
  ): Checked {
    const areaId = rules.areaOf(row);
    const before = stored.get(`${areaId}/${String(row.values.kind)}`);
    const { findings, plain } = rules.plain(row, areaId, before);
    if (!plain) return { findings, change: undefined };
    const { version = null, ...was } = before ?? {};
    const fields = before ? rules.differences(was, plain) : [];
    if (before && fields.length === 0) return { findings, change: 'unchanged' };
    const key = `${PLAIN}${plain.areaId}/${plain.kind}`;
    const action = before ? 'update' : 'create';
    return { findings, change: { row: row.row, key, action, fields, record: plain, version } };
  }

  private async applyPlain(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    if (changes.length === 0) return [];
    const rows = changes.map(({ record }) => record as PlainLoudspeakersImport);
    const areaIds = rows.map(({ areaId }) => areaId);
    const before = await loadPlain(tx.manager, areaIds, 'for update');
    const stored = ({ key }: Change) => before.get(key.slice(PLAIN.length));
    const moved = changes.filter((change) => (stored(change)?.version ?? null) !== change.version);
    if (moved.length > 0) throw changedMeanwhile(moved.map(({ key }) => key));
    await this.clusters.importPlainLoudspeakers(rows, tx);
    return changes.map((change) => ({
      key: change.key,
      before: stored(change) ?? null,
      versionAfter: (change.version ?? 0) + 1,
    }));
  }

  private async applyHorns(changes: readonly Change[], tx: Tx): Promise<UndoRecord[]> {
    const horns = new Map<string, Horn[]>();
    for (const change of changes) {
      const id = this.groupOf(change.key);
      horns.set(id, [...(horns.get(id) ?? []), change.record as Horn]);
    }
    const before = await loadClusters(tx.manager, [...horns.keys()], 'for update');
    const moved = changes.filter(({ key, version }) => before.get(this.groupOf(key))?.version !== version);
    if (moved.length > 0) throw changedMeanwhile(moved.map(({ key }) => key));
    const clusters = [...before.values()];
    await this.clusters.importClusters(
      clusters.map((cluster) => withHorns(cluster, horns.get(cluster.id) ?? [])),
      tx,
      'restore',
    );
    return clusters.map((cluster) => ({
      key: cluster.id,
      before: cluster,
      versionAfter: cluster.version + 1,
    }));
  }
}

function clusterIdsOf(rows: readonly ParsedRow[]): string[] {
  return rows.flatMap(({ values }) => (typeof values.clusterId === 'string' ? [values.clusterId] : []));
}

function withHorns({ version: _version, ...cluster }: StoredCluster, given: readonly Horn[]): ClusterImport {
  const horns = [...cluster.horns];
  for (const { number, ...horn } of given) horns[number - 1] = horn;
  return { ...(cluster as ClusterImport), horns };
}
