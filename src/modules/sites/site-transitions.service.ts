import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { fieldProblem, Problem } from '../../common/http/problem.js';
import { AreasService } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import { checkTransition, permissionFor, statesAfter, type TransitionRequest } from './domain/life-cycle.js';
import { loadSites } from './site-sql.js';
import { logTransitions, transitionsOf, type SiteTransition } from './site-transition-log.js';
import type { Site, StoredSite } from './site.types.js';
import { SitesService } from './sites.service.js';

/** Moves sites through their life cycle and remembers each step. */
@Injectable()
export class SiteTransitions {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly sites: SitesService,
  ) {}

  /**
   * Takes a site to its next state. Throws 409 for a step that the table does not have, 403 for one that the actor may not
   * take, 400 for a missing reason or a wrong day. `on` is today when left out.
   */
  async move(
    actor: Actor,
    codeOrId: string,
    { to, reason = null, note = null, on }: Partial<TransitionRequest> & Pick<TransitionRequest, 'to'>,
  ): Promise<Site> {
    return this.uow.run(async (tx) => {
      const { manager } = tx;
      // Before the row's lock, so that a step and an import never wait for each other.
      await manager.query('lock table sites in row exclusive mode');
      const { code } = await this.sites.read(codeOrId, undefined, manager);
      const before = (await loadSites(manager, [code], 'for update')).get(code);
      if (!before) throw Problem.notFound({ en: 'site', vi: 'trạm' }, codeOrId);
      await this.areas.assertPlaceWithinJurisdiction(actor, before.lon, before.lat, manager);
      assertAllowed(actor, before, to);
      const [last] = await transitionsOf(manager, before.id, 1);
      const step = { to, reason, note, on: on ?? this.areas.today() };
      const violations = checkTransition(step, this.areas.today(), last?.on ?? null);
      if (violations.length > 0)
        throw Problem.invalid(violations.map((v) => fieldProblem(v.field, v.code, v)));
      await manager.query(
        `update sites set lifecycle = $2, lifecycle_reason = $3, lifecycle_note = $4, version = version + 1,
                updated_at = now() where id = $1`,
        [before.id, to, reason, note],
      );
      await logTransitions(manager, [{ ...step, siteId: before.id, from: before.lifecycle }]);
      const after = (await loadSites(manager, [code])).get(code) ?? null;
      tx.emit(RESOURCE_CHANGED, { resource: 'site', id: before.id, action: 'update', before, after });
      return this.sites.read(code, undefined, manager);
    });
  }

  /** The steps of a site, the latest first. Throws 404. */
  async list(codeOrId: string, limit: number, cursor?: string): Promise<Page<SiteTransition>> {
    const { id } = await this.sites.read(codeOrId);
    const before = decodeCursor(cursor);
    if (before !== undefined && !/^\d{1,18}$/.test(before))
      throw Problem.invalidField('cursor', 'CURSOR', {
        en: 'cursor must be the nextCursor of an earlier page',
        vi: 'cursor phải là nextCursor của trang trước',
      });
    const rows = await transitionsOf(this.uow.reader, id, limit + 1, before);
    return toPage(rows, limit, (step) => step.id);
  }
}

function assertAllowed(actor: Actor, { code, lifecycle }: StoredSite, to: TransitionRequest['to']): void {
  const permission = permissionFor(lifecycle, to);
  if (permission === undefined) {
    const next = statesAfter(lifecycle).join(', ');
    throw Problem.conflict('TRANSITION', {
      en: `The site "${code}" is ${lifecycle}: it cannot become ${to}. ${next === '' ? 'Nothing follows.' : `Next may be: ${next}.`}`,
      vi: `Trạm "${code}" đang ở trạng thái ${lifecycle}: không thể chuyển sang ${to}. ${next === '' ? 'Không còn trạng thái nào tiếp theo.' : `Có thể chuyển sang: ${next}.`}`,
    });
  }
  if (!actor.permissions.has(permission))
    throw Problem.forbidden({
      en: `The step from ${lifecycle} to ${to} needs the permission ${permission}.`,
      vi: `Chuyển từ ${lifecycle} sang ${to} cần quyền ${permission}.`,
    });
}
