import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { attributeCondition, type AttributeFilter } from '../attributes/index.js';
import { AREA_COLUMNS } from './area-sql.js';
import type { Area } from './area.types.js';
import type { AreaKind } from './domain/area-rules.js';

export interface AreaFilter {
  date: string;
  kind?: AreaKind;
  parentId?: string;
  /** Part of the name or code; marks and letter case do not matter. */
  q?: string;
  attributes?: readonly AttributeFilter[];
  limit: number;
  cursor?: string;
}

/** The list of units in force on a day, by code. */
@Injectable()
export class AreasReader {
  constructor(private readonly uow: UnitOfWork) {}

  async list(filter: AreaFilter): Promise<Page<Area>> {
    const { date, kind, parentId, q, attributes = [], limit, cursor } = filter;
    const values: unknown[] = [
      date,
      kind ?? null,
      parentId ?? null,
      q ?? null,
      decodeCursor(cursor) ?? null,
      limit + 1,
    ];
    const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`;
    const rows = await this.uow.reader.query<Area[]>(
      `select ${AREA_COLUMNS} from areas a left join areas p on p.id = a.parent_id
        where a.valid_from <= $1::date and (a.valid_to is null or a.valid_to > $1::date)
          and ($2::text is null or a.kind = $2)
          and ($3::uuid is null or a.parent_id = $3)
          and ($4::text is null or position(lower(unaccent($4)) in lower(unaccent(a.full_name || ' ' || a.code))) > 0)
          and ($5::text is null or a.code > $5)
          and ${attributeCondition('a.attributes', attributes, bind)}
        order by a.code limit $6`,
      values,
    );
    return toPage(rows, limit, (area) => area.code);
  }
}
