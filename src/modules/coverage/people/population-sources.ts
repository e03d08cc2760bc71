import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../../common/events/event-bus.js';
import { toPage, type Page } from '../../../common/http/page.js';
import { Problem } from '../../../common/http/problem.js';
import type { SourceUsed } from '../coverage.types.js';
import type { PeoplePoints } from '../domain/index.js';
import { assertUnused, missingSource, versionCursor } from '../sources/source-rules.js';
import { packArrays, unpackArrays } from '../typed-arrays.js';
import type { PopulationFormat } from './receive-points.js';

/** Points with people, and who found them out. Only whether it is active ever changes. */
export interface PopulationSource {
  id: string;
  /** Counts up; runs take the newest active one unless they are asked otherwise. */
  version: number;
  format: PopulationFormat;
  title: string;
  source: string;
  active: boolean;
  points: number;
  people: number;
  /** Null when they were not counted. */
  households: number | null;
  createdBy: string;
  createdAt: Date;
}

const ROW = `id, version, format, title, source, active, points, people, households, created_by as "createdBy",
  created_at as "createdAt"`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where people live, as far as somebody has found out. */
@Injectable()
export class PopulationSources {
  constructor(private readonly uow: UnitOfWork) {}

  /** Newest first. */
  async list(limit: number, cursor?: string): Promise<Page<PopulationSource>> {
    const rows = await this.uow.reader.query<PopulationSource[]>(
      `select ${ROW} from population_sources where $1::int is null or version < $1::int
        order by version desc limit $2`,
      [versionCursor(cursor), limit + 1],
    );
    return toPage(rows, limit, ({ version }) => String(version));
  }

  /** Throws 404. */
  async get(id: string, manager: EntityManager = this.uow.reader): Promise<PopulationSource> {
    const found = await this.find(id, manager);
    if (!found) throw Problem.notFound({ en: 'population source', vi: 'nguồn dân số' }, id);
    return found;
  }

  private async find(id: string, manager = this.uow.reader): Promise<PopulationSource | undefined> {
    if (!UUID.test(id)) return undefined;
    const [row] = await manager.query<PopulationSource[]>(
      `select ${ROW} from population_sources where id = $1`,
      [id],
    );
    return row;
  }

  private async newest(): Promise<PopulationSource | undefined> {
    const [row] = await this.uow.reader.query<PopulationSource[]>(
      `select ${ROW} from population_sources where active order by version desc limit 1`,
    );
    return row;
  }

  /** What a run takes: by id, `none`, or by default the newest that is active. Throws 400 for an id that there is not. */
  async wanted(asked?: string): Promise<SourceUsed | null> {
    if (asked === 'none') return null;
    const found = asked === undefined ? await this.newest() : await this.find(asked);
    if (asked !== undefined && !found)
      throw Problem.invalidField('populationSource', 'UNKNOWN', {
        en: 'populationSource must be the id of a population source, or none',
        vi: 'populationSource phải là mã của một nguồn dân số, hoặc none',
      });
    return found ? { id: found.id, title: found.title, source: found.source } : null;
  }

  async points(id: string, manager: EntityManager): Promise<PeoplePoints> {
    const [row] = await manager.query<{ data: Buffer }[]>(
      `select data from population_sources where id = $1`,
      [id],
    );
    if (!row) throw missingSource('populationSource');
    return unpackArrays<PeoplePoints>(row.data);
  }

  /** Keeps a new version, active at once. */
  async add(
    by: string,
    about: Pick<PopulationSource, 'title' | 'source' | 'format'>,
    points: PeoplePoints,
  ): Promise<PopulationSource> {
    const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
    const data = await packArrays(points);
    return this.uow.run(async (tx) => {
      const [row] = await tx.manager.query<[PopulationSource]>(
        `insert into population_sources (title, source, points, people, households, data, created_by, format)
         values ($1, $2, $3, $4, $5, $6, $7, $8) returning ${ROW}`,
        [
          about.title,
          about.source,
          points.lon.length,
          sum(points.people),
          sum(points.households) || null,
          data,
          by,
          about.format,
        ],
      );
      tx.emit(RESOURCE_CHANGED, {
        resource: 'population-source',
        id: row.id,
        action: 'create',
        before: null,
        after: { ...row },
      });
      return row;
    });
  }

  /** Whether runs may take it by default. Runs that were reckoned with it stay as they are. Throws 404. */
  async setActive(id: string, active: boolean): Promise<PopulationSource> {
    return this.uow.run(async (tx) => {
      const before = await this.get(id, tx.manager);
      if (before.active === active) return before;
      await tx.manager.query(`update population_sources set active = $2 where id = $1`, [before.id, active]);
      const after = { ...before, active };
      tx.emit(RESOURCE_CHANGED, {
        resource: 'population-source',
        id: before.id,
        action: 'update',
        before: { ...before },
        after: { ...after },
      });
      return after;
    });
  }

  /** Takes it away for good; finished runs keep what they say of it. Throws 404, 409 while a run waits for it. */
  async remove(id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const before = await this.get(id, tx.manager);
      await assertUnused(tx.manager, 'populationSource', before.id);
      await tx.manager.query(`delete from population_sources where id = $1`, [before.id]);
      tx.emit(RESOURCE_CHANGED, {
        resource: 'population-source',
        id: before.id,
        action: 'delete',
        before: { ...before },
        after: null,
      });
    });
  }
}
