import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { fieldProblem, Problem } from '../../common/http/problem.js';
import { isQuiet, msUntilQuiet, type QuietHours } from '../../contract/index.js';
import { TargetResolver } from '../broadcasts/index.js';
import { TIME_ZONE, type ClusterRef } from '../speakers/index.js';
import {
  findConflicts,
  proposalsFor,
  type Conflict,
  type PlannedPlay,
  type Proposal,
} from './domain/conflicts.js';
import { LIVE_STATES, type ProgrammeState } from './domain/life-cycle.js';
import { formatLocal, localOf } from './domain/local-time.js';
import { occurrencesBetween } from './domain/recurrence.js';
import { PROGRAMME_COLUMNS } from './programme.store.js';
import type { Programme } from './programme.types.js';

const DAY_MS = 24 * 3600_000;
/** A year of a programme is looked at, and of a shorter one all. */
const AHEAD_MS = 366 * DAY_MS;
const LIMITS = { furthestShiftMs: 3 * 3600_000, shortestMs: 60_000 };
/** As many are told in full; of the rest, how many there are. */
const TOLD_AT_MOST = 50;

export interface ToldConflict extends Conflict {
  /** Two of PRIORITY: nobody approves before one of them is changed. NORMAL: told, and left to the author. */
  blocks: boolean;
  proposals: Proposal[];
}

export interface Conflicts {
  total: number;
  blocking: number;
  items: ToldConflict[];
}

/** A programme that can be heard: it has been submitted, so its length is known. */
type Heard = Programme & {
  durationS: number;
  schedule: NonNullable<Programme['schedule']>;
  target: NonNullable<Programme['target']>;
};

/** Where a programme and others of its class would be heard at the same clusters at the same time. */
@Injectable()
export class ProgrammeConflicts {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly targets: TargetResolver,
  ) {}

  /** With all that are submitted or approved. @throws Problem 409 for one whose length is not known yet */
  async of(programme: Programme): Promise<Conflicts> {
    return this.uow.run((tx) => this.found(tx, programme, ['SUBMITTED', ...LIVE_STATES]));
  }

  /** @throws Problem 409 that names both sides, when one of PRIORITY meets another that is approved */
  async assertDecided(tx: Tx, programme: Programme): Promise<void> {
    const { items } = await this.found(tx, programme, LIVE_STATES);
    const blocking = items.filter(({ blocks }) => blocks);
    const [first] = blocking;
    if (!first) return;
    const [a, b] = [sideOf(first.earlier), sideOf(first.later)];
    throw new Problem(
      409,
      'PRIORITY_CONFLICT',
      {
        en: `Two PRIORITY programmes would be heard at once: ${a.en} and ${b.en}, at ${first.clusterIds.length} cluster(s), such as ${first.clusterIds[0]}. The commune decides: shift, shorten or drop one of them.`,
        vi: `Hai chương trình ưu tiên trùng giờ: ${a.vi} và ${b.vi}, tại ${first.clusterIds.length} cụm loa, ví dụ ${first.clusterIds[0]}. Địa phương quyết định: dời, rút ngắn hoặc bỏ một chương trình.`,
      },
      blocking.map(({ earlier, later }) => {
        const other = later.programmeId === programme.id ? earlier : later;
        return fieldProblem('schedule', 'PRIORITY_CONFLICT', {
          en: `${sideOf(earlier).en} overlaps ${sideOf(later).en} (programme ${other.programmeId})`,
          vi: `${sideOf(earlier).vi} trùng với ${sideOf(later).vi} (chương trình ${other.programmeId})`,
        });
      }),
    );
  }

  private async found(tx: Tx, programme: Programme, states: readonly ProgrammeState[]): Promise<Conflicts> {
    if (!isHeard(programme))
      throw Problem.conflict('NOT_SUBMITTED', {
        en: 'How long it lasts is known once it has been submitted, and its conflicts too.',
        vi: 'Chỉ biết thời lượng và các xung đột sau khi chương trình được trình duyệt.',
      });
    const nowMs = Date.now();
    const clusters = await this.clustersOf(tx, programme);
    const own = playsOf(programme, clusters, nowMs, nowMs + AHEAD_MS);
    const last = own.at(-1);
    if (!last) return { total: 0, blocking: 0, items: [] };
    const ids = new Set(clusters.map(({ id }) => id));
    const plays = [...own];
    for (const other of await this.others(tx, programme, states)) {
      if (!isHeard(other)) continue;
      const shared = (await this.clustersOf(tx, other)).filter(({ id }) => ids.has(id));
      // One that began before is still heard for its length.
      if (shared.length > 0)
        plays.push(...playsOf(other, shared, nowMs - other.durationS * 1000, last.endMs));
    }
    const all = findConflicts(plays).filter(
      ({ earlier, later }) => earlier.programmeId === programme.id || later.programmeId === programme.id,
    );
    const blocks = ({ settledBy }: Conflict) => settledBy === 'COMMUNE';
    const limits = { ...LIMITS, allowed: outsideQuietHours(clusters) };
    return {
      total: all.length,
      blocking: all.filter(blocks).length,
      items: all.slice(0, TOLD_AT_MOST).map((conflict) => ({
        ...conflict,
        blocks: blocks(conflict),
        proposals: proposalsFor(conflict, plays, limits),
      })),
    };
  }

  private async others(
    tx: Tx,
    { id, class: kind }: Programme,
    states: readonly ProgrammeState[],
  ): Promise<Programme[]> {
    return tx.manager.query<Programme[]>(
      `select ${PROGRAMME_COLUMNS} from programmes p join areas a on a.id = p.area_id
        where p.state = any($1::text[]) and p.class = $2 and p.id <> $3 order by p.id`,
      [states, kind, id],
    );
  }

  /** None where its target is no longer there: it is refused when its time comes. */
  private async clustersOf(tx: Tx, { areaId, target }: Heard): Promise<ClusterRef[]> {
    try {
      return await this.targets.resolve(tx, { jurisdictionAreaId: areaId }, target);
    } catch (error) {
      if (error instanceof Problem) return [];
      throw error;
    }
  }
}

function isHeard(programme: Programme): programme is Heard {
  return programme.durationS !== null && programme.schedule !== null && programme.target !== null;
}

function playsOf(
  programme: Heard,
  clusters: readonly ClusterRef[],
  fromMs: number,
  toMs: number,
): PlannedPlay[] {
  const { id, title, class: kind, onOverrun, durationS, schedule } = programme;
  const clusterIds = clusters.map((cluster) => cluster.id);
  return occurrencesBetween(schedule, fromMs, toMs).map(({ recurrenceId, startMs }) => ({
    programmeId: id,
    title,
    recurrenceId,
    class: kind,
    startMs,
    endMs: startMs + durationS * 1000,
    onOverrun,
    clusterIds,
  }));
}

/** Whether a play would be heard in none of the quiet hours of the clusters. */
function outsideQuietHours(clusters: readonly ClusterRef[]) {
  const hours = new Map<string, readonly QuietHours[]>(
    clusters.map(({ quietHours }) => [JSON.stringify(quietHours), quietHours]),
  );
  return (_play: PlannedPlay, startMs: number, endMs: number): boolean =>
    [...hours.values()].every((each) => {
      const untilMs = msUntilQuiet(each, TIME_ZONE, startMs);
      return !isQuiet(each, TIME_ZONE, startMs) && (untilMs === undefined || startMs + untilMs >= endMs);
    });
}

function sideOf({ title, startMs, endMs }: PlannedPlay): { en: string; vi: string } {
  const local = (ms: number) => formatLocal(localOf(Math.round(ms / 1000) * 1000));
  const [day = '', from = ''] = local(startMs).split('T');
  const until = local(endMs).split('T')[1] ?? '';
  return { en: `"${title}" (${day} ${from}–${until})`, vi: `"${title}" (${from}–${until} ngày ${day})` };
}
