import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { AreasService, communeAtSql } from '../areas/index.js';
import type { HamletRef } from './hamlet.types.js';

/** Questions about hamlets. */
@Injectable()
export class HamletsReader {
  constructor(private readonly areas: AreasService) {}

  /** Hamlets by their codes, each with its commune on `date` (default: today). Unknown codes are missing from the map. */
  async byCodes(
    manager: EntityManager,
    codes: readonly string[],
    date: string = this.areas.today(),
  ): Promise<Map<string, HamletRef>> {
    const rows = await manager.query<HamletRef[]>(
      `select h.id, h.code, h.name, h.households, to_jsonb(commune) as commune
         from hamlets h left join lateral (${communeAtSql('h.position::geometry', '$2')}) as commune on true
        where h.code = any($1::text[])`,
      [codes, date],
    );
    return new Map(rows.map((hamlet) => [hamlet.code, hamlet]));
  }
}
