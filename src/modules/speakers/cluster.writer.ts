import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { AreasService, type ImportResult } from '../areas/index.js';
import { AttributesService, type AttributeMode } from '../attributes/index.js';
import type { Actor } from '../identity/index.js';
import { clusterDraft, defined, isSameCluster } from './cluster-draft.js';
import { lockClusters, writeClusters, type Cluster } from './cluster.store.js';
import { DesiredDocuments } from './desired-documents.js';
import { checkCluster } from './domain/cluster-rules.js';
import { CLUSTERS_CHANGED } from './speakers.events.js';
import type { ClusterImport } from './speakers.types.js';

/** A new cluster as a person enters it: the unit is that of its place, if none is given. */
export type NewCluster = Omit<ClusterImport, 'areaId'> & { areaId?: string };
export type ClusterPatch = Partial<Omit<ClusterImport, 'id'>>;

type FieldName = (row: number, field: string) => string;

const BATCH = 500;
/** What a cluster must be told when it changes. */
const TOLD = ['areaId', 'volumePercent', 'volumeCapPercent', 'quietHours'] as const;
const WHAT = { en: 'loudspeaker cluster', vi: 'cụm loa' };

/** The register of clusters. Every change of a configuration makes the cluster's next document. */
@Injectable()
export class ClusterWriter {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly documents: DesiredDocuments,
    private readonly attributes: AttributesService,
  ) {}

  /** Stores many clusters by id; all rows or none, 400 with every problem of every row (`rows.12.lat`). */
  async importClusters(
    rows: readonly ClusterImport[],
    tx?: Tx,
    attributes: AttributeMode = 'merge',
  ): Promise<ImportResult> {
    const work = (tx_: Tx) => this.store(tx_, rows, (row, field) => `rows.${row}.${field}`, attributes);
    return tx ? work(tx) : this.uow.run(work);
  }

  async create(actor: Actor, input: NewCluster): Promise<Cluster> {
    return this.uow.run(async (tx) => {
      const areaId = input.areaId ?? (await this.areaOf(input.lon, input.lat, tx.manager));
      await this.areas.assertWithinJurisdiction(actor, [areaId], tx.manager);
      if ((await lockClusters(tx.manager, [input.id])).size > 0)
        throw Problem.conflict('DUPLICATE', {
          en: `There is a cluster "${input.id}" already.`,
          vi: `Đã có cụm loa "${input.id}".`,
        });
      await this.store(tx, [{ ...input, areaId }], (_row, field) => field);
      return this.one(tx.manager, input.id);
    });
  }

  /** A cluster that is moved and given no unit comes to that of its new place. */
  async change(actor: Actor, id: string, patch: ClusterPatch): Promise<Cluster> {
    return this.uow.run(async (tx) => {
      const before = await this.one(tx.manager, id);
      const moved = patch.lon !== undefined || patch.lat !== undefined;
      const areaId =
        patch.areaId ??
        (moved
          ? await this.areaOf(patch.lon ?? before.lon, patch.lat ?? before.lat, tx.manager)
          : before.areaId);
      await this.areas.assertWithinJurisdiction(actor, [before.areaId, areaId], tx.manager);
      await this.store(
        tx,
        [{ ...before, ...defined(patch), areaId } as ClusterImport],
        (_row, field) => field,
      );
      return this.one(tx.manager, id);
    });
  }

  /** 404 without such a cluster, 403 outside of the actor's jurisdiction. */
  async assertMayChange(actor: Actor, id: string, manager: EntityManager): Promise<Cluster> {
    const cluster = await this.one(manager, id);
    await this.areas.assertWithinJurisdiction(actor, [cluster.areaId], manager);
    return cluster;
  }

  private async one(manager: EntityManager, id: string): Promise<Cluster> {
    const found = (await lockClusters(manager, [id])).get(id);
    if (!found) throw Problem.notFound(WHAT, id);
    return found;
  }

  private async areaOf(lon: number, lat: number, manager: EntityManager): Promise<string> {
    const commune = await this.areas.communeAt(lon, lat, this.areas.today(), manager);
    if (commune) return commune.id;
    throw Problem.invalidField('areaId', 'UNKNOWN', {
      en: 'no commune holds this place today; give areaId',
      vi: 'hiện không có xã, phường nào chứa vị trí này; hãy nhập areaId',
    });
  }

  private async store(
    tx: Tx,
    rows: readonly ClusterImport[],
    name: FieldName,
    attributes: AttributeMode = 'merge',
  ): Promise<ImportResult> {
    const before = await lockClusters(
      tx.manager,
      rows.map((row) => row.id),
    );
    const drafts = rows.map((row) =>
      clusterDraft(row, before.get(row.id), { exact: attributes !== 'merge' }),
    );
    await this.check(tx, drafts, name);
    const changed = drafts.filter((draft) => !isSameCluster(draft, before.get(draft.id)));
    if (attributes !== 'restore') await this.checkAttributes(tx, drafts, changed, before, name);
    for (let start = 0; start < changed.length; start += BATCH)
      await writeClusters(tx.manager, changed.slice(start, start + BATCH));
    for (const after of changed) {
      const earlier = before.get(after.id) ?? null;
      const action = earlier ? 'update' : 'create';
      tx.emit(RESOURCE_CHANGED, { resource: 'cluster', id: after.id, action, before: earlier, after });
    }
    const told = changed.filter((after) => {
      const earlier = before.get(after.id);
      return (
        !earlier || TOLD.some((field) => JSON.stringify(earlier[field]) !== JSON.stringify(after[field]))
      );
    });
    for (let start = 0; start < told.length; start += BATCH)
      await this.documents.rebuild(
        tx,
        told.slice(start, start + BATCH).map(({ id }) => id),
      );
    const rights = changed.filter(({ id, areaId, active }) => {
      const earlier = before.get(id);
      return earlier?.areaId !== areaId || earlier.active !== active;
    });
    if (changed.length > 0)
      tx.emit(CLUSTERS_CHANGED, {
        clusterIds: changed.map(({ id }) => id),
        rightsOf: rights.map(({ id }) => id),
      });
    const updated = changed.filter(({ id }) => before.has(id)).length;
    return { created: changed.length - updated, updated, unchanged: drafts.length - changed.length };
  }

  private async checkAttributes(
    { manager }: Tx,
    drafts: readonly Cluster[],
    changed: readonly Cluster[],
    before: ReadonlyMap<string, Cluster>,
    name: FieldName,
  ): Promise<void> {
    const rowOf = new Map(drafts.map((draft, row) => [draft, row]));
    const objects = changed.map((draft) => ({
      values: draft.attributes,
      stored: before.get(draft.id)?.attributes,
      name: (field: string) => name(rowOf.get(draft) ?? 0, field),
    }));
    const problems = await this.attributes.check('clusters', objects, manager);
    if (problems.length > 0) throw Problem.invalid(problems);
  }

  private async check(tx: Tx, drafts: Cluster[], name: FieldName): Promise<void> {
    const problems: FieldProblem[] = [];
    const firstRow = new Map<string, number>();
    drafts.forEach((draft, row) => {
      for (const { field, code, en, vi } of checkCluster(draft))
        problems.push(fieldProblem(name(row, field), code, { en, vi }));
      if (firstRow.has(draft.id))
        problems.push(
          fieldProblem(name(row, 'id'), 'DUPLICATE', {
            en: `"${draft.id}" is given twice`,
            vi: `"${draft.id}" bị ghi hai lần`,
          }),
        );
      else firstRow.set(draft.id, row);
    });
    const chains = await this.areas.chains([...new Set(drafts.map((d) => d.areaId))], tx.manager);
    drafts.forEach((draft, row) => {
      const text = {
        en: `there is no administrative unit "${draft.areaId}"`,
        vi: `không có đơn vị hành chính "${draft.areaId}"`,
      };
      if (!chains.has(draft.areaId)) problems.push(fieldProblem(name(row, 'areaId'), 'UNKNOWN', text));
    });
    if (problems.length > 0) throw Problem.invalid(problems);
  }
}
