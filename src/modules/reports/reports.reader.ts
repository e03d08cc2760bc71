import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, type Page, toPage } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { type Area, AreasService } from '../areas/index.js';
import { DELIVERY_STATES, type DeliveryState } from '../broadcasts/index.js';
import { sumTallies, type Tally } from './domain/tally.js';
import { neverBroadcastSql, PLAYS_SQL, tallySql } from './report-sql.js';
import type {
  Grouping,
  LineKeys,
  NeverBroadcast,
  PlayProof,
  PlayReport,
  ReportLine,
  ReportScope,
} from './report.types.js';

const LINES_AT_MOST = 20_000;
const NEVER_BROADCAST_AT_MOST = 1000;
const AT_ONCE = 2000;
const DAY_MS = 24 * 3600_000;

/** From, before, and what else the queries are given. */
type Values = [from: Date, to: Date, ...rest: unknown[]];

type Row = LineKeys & Omit<Tally, 'byState'> & Record<DeliveryState, number>;

/** What was played where, from what the clusters themselves have said. */
@Injectable()
export class ReportsReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  /** @throws Problem 400 where there are too many lines, 404 */
  async report(scope: ReportScope, groupBy: readonly Grouping[], now = new Date()): Promise<PlayReport> {
    const unit = await this.unitOf(scope);
    const values = await this.valuesOf(scope, unit);
    const rows = await this.uow.reader.query<Row[]>(tallySql(groupBy, LINES_AT_MOST + 1), values);
    if (rows.length > LINES_AT_MOST)
      throw Problem.invalidField('groupBy', 'TOO_MANY_LINES', {
        en: `The report has more than ${LINES_AT_MOST} lines. Please choose a shorter period, a unit, or fewer groupings.`,
        vi: `Báo cáo có hơn ${LINES_AT_MOST} dòng. Vui lòng chọn thời gian ngắn hơn, một đơn vị, hoặc ít tiêu chí nhóm hơn.`,
      });
    const lines = rows.map(lineOf);
    const [from, to, ids, programmeId] = values;
    return {
      generatedAt: now,
      period: scope.period,
      unit: unit && { id: unit.id, code: unit.code, name: unit.fullName },
      unitsOn: scope.unitsOn ?? null,
      groupBy: [...groupBy],
      lines,
      total: sumTallies(DELIVERY_STATES, lines),
      neverBroadcast: await this.uow.reader.query<NeverBroadcast[]>(
        neverBroadcastSql(NEVER_BROADCAST_AT_MOST),
        [from, to, ids, programmeId],
      ),
    };
  }

  /** By time. @throws Problem 400, 404 */
  async plays(
    scope: ReportScope,
    { limit, cursor }: { limit: number; cursor?: string },
  ): Promise<Page<PlayProof>> {
    const after = positionOf(cursor);
    const rows = await this.read(await this.valuesOf(scope, await this.unitOf(scope)), after, limit + 1);
    return toPage(rows, limit, ({ startsAt, playId }) => `${startsAt.getTime()} ${playId}`);
  }

  /** All of them, some at a time; what is wrong with the scope is told before the first. @throws Problem 404 */
  async allPlays(scope: ReportScope): Promise<AsyncGenerator<PlayProof[]>> {
    const values = await this.valuesOf(scope, await this.unitOf(scope));
    const read = this.read.bind(this);
    return (async function* () {
      for (let after: Position | undefined; ;) {
        const rows = await read(values, after, AT_ONCE);
        if (rows.length > 0) yield rows;
        const last = rows.at(-1);
        if (!last || rows.length < AT_ONCE) return;
        after = { startsAt: last.startsAt, playId: last.playId };
      }
    })();
  }

  /** Day by day, so that what comes behind is not gone through for each page. */
  private async read(
    [from, to, ...rest]: Values,
    after: Position | undefined,
    limit: number,
  ): Promise<PlayProof[]> {
    const rows: PlayProof[] = [];
    let fromMs = Math.max(from.getTime(), after?.startsAt.getTime() ?? -Infinity);
    while (fromMs < to.getTime() && rows.length < limit) {
      const toMs = Math.min(fromMs + DAY_MS, to.getTime());
      const found = await this.uow.reader.query<PlayProof[]>(PLAYS_SQL, [
        new Date(fromMs),
        new Date(toMs),
        ...rest,
        after?.startsAt ?? null,
        after?.playId ?? null,
        limit - rows.length,
      ]);
      rows.push(...found);
      fromMs = toMs;
    }
    return rows;
  }

  /** A code is the unit that had it on the day whose units count, or on the last day of the period. */
  private async unitOf({ unit, unitsOn, period }: ReportScope): Promise<Area | null> {
    return unit === undefined ? null : this.areas.resolve(unit, unitsOn ?? period.lastDay);
  }

  private async valuesOf(scope: ReportScope, unit: Area | null): Promise<Values> {
    const { period, programmeId, clusterId, unitsOn } = scope;
    return [
      new Date(period.fromMs),
      new Date(period.toMs),
      unit ? await this.areas.descendantIds(unit.id) : null,
      programmeId ?? null,
      clusterId ?? null,
      scope.class ?? null,
      unitsOn ?? null,
    ];
  }
}

interface Position {
  startsAt: Date;
  playId: string;
}

function positionOf(cursor: string | undefined): Position | undefined {
  const key = decodeCursor(cursor);
  if (key === undefined) return undefined;
  const [, at, playId] =
    /^(\d{1,15}) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/.exec(key) ?? [];
  if (at === undefined || playId === undefined)
    throw Problem.invalidField('cursor', 'CURSOR', {
      en: 'cursor must be the nextCursor of an earlier page',
      vi: 'cursor phải là nextCursor của trang trước',
    });
  return { startsAt: new Date(Number(at)), playId };
}

const STATES: ReadonlySet<string> = new Set(DELIVERY_STATES);

function lineOf(row: Row): ReportLine {
  const cells = Object.entries(row);
  return {
    ...(Object.fromEntries(cells.filter(([name]) => !STATES.has(name))) as LineKeys & Omit<Tally, 'byState'>),
    byState: Object.fromEntries(DELIVERY_STATES.map((state) => [state, row[state]])),
  };
}
