import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { AreasService } from '../areas/index.js';
import type { ProgrammeState } from './domain/life-cycle.js';
import { isUuid, PROGRAMME_COLUMNS, readProgramme } from './programme.store.js';
import type { Programme, ProgrammeClass, ProgrammeOccurrence } from './programme.types.js';

export interface ProgrammeFilter {
  state?: ProgrammeState;
  class?: ProgrammeClass;
  area?: string;
  isTemplate?: boolean;
  q?: string;
  limit: number;
  cursor?: string;
}

/** What screens ask of programmes. */
@Injectable()
export class ProgrammesReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  /** @throws Problem 404 */
  get(id: string): Promise<Programme> {
    return readProgramme(this.uow.reader, id);
  }

  /** Newest first. @throws Problem 404 for a unit that does not exist */
  async list({
    state,
    class: kind,
    area,
    isTemplate,
    q,
    limit,
    cursor,
  }: ProgrammeFilter): Promise<Page<Programme>> {
    const [, at, id] = /^(\d{1,15}) ([0-9a-f-]{36})$/.exec(decodeCursor(cursor) ?? '') ?? [];
    if (cursor !== undefined && (id === undefined || !isUuid(id))) throw invalidCursor();
    const areaIds =
      area === undefined ? null : await this.areas.descendantIds((await this.areas.resolve(area)).id);
    const rows = await this.uow.reader.query<Programme[]>(
      `select ${PROGRAMME_COLUMNS} from programmes p join areas a on a.id = p.area_id
        where ($1::text is null or p.state = $1) and ($2::text is null or p.class = $2)
          and ($3::uuid[] is null or p.area_id = any($3::uuid[])) and ($4::boolean is null or p.is_template = $4)
          and ($5::text is null or strpos(lower(p.title), lower($5)) > 0)
          and ($6::timestamptz is null or (p.created_at, p.id) < ($6::timestamptz, $7::uuid))
        order by p.created_at desc, p.id desc limit $8`,
      [
        state ?? null,
        kind ?? null,
        areaIds,
        isTemplate ?? null,
        q?.normalize('NFC') ?? null,
        at === undefined ? null : new Date(Number(at)),
        id ?? null,
        limit + 1,
      ],
    );
    return toPage(rows, limit, (row) => `${row.createdAt.getTime()} ${row.id}`);
  }

  /** What became of its occurrences, by their time as it was first said. @throws Problem 404 */
  async occurrences(id: string, limit: number, cursor?: string): Promise<Page<ProgrammeOccurrence>> {
    await this.get(id);
    const after = decodeCursor(cursor);
    if (after !== undefined && after.length > 19) throw invalidCursor();
    const rows = await this.uow.reader.query<ProgrammeOccurrence[]>(
      `select programme_id as "programmeId", recurrence_id as "recurrenceId", starts_at as "startsAt",
              broadcast_id as "broadcastId", state, code, reason_en as "reasonEn", reason_vi as "reasonVi",
              changed_at as "changedAt"
         from programme_occurrences where programme_id = $1 and ($2::text is null or recurrence_id > $2)
        order by recurrence_id limit $3`,
      [id, after ?? null, limit + 1],
    );
    return toPage(rows, limit, ({ recurrenceId }) => recurrenceId);
  }
}

function invalidCursor(): Problem {
  return Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}
