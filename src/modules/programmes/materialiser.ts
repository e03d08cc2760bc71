import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import { BroadcastService } from '../broadcasts/index.js';
import { contentHashOf } from './content-hash.js';
import { isLive, LIVE_STATES, stateByTime, stepBy, type Standing } from './domain/life-cycle.js';
import { occurrencesBetween, type Occurrence } from './domain/recurrence.js';
import { ProgrammeOccurrences, type KnownOccurrence } from './occurrences.js';
import { hasOccurrenceAfter } from './programme-rules.js';
import { lockProgramme, readProgramme, updateProgramme } from './programme.store.js';
import type { Programme } from './programme.types.js';

const HOUR_MS = 3600_000;
/** How far ahead occurrences become broadcasts: further than the clusters' plans reach (48 h). */
const AHEAD_MS = 72 * HOUR_MS;
/** How far back it is told that nobody made a broadcast of an occurrence. */
const BACK_MS = 7 * 24 * HOUR_MS;
/** What was refused is tried again, as the rules of clusters and units change. */
const AGAIN_AFTER_MS = 10 * 60_000;

/**
 * Makes broadcasts of the occurrences of approved programmes, each once, however many workers are at it: the programme's row
 * is locked, and its occurrence is written in the same transaction as the broadcast. What is cut short is done by the next.
 */
@Injectable()
export class Materialiser {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly broadcasts: BroadcastService,
    private readonly occurrences: ProgrammeOccurrences,
  ) {}

  /** Of all programmes. An error with one does not keep the others waiting; it is thrown at the end. */
  async run(signal?: AbortSignal): Promise<void> {
    const live = await this.uow.reader.query<{ id: string }[]>(
      `select id from programmes where state = any($1::text[]) order by id`,
      [LIVE_STATES],
    );
    const errors: unknown[] = [];
    for (const { id } of live) {
      if (signal?.aborted) return;
      await this.materialise(id).catch((error: unknown) => errors.push(error));
    }
    if (errors.length > 0)
      throw new AggregateError(errors, `${errors.length} programme(s) could not be planned`);
  }

  /** Of one programme: makes what is due, and brings its state up to date. Returns how many broadcasts it made. */
  async materialise(id: string): Promise<number> {
    const programme = await readProgramme(this.uow.reader, id);
    if (!isLive(programme.state)) return 0;
    const nowMs = Date.now();
    const known = await this.occurrences.known(this.uow.reader, id);
    let made = 0;
    for (const occurrence of due(programme, nowMs)) {
      const before = known.get(occurrence.recurrenceId);
      if (!isOpen(before, programme, nowMs)) continue;
      if (occurrence.startMs > nowMs) made += (await this.make(programme, occurrence)) ? 1 : 0;
      // Of what was refused it stays written why.
      else if (before?.state !== 'REFUSED') await this.miss(programme, occurrence);
    }
    await this.advance(id);
    return made;
  }

  /** One broadcast; or the reason why there is none. False too when another worker was first, or the programme changed. */
  private async make(programme: Programme, occurrence: Occurrence): Promise<boolean> {
    try {
      return await this.uow.run(async (tx) => {
        const locked = await lockProgramme(tx.manager, programme.id);
        if (!isLive(locked.state) || locked.version !== programme.version) return false;
        const { approvedHash, decidedAt, renditionSha256, target } = locked;
        if (approvedHash === null || contentHashOf(locked) !== approvedHash) throw notWhatWasApproved();
        if (decidedAt === null || renditionSha256 === null || target === null) throw notWhatWasApproved();
        const known = (await this.occurrences.known(tx.manager, programme.id)).get(occurrence.recurrenceId);
        if (!isOpen(known, locked, Date.now())) return false;
        const broadcastId = await this.broadcasts.schedule(
          tx,
          {
            title: locked.title,
            sha256: renditionSha256,
            target,
            class: locked.class,
            volumePercent: locked.volumePercent,
            onInterrupt: locked.onInterrupt,
            onOverrun: locked.onOverrun,
            startAt: new Date(occurrence.startMs),
          },
          locked.areaId,
          { by: locked.decidedBy ?? 'system', at: decidedAt },
        );
        const outcome = { state: 'PLANNED', contentHash: approvedHash, broadcastId } as const;
        if (!(await this.occurrences.record(tx.manager, locked.id, occurrence, outcome)))
          throw new Error(`the occurrence ${occurrence.recurrenceId} of ${locked.id} is a broadcast already`);
        return true;
      });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      await this.refuse(programme, occurrence, error);
      return false;
    }
  }

  private async refuse(
    programme: Programme,
    occurrence: Occurrence,
    { code, detail, errors }: Problem,
  ): Promise<void> {
    const more = (of: 'message' | 'messageVi') =>
      (errors ?? []).map((each) => ` ${each.field}: ${each[of]}.`).join('');
    await this.settle(programme, occurrence, 'REFUSED', {
      code,
      en: detail.en + more('message'),
      vi: detail.vi + more('messageVi'),
    });
  }

  private async miss(programme: Programme, occurrence: Occurrence): Promise<void> {
    await this.settle(programme, occurrence, 'MISSED', {
      code: 'NOT_PLANNED_IN_TIME',
      en: 'Its time passed before it could be planned: the server was not running.',
      vi: 'Đã qua giờ phát trước khi kịp lên kế hoạch: máy chủ không hoạt động.',
    });
  }

  private async settle(
    programme: Programme,
    occurrence: Occurrence,
    state: 'REFUSED' | 'MISSED',
    cause: { code: string; en: string; vi: string },
  ): Promise<void> {
    await this.uow.run(async (tx) => {
      const locked = await lockProgramme(tx.manager, programme.id);
      if (!isLive(locked.state) || locked.version !== programme.version) return;
      const contentHash = locked.approvedHash ?? '';
      await this.occurrences.record(tx.manager, locked.id, occurrence, { state, contentHash, cause });
    });
  }

  /** The state that time has brought it to. */
  private async advance(id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const programme = await lockProgramme(tx.manager, id);
      if (!isLive(programme.state) || programme.schedule === null) return;
      const now = new Date();
      const [counts] = await tx.manager.query<[Omit<Standing, 'more'>]>(
        `select count(*) filter (where o.starts_at <= $2)::int as begun,
                count(*) filter (where o.starts_at > $2)::int as waiting
           from programme_occurrences o join broadcasts b on b.id = o.broadcast_id
          where o.programme_id = $1 and o.state = 'PLANNED' and b.settled_at is null and b.stopped_at is null`,
        [id, now],
      );
      const more = hasOccurrenceAfter(programme.schedule, now.getTime());
      const state = stateByTime({ ...counts, more });
      if (state === programme.state || stepBy(programme.state, state) !== 'time') return;
      await updateProgramme(tx, programme, { state });
    });
  }
}

/** What should be a broadcast by now, and what should have been since it was approved. */
function due({ schedule, decidedAt }: Programme, nowMs: number): Occurrence[] {
  if (schedule === null) return [];
  const fromMs = Math.max(decidedAt?.getTime() ?? nowMs, nowMs - BACK_MS);
  return occurrencesBetween(schedule, fromMs, nowMs + AHEAD_MS);
}

function isOpen(known: KnownOccurrence | undefined, { approvedHash }: Programme, nowMs: number): boolean {
  if (!known || known.state === 'WITHDRAWN') return true;
  if (known.state !== 'REFUSED') return false;
  return known.contentHash !== approvedHash || nowMs - known.changedAt.getTime() >= AGAIN_AFTER_MS;
}

function notWhatWasApproved(): Problem {
  return Problem.conflict('NOT_AS_APPROVED', {
    en: 'What is stored is not what was approved; it is not played.',
    vi: 'Nội dung lưu trữ không đúng với nội dung đã phê duyệt; không phát.',
  });
}
