import { Injectable } from '@nestjs/common';
import type { Tx } from '../../common/database/unit-of-work.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { AreasService } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import { ClusterService, type ClusterRef } from '../speakers/index.js';
import type { AnnouncementTarget } from './broadcast.types.js';

/** The part of who acts that says where they may. */
type Jurisdiction = Pick<Actor, 'jurisdictionAreaId'>;

/** Finds out whom an announcement is for, and whether its author may address them. */
@Injectable()
export class TargetResolver {
  constructor(
    private readonly areas: AreasService,
    private readonly clusters: ClusterService,
  ) {}

  /** The clusters meant, at least one. @throws Problem 400 for what does not exist, 403 for what lies outside of the jurisdiction */
  async resolve(tx: Tx, actor: Jurisdiction | null, target: AnnouncementTarget): Promise<ClusterRef[]> {
    const jurisdiction = actor?.jurisdictionAreaId ?? null;
    // "All" of who answers for one commune are the clusters of that commune.
    const everywhere = target.all === true && jurisdiction === null;
    const areaIds =
      target.all === true && jurisdiction !== null ? [jurisdiction] : await this.unitIds(tx, target);
    const clusters = await this.found(tx, {
      all: everywhere,
      clusterIds: target.clusterIds,
      groupIds: target.groupIds,
      areaIds,
    });
    if (clusters.length === 0)
      throw Problem.invalidField('target', 'EMPTY', {
        en: 'there is no cluster in service there',
        vi: 'không có cụm loa nào đang hoạt động ở đó',
      });
    if (actor) await this.assertWithin(tx, actor, [...new Set(clusters.map(({ areaId }) => areaId))]);
    return clusters;
  }

  async assertWithin(tx: Tx, actor: Jurisdiction, areaIds: readonly string[]): Promise<void> {
    await this.areas.assertWithinJurisdiction(actor, areaIds, tx.manager);
  }

  private async unitIds(tx: Tx, target: AnnouncementTarget): Promise<string[]> {
    const ids: string[] = [];
    const problems: FieldProblem[] = [];
    for (const [i, unit] of (target.areas ?? []).entries()) {
      try {
        ids.push((await this.areas.resolve(unit, undefined, tx.manager)).id);
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 404) throw error;
        problems.push(fieldProblem(`target.areas.${i}`, 'UNKNOWN', error.detail));
      }
    }
    if (problems.length > 0) throw Problem.invalid(problems);
    return ids;
  }

  private async found(
    tx: Tx,
    target: Parameters<ClusterService['resolveTargets']>[1],
  ): Promise<ClusterRef[]> {
    try {
      return await this.clusters.resolveTargets(tx.manager, target);
    } catch (error) {
      // Named as the caller wrote them.
      if (!(error instanceof Problem) || !error.errors) throw error;
      throw Problem.invalid(error.errors.map((one) => ({ ...one, field: `target.${one.field}` })));
    }
  }
}
