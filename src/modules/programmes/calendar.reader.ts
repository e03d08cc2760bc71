import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { Problem } from '../../common/http/problem.js';
import { AreasService } from '../areas/index.js';
import { TargetResolver, type AnnouncementTarget } from '../broadcasts/index.js';
import type { ProgrammeState } from './domain/life-cycle.js';
import { occurrencesBetween } from './domain/recurrence.js';
import type { Schedule } from './domain/schedule.js';
import { calendarText } from './ical/calendar-text.js';
import { PROGRAMME_COLUMNS } from './programme.store.js';
import type { OccurrenceState, Programme, ProgrammeClass } from './programme.types.js';

export interface CalendarRequest {
  from: Date;
  to: Date;
  area?: string;
  cluster?: string;
}

export interface CalendarOccurrence {
  recurrenceId: string;
  startsAt: Date;
  /** What became of it; null: nobody has looked at it yet. */
  state: OccurrenceState | null;
}

export interface CalendarProgramme {
  id: string;
  title: string;
  class: ProgrammeClass;
  state: ProgrammeState;
  areaId: string;
  areaCode: string;
  areaName: string;
  /** Null: not known yet. */
  durationS: number | null;
  occurrences: CalendarOccurrence[];
}

type Planned = Programme & { schedule: Schedule };

/** Where somebody asks about: a unit with all below it, or one cluster. */
interface Place {
  clusterId: string | null;
  /** The unit with those below it; of a cluster, none. */
  below: ReadonlySet<string>;
  /** Ids and codes of the unit of the place and of those above it. */
  above: ReadonlySet<string>;
}

/** What a calendar shows of programmes: which of them begins when. Each programme is reckoned once, however many clusters hear it. */
@Injectable()
export class ProgrammeCalendar {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
    private readonly targets: TargetResolver,
  ) {}

  /** What begins in [from, to), by programme. Drafts too; no template, nothing cancelled. @throws Problem 400, 404 */
  async between({ from, to, area, cluster }: CalendarRequest): Promise<CalendarProgramme[]> {
    const planned = await this.planned(area, cluster);
    const looked = await this.lookedAt(planned, from, to);
    const found: CalendarProgramme[] = [];
    for (const programme of planned) {
      const { id, title, class: kind, state, areaId, areaCode, areaName, durationS, schedule } = programme;
      const occurrences = occurrencesBetween(schedule, from.getTime(), to.getTime()).map(
        ({ recurrenceId, startMs }) => ({
          recurrenceId,
          startsAt: new Date(startMs),
          state: looked.get(`${id} ${recurrenceId}`) ?? null,
        }),
      );
      if (occurrences.length > 0)
        found.push({ id, title, class: kind, state, areaId, areaCode, areaName, durationS, occurrences });
    }
    return found;
  }

  /** What is heard in a unit, as an iCalendar file. @throws Problem 404 */
  async feed(area: string): Promise<string> {
    const [unit, planned] = await Promise.all([this.areas.resolve(area), this.planned(area)]);
    const entries = planned
      .filter(({ state }) => state !== 'DRAFT' && state !== 'REJECTED')
      .map((programme) => ({
        uid: `${programme.id}@phu-song`,
        title: programme.title,
        description: programme.areaName,
        class: programme.class,
        status: programme.state === 'SUBMITTED' ? ('TENTATIVE' as const) : ('CONFIRMED' as const),
        durationS: programme.durationS,
        schedule: programme.schedule,
        version: programme.version,
        changedAt: programme.decidedAt ?? programme.submittedAt ?? programme.updatedAt,
      }));
    return calendarText(unit.fullName, entries);
  }

  private async planned(area?: string, cluster?: string): Promise<Planned[]> {
    return this.uow.run(async (tx) => {
      const rows = await tx.manager.query<Planned[]>(
        `select ${PROGRAMME_COLUMNS} from programmes p join areas a on a.id = p.area_id
          where p.schedule is not null and not p.is_template and p.state <> 'CANCELLED' order by p.created_at, p.id`,
      );
      let found = rows;
      if (area !== undefined) found = await this.heardAt(tx, found, await this.unit(tx, area));
      if (cluster !== undefined) found = await this.heardAt(tx, found, await this.clusterPlace(tx, cluster));
      return found;
    });
  }

  private async unit(tx: Tx, area: string): Promise<Place> {
    const { id } = await this.areas.resolve(area, undefined, tx.manager);
    const below = new Set(await this.areas.descendantIds(id, tx.manager));
    return { clusterId: null, below, above: await this.unitsAbove(tx, id) };
  }

  private async clusterPlace(tx: Tx, cluster: string): Promise<Place> {
    const [ref] = await this.targets.resolve(tx, null, { clusterIds: [cluster] }).catch((error: unknown) => {
      if (!(error instanceof Problem) || error.status !== 400) throw error;
      throw Problem.notFound({ en: 'cluster in service', vi: 'cụm loa đang hoạt động' }, cluster);
    });
    const above = ref ? await this.unitsAbove(tx, ref.areaId) : new Set<string>();
    return { clusterId: cluster, below: new Set(), above };
  }

  private async unitsAbove(tx: Tx, areaId: string): Promise<Set<string>> {
    const chain = await this.areas.chainOf(areaId, tx.manager);
    return new Set(chain.flatMap(({ id, code }) => [id, code]));
  }

  private async heardAt(tx: Tx, planned: readonly Planned[], place: Place): Promise<Planned[]> {
    const found: Planned[] = [];
    for (const programme of planned)
      if (heardByUnits(programme, place) ?? (await this.heardByClusters(tx, programme, place)))
        found.push(programme);
    return found;
  }

  /** For targets that name groups or clusters. */
  private async heardByClusters(
    tx: Tx,
    { areaId, target }: Planned,
    { clusterId, below }: Place,
  ): Promise<boolean> {
    if (target === null) return false;
    try {
      const clusters = await this.targets.resolve(tx, { jurisdictionAreaId: areaId }, target);
      return clusters.some((one) => one.id === clusterId || below.has(one.areaId));
    } catch (error) {
      // Its target is no longer there: it is refused when its time comes.
      if (error instanceof Problem) return false;
      throw error;
    }
  }

  private async lookedAt(
    planned: readonly Planned[],
    from: Date,
    to: Date,
  ): Promise<Map<string, OccurrenceState>> {
    const rows = await this.uow.reader.query<{ key: string; state: OccurrenceState }[]>(
      `select programme_id || ' ' || recurrence_id as key, state from programme_occurrences
        where programme_id = any($1::uuid[]) and starts_at >= $2 and starts_at < $3`,
      [planned.map(({ id }) => id), from, to],
    );
    return new Map(rows.map(({ key, state }) => [key, state]));
  }
}

/** Undefined where only its clusters can tell: it names some, or groups of them. */
function heardByUnits(
  { areaId, target }: Pick<Programme, 'areaId'> & { target: AnnouncementTarget | null },
  { clusterId, below, above }: Place,
): boolean | undefined {
  // A unit's own programmes are shown before it is said who hears them.
  if (below.has(areaId)) return true;
  if (target === null || !above.has(areaId)) return false;
  if (target.all === true) return true;
  if (target.areas?.some((unit) => above.has(unit))) return true;
  if (clusterId !== null && target.clusterIds?.includes(clusterId)) return true;
  const named = [...(target.groupIds ?? []), ...(clusterId === null ? (target.clusterIds ?? []) : [])];
  const unitsBelow = clusterId === null ? (target.areas ?? []) : [];
  return named.length + unitsBelow.length > 0 ? undefined : false;
}
