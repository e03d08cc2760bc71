import { Injectable } from '@nestjs/common';
import type { Tx } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import { AreasService, readBoundary } from '../areas/index.js';
import { TargetResolver } from '../broadcasts/index.js';
import type { Actor } from '../identity/index.js';
import type { ClusterRef } from '../speakers/index.js';
import type { EmergencySummary, EmergencyTarget } from './emergency.types.js';

/** Whom an emergency is for, and how they are told at once. */
@Injectable()
export class EmergencyTargets {
  constructor(
    private readonly areas: AreasService,
    private readonly targets: TargetResolver,
  ) {}

  /** What is meant whoever looks at it later: "all" of who answers for one unit is that unit. */
  settled(actor: Actor, target: EmergencyTarget): EmergencyTarget {
    const { jurisdictionAreaId } = actor;
    const { all, polygon, clusterIds, groupIds, areas } = target;
    const named =
      [...(clusterIds ?? []), ...(groupIds ?? []), ...(areas ?? [])].length > 0 || polygon !== undefined;
    if ((all === true) === named)
      throw Problem.invalidField('target', 'TARGET', {
        en: 'target must say either all, or which clusters, groups or units, or a polygon',
        vi: 'target phải là tất cả (all), hoặc nêu cụm loa, nhóm, đơn vị hành chính hay vùng (polygon)',
      });
    return all === true && jurisdictionAreaId !== null ? { areas: [jurisdictionAreaId] } : target;
  }

  /** @throws Problem 400, 403 */
  async resolve(tx: Tx, actor: Actor, { polygon, ...target }: EmergencyTarget): Promise<ClusterRef[]> {
    const within = polygon === undefined ? [] : await this.within(tx, polygon);
    return this.targets.resolve(tx, actor, {
      ...target,
      clusterIds: [...new Set([...(target.clusterIds ?? []), ...within])],
    });
  }

  /**
   * The unit, by code, by which each cluster is told: when the target is whole units (or all), every cluster of a unit is meant
   * and one message reaches them all. Of units within each other the outermost counts.
   */
  async areasOf(
    tx: Tx,
    target: EmergencyTarget,
    clusters: readonly ClusterRef[],
  ): Promise<Map<string, string> | undefined> {
    const { all, polygon, clusterIds, groupIds, areas } = target;
    if (polygon !== undefined || (clusterIds?.length ?? 0) + (groupIds?.length ?? 0) > 0) return undefined;
    const chains = await this.areas.chains([...new Set(clusters.map(({ areaId }) => areaId))], tx.manager);
    const named = new Set<string>();
    for (const unit of areas ?? []) named.add((await this.areas.resolve(unit, undefined, tx.manager)).id);
    const found = new Map<string, string>();
    for (const { id, areaId } of clusters) {
      const outermost = (chains.get(areaId) ?? []).findLast((area) => all === true || named.has(area.id));
      if (!outermost) return undefined;
      found.set(id, outermost.code);
    }
    return found;
  }

  async summary(tx: Tx, clusters: readonly ClusterRef[]): Promise<EmergencySummary> {
    const counts = new Map<string, number>();
    for (const { areaId } of clusters) counts.set(areaId, (counts.get(areaId) ?? 0) + 1);
    const units = await tx.manager.query<
      { id: string; code: string; name: string; population: number | null }[]
    >(`select id, code, full_name as name, population from areas where id = any($1::uuid[]) order by code`, [
      [...counts.keys()],
    ]);
    const known = units.flatMap(({ population }) => population ?? []);
    const are = (online: boolean | null) => clusters.filter((cluster) => cluster.online === online).length;
    return {
      clusters: clusters.length,
      online: are(true),
      offline: are(false),
      unheard: are(null),
      units: units.map(({ id, code, name }) => ({ code, name, clusters: counts.get(id) ?? 0 })),
      people: known.length === 0 ? null : known.reduce((sum, people) => sum + people, 0),
    };
  }

  private async within(tx: Tx, polygon: object): Promise<string[]> {
    const { boundary, violations } = readBoundary(polygon);
    const [fault] = violations;
    if (fault) throw Problem.invalidField('target.polygon', 'GEOMETRY', { en: fault.en, vi: fault.vi });
    const rows = await tx.manager.query<{ id: string }[]>(
      `select id from clusters
        where active and st_covers(st_setsrid(st_geomfromgeojson($1), 4326), position::geometry) order by id`,
      [JSON.stringify(boundary)],
    );
    if (rows.length === 0)
      throw Problem.invalidField('target.polygon', 'EMPTY', {
        en: 'there is no cluster in service within the polygon',
        vi: 'không có cụm loa nào đang hoạt động trong vùng này',
      });
    return rows.map(({ id }) => id);
  }
}
