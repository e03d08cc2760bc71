import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { fieldProblem, Problem } from '../../common/http/problem.js';
import { AreasService } from '../areas/index.js';
import { TargetResolver } from '../broadcasts/index.js';
import type { Actor } from '../identity/index.js';
import { MediaService } from '../media/index.js';
import { audioOf } from './domain/items.js';
import { isLive } from './domain/life-cycle.js';
import { ProgrammeOccurrences } from './occurrences.js';
import { assertStep, assertVersion, contentFrom, withAuthor, type GivenContent } from './programme-rules.js';
import { insertProgramme, lockProgramme, readProgramme, updateProgramme } from './programme.store.js';
import type { Programme, ProgrammeContent } from './programme.types.js';

/** What a programme has before anybody has submitted it. */
const UNDECIDED = {
  renditionSha256: null,
  durationS: null,
  contentHash: null,
  approvedHash: null,
  submittedBy: null,
  submittedAt: null,
  decidedBy: null,
  decidedAt: null,
  reason: null,
} as const;

/** Writes programmes: new ones, edits, copies. */
@Injectable()
export class ProgrammesWriter {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly targets: TargetResolver,
    private readonly media: MediaService,
    private readonly occurrences: ProgrammeOccurrences,
  ) {}

  /** A draft, or a template. @throws Problem 400, 403 outside of the jurisdiction */
  async create(
    actor: Actor,
    { area, isTemplate = false, ...given }: GivenContent & { area?: string; isTemplate?: boolean },
  ): Promise<Programme> {
    const content = contentFrom(given);
    return this.uow.run(async (tx) => {
      const areaId = await this.unitOf(tx, actor, area);
      await this.check(tx, areaId, content);
      return this.insert(tx, actor, { ...content, areaId, isTemplate, copiedFrom: null });
    });
  }

  /**
   * Changes what is given. A programme that was submitted is a draft again: what is not on the air is withdrawn from the
   * clusters' plans, and it must be approved anew. When nothing differs nothing happens.
   * @throws Problem 400, 403, 404, 409 (VERSION; TRANSITION: it is over)
   */
  async edit(
    actor: Actor,
    id: string,
    { version, ...given }: GivenContent & { version?: number },
  ): Promise<Programme> {
    return this.uow.run(async (tx) => {
      const before = await lockProgramme(tx.manager, id);
      await this.areas.assertWithinJurisdiction(actor, [before.areaId], tx.manager);
      assertVersion(before, version);
      const content = contentFrom(given, before);
      if (sameContent(before, content)) return before;
      if (before.state !== 'DRAFT') assertStep(before, 'DRAFT');
      await this.check(tx, before.areaId, content);
      if (isLive(before.state))
        await this.occurrences.withdraw(tx, id, {
          code: 'EDITED',
          en: 'The programme was edited; it must be approved again.',
          vi: 'Chương trình đã được sửa; cần phê duyệt lại.',
        });
      return updateProgramme(tx, before, {
        ...content,
        ...UNDECIDED,
        state: 'DRAFT',
        version: before.version + 1,
        authors: withAuthor(before.authors, actor),
        updatedBy: actor.name,
        updatedAt: new Date(),
      });
    });
  }

  /** A new draft (or template) with the same content, for which whoever copies it answers. @throws Problem 403, 404 */
  async copy(
    actor: Actor,
    id: string,
    { title, isTemplate = false }: { title?: string; isTemplate?: boolean },
  ): Promise<Programme> {
    return this.uow.run(async (tx) => {
      const original = await readProgramme(tx.manager, id);
      // Who may not write in the unit of the original takes it to the own one, with a target to be said anew.
      const own = actor.jurisdictionAreaId;
      const inside = own === null || (await this.areas.isWithin(original.areaId, own, tx.manager));
      const areaId = inside ? original.areaId : own;
      const content = contentFrom(
        { ...(title === undefined ? {} : { title }), ...(inside ? {} : { target: null }) },
        original,
      );
      return this.insert(tx, actor, { ...content, areaId, isTemplate, copiedFrom: id });
    });
  }

  private async insert(
    tx: Tx,
    actor: Actor,
    about: ProgrammeContent & Pick<Programme, 'areaId' | 'isTemplate' | 'copiedFrom'>,
  ): Promise<Programme> {
    const now = new Date();
    return insertProgramme(tx, {
      title: about.title,
      class: about.class,
      target: about.target,
      items: about.items,
      volumePercent: about.volumePercent,
      onInterrupt: about.onInterrupt,
      onOverrun: about.onOverrun,
      schedule: about.schedule,
      areaId: about.areaId,
      isTemplate: about.isTemplate,
      copiedFrom: about.copiedFrom,
      ...UNDECIDED,
      id: randomUUID(),
      state: 'DRAFT',
      version: 1,
      authors: withAuthor([], actor),
      createdBy: actor.name,
      createdAt: now,
      updatedBy: actor.name,
      updatedAt: now,
    });
  }

  private async unitOf(tx: Tx, actor: Actor, area: string | undefined): Promise<string> {
    if (area === undefined) {
      if (actor.jurisdictionAreaId !== null) return actor.jurisdictionAreaId;
      throw Problem.invalidField('area', 'REQUIRED', {
        en: 'area must name the unit whose programme it is: you answer for all',
        vi: 'phải nêu area là đơn vị của chương trình, vì bạn phụ trách toàn bộ',
      });
    }
    const unit = await this.areas.resolve(area, undefined, tx.manager).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.status !== 404) throw error;
      throw Problem.invalidField('area', 'UNKNOWN', error.detail);
    });
    await this.areas.assertWithinJurisdiction(actor, [unit.id], tx.manager);
    return unit.id;
  }

  /** That what is named exists, and whom it addresses lies within the unit. */
  private async check(tx: Tx, areaId: string, { items, target }: ProgrammeContent): Promise<void> {
    const known = await this.media.findMany(tx, audioOf(items));
    const problems = items.flatMap((item, i) =>
      item.kind === 'audio' && !known.has(item.sha256)
        ? [
            fieldProblem(`items.${i}.sha256`, 'UNKNOWN', {
              en: 'there is no audio file with this hash',
              vi: 'không có tệp âm thanh với mã băm này',
            }),
          ]
        : [],
    );
    if (problems.length > 0) throw Problem.invalid(problems);
    if (target) await this.targets.resolve(tx, { jurisdictionAreaId: areaId }, target);
  }
}

function sameContent(before: ProgrammeContent, after: ProgrammeContent): boolean {
  const fields = Object.keys(after) as (keyof ProgrammeContent)[];
  // As it is stored: a class instance of a request is equal to the plain object of a row.
  const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;
  return fields.every((field) => isDeepStrictEqual(plain(before[field]), plain(after[field])));
}
