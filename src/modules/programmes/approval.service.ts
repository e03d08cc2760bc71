import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import { AreasService } from '../areas/index.js';
import { TargetResolver } from '../broadcasts/index.js';
import type { Actor } from '../identity/index.js';
import { RenditionService } from '../media/index.js';
import { ProgrammeConflicts } from './conflicts.service.js';
import { contentHashOf } from './content-hash.js';
import { isLive } from './domain/life-cycle.js';
import { Materialiser } from './materialiser.js';
import { ProgrammeOccurrences, type Cause } from './occurrences.js';
import {
  assertComplete,
  assertMayApprove,
  assertNoTemplate,
  assertStep,
  assertVersion,
  withAuthor,
} from './programme-rules.js';
import { lockProgramme, readProgramme, updateProgramme } from './programme.store.js';
import type { Programme } from './programme.types.js';

/** Takes programmes from the draft to the air: submitted by one, approved by another. */
@Injectable()
export class ProgrammeApproval {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly targets: TargetResolver,
    private readonly renditions: RenditionService,
    private readonly occurrences: ProgrammeOccurrences,
    private readonly conflicts: ProgrammeConflicts,
    private readonly materialiser: Materialiser,
  ) {}

  /**
   * Makes the one audio file of the programme, and hashes everything that will be played.
   * @throws Problem 400 for what is missing or cannot be rendered, 403, 404, 409 (TRANSITION, TEMPLATE, VERSION), 503 without a
   * speech engine where one is needed
   */
  async submit(actor: Actor, id: string, version: number | undefined): Promise<Programme> {
    const draft = await readProgramme(this.uow.reader, id);
    await this.areas.assertWithinJurisdiction(actor, [draft.areaId]);
    const check = (programme: Programme) => {
      assertVersion(programme, version ?? draft.version);
      assertNoTemplate(programme);
      assertStep(programme, 'SUBMITTED');
      assertComplete(programme, Date.now());
    };
    check(draft);
    // Takes its time, so no row is locked meanwhile; an edit that comes in between is found by the version.
    const { sha256, durationS } = await this.renditions.render(actor, draft.title, draft.items);
    return this.uow.run(async (tx) => {
      const before = await lockProgramme(tx.manager, id);
      check(before);
      const { areaId: jurisdictionAreaId, target } = before;
      if (target) await this.targets.resolve(tx, { jurisdictionAreaId }, target);
      const rendered = { ...before, renditionSha256: sha256, durationS };
      return updateProgramme(tx, before, {
        state: 'SUBMITTED',
        renditionSha256: sha256,
        durationS,
        contentHash: contentHashOf(rendered),
        approvedHash: null,
        version: before.version + 1,
        authors: withAuthor(before.authors, actor),
        submittedBy: actor.name,
        submittedAt: new Date(),
        decidedBy: null,
        decidedAt: null,
        reason: null,
      });
    });
  }

  /**
   * Approves exactly what has the hash, and plans its next occurrences.
   * @throws Problem 403 (AUTHOR, PERSON), 404, 409 (TRANSITION; CONTENT_CHANGED; PRIORITY_CONFLICT naming both sides)
   */
  async approve(actor: Actor, id: string, contentHash: string): Promise<Programme> {
    await this.uow.run(async (tx) => {
      // One approval after another: two of PRIORITY that overlap would else not see each other.
      await tx.manager.query('lock table programmes in share row exclusive mode');
      const before = await lockProgramme(tx.manager, id);
      await this.areas.assertWithinJurisdiction(actor, [before.areaId], tx.manager);
      assertStep(before, 'APPROVED');
      assertMayApprove(actor, before);
      if (before.contentHash !== contentHash || contentHashOf(before) !== contentHash)
        throw Problem.conflict('CONTENT_CHANGED', {
          en: 'The programme is not the one that you have looked at: it was changed meanwhile.',
          vi: 'Chương trình không còn là bản bạn đã xem: nội dung đã được thay đổi.',
        });
      assertComplete(before, Date.now());
      await this.conflicts.assertDecided(tx, before);
      await updateProgramme(tx, before, {
        state: 'APPROVED',
        approvedHash: contentHash,
        version: before.version + 1,
        decidedBy: actor.name,
        decidedAt: new Date(),
        reason: null,
      });
    });
    await this.materialiser.materialise(id);
    return readProgramme(this.uow.reader, id);
  }

  /** Refuses what was submitted, or takes an approval back; what has not begun is withdrawn then. */
  async reject(actor: Actor, id: string, reason: string): Promise<Programme> {
    const cause = {
      code: 'APPROVAL_WITHDRAWN',
      en: 'The approval was taken back.',
      vi: 'Việc phê duyệt đã bị thu hồi.',
    };
    return this.end(actor, id, 'REJECTED', said(reason), cause);
  }

  /** Gives a programme up; what has not begun is withdrawn, what is on the air is heard to its end. */
  async cancel(actor: Actor, id: string, reason: string | undefined): Promise<Programme> {
    const cause = { code: 'CANCELLED', en: 'The programme was cancelled.', vi: 'Chương trình đã bị hủy.' };
    return this.end(actor, id, 'CANCELLED', reason?.normalize('NFC').trim() || null, cause);
  }

  private async end(
    actor: Actor,
    id: string,
    state: 'REJECTED' | 'CANCELLED',
    reason: string | null,
    cause: Cause,
  ): Promise<Programme> {
    return this.uow.run(async (tx: Tx) => {
      const before = await lockProgramme(tx.manager, id);
      await this.areas.assertWithinJurisdiction(actor, [before.areaId], tx.manager);
      assertStep(before, state);
      if (isLive(before.state)) await this.occurrences.withdraw(tx, id, cause);
      return updateProgramme(tx, before, {
        state,
        reason,
        approvedHash: null,
        version: before.version + 1,
        decidedBy: actor.name,
        decidedAt: new Date(),
      });
    });
  }
}

function said(reason: string): string {
  const text = reason.normalize('NFC').trim();
  if (text !== '') return text;
  throw Problem.invalidField('reason', 'REQUIRED', {
    en: 'reason must say why',
    vi: 'phải nêu lý do (reason)',
  });
}
