import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../../common/events/event-bus.js';
import { toPage, type Page } from '../../../common/http/page.js';
import { Problem } from '../../../common/http/problem.js';
import type { AskedParameters, LandCoverSourceUsed } from '../coverage.types.js';
import type { ClassRaster, Ground, WorldCoverRule } from '../domain/index.js';
import { assertUnused, missingSource, versionCursor } from '../sources/source-rules.js';
import { packArrays, unpackArrays } from '../typed-arrays.js';
import type { LandCoverKind, LandCoverSource, NewLandCoverSource } from './land-cover-source.js';

const ROW = `id, version, kind, format, title, source, active, mapping, classes, created_by as "createdBy",
  created_at as "createdAt"`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What a run is asked for: ids, or `none`; left out: the newest that is active. */
interface WantedGround {
  landCoverSource?: string;
  waterSource?: string;
}
type GroundUsed = Pick<AskedParameters, 'landCoverSource' | 'waterSource'>;

/** What the ground is made of, as far as somebody has found out. */
@Injectable()
export class LandCoverSources {
  constructor(private readonly uow: UnitOfWork) {}

  /** Newest first. */
  async list(
    kind: LandCoverKind | undefined,
    limit: number,
    cursor?: string,
  ): Promise<Page<LandCoverSource>> {
    const rows = await this.uow.reader.query<LandCoverSource[]>(
      `select ${ROW} from land_cover_sources
        where ($1::int is null or version < $1::int) and ($2::text is null or kind = $2)
        order by version desc limit $3`,
      [versionCursor(cursor), kind ?? null, limit + 1],
    );
    return toPage(rows, limit, ({ version }) => String(version));
  }

  /** Throws 404. */
  async get(id: string, manager: EntityManager = this.uow.reader): Promise<LandCoverSource> {
    const found = await this.find(id, manager);
    if (!found) throw Problem.notFound({ en: 'land-cover source', vi: 'nguồn lớp phủ đất' }, id);
    return found;
  }

  /** What a run takes of each kind. Throws 400 for an id that there is not, or that is of the other kind. */
  async wanted(asked: WantedGround, worldCover: WorldCoverRule): Promise<Required<GroundUsed>> {
    const landCover = await this.one('land-cover', 'landCoverSource', asked.landCoverSource);
    const water = await this.one('water', 'waterSource', asked.waterSource);
    return {
      landCoverSource: landCover && usedLandCover(landCover, worldCover),
      waterSource: water && { id: water.id, title: water.title, source: water.source },
    };
  }

  /** The sources' data for a grid; undefined without any. Throws `CoverageInputError` when one was removed meanwhile. */
  async ground(used: GroundUsed, manager: EntityManager): Promise<Ground | undefined> {
    const { landCoverSource: landCover = null, waterSource: water = null } = used;
    if (!landCover && !water) return undefined;
    const mapping = landCover && Object.entries(landCover.mapping).sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      key: createHash('sha256')
        .update(JSON.stringify([landCover?.id ?? null, mapping, water?.id ?? null]))
        .digest('hex'),
      landCover: landCover && {
        raster: await this.raster(landCover, 'landCoverSource', manager),
        mapping: landCover.mapping,
      },
      water: water && (await this.raster(water, 'waterSource', manager)),
    };
  }

  /** Keeps a new version, active at once. */
  async add(by: string, { raster, ...about }: NewLandCoverSource): Promise<LandCoverSource> {
    const data = await packArrays(raster);
    return this.uow.run(async (tx) => {
      const [row] = await tx.manager.query<[LandCoverSource]>(
        `insert into land_cover_sources (kind, format, title, source, mapping, classes, data, created_by)
         values ($1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8) returning ${ROW}`,
        [
          ...[about.kind, about.format, about.title, about.source],
          about.mapping && JSON.stringify(about.mapping),
          ...[JSON.stringify(classesOf(raster)), data, by],
        ],
      );
      tx.emit(RESOURCE_CHANGED, {
        resource: 'land-cover-source',
        id: row.id,
        action: 'create',
        before: null,
        after: { ...row },
      });
      return row;
    });
  }

  /** Whether runs may take it by default. Runs that were reckoned with it stay as they are. Throws 404. */
  async setActive(id: string, active: boolean): Promise<LandCoverSource> {
    return this.uow.run(async (tx) => {
      const before = await this.get(id, tx.manager);
      if (before.active === active) return before;
      await tx.manager.query(`update land_cover_sources set active = $2 where id = $1`, [before.id, active]);
      const after = { ...before, active };
      tx.emit(RESOURCE_CHANGED, {
        resource: 'land-cover-source',
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
      await assertUnused(tx.manager, before.kind === 'water' ? 'waterSource' : 'landCoverSource', before.id);
      await tx.manager.query(`delete from land_cover_sources where id = $1`, [before.id]);
      tx.emit(RESOURCE_CHANGED, {
        resource: 'land-cover-source',
        id: before.id,
        action: 'delete',
        before: { ...before },
        after: null,
      });
    });
  }

  private async find(id: string, manager: EntityManager): Promise<LandCoverSource | undefined> {
    if (!UUID.test(id)) return undefined;
    const [row] = await manager.query<LandCoverSource[]>(
      `select ${ROW} from land_cover_sources where id = $1`,
      [id],
    );
    return row;
  }

  private async one(kind: LandCoverKind, field: string, asked?: string): Promise<LandCoverSource | null> {
    if (asked === 'none') return null;
    if (asked !== undefined) {
      const found = await this.find(asked, this.uow.reader);
      if (found?.kind === kind) return found;
      throw Problem.invalidField(field, 'UNKNOWN', {
        en: `${field} must be the id of a source of that kind, or none`,
        vi: `${field} phải là mã của một nguồn đúng loại, hoặc none`,
      });
    }
    const [row] = await this.uow.reader.query<LandCoverSource[]>(
      `select ${ROW} from land_cover_sources where active and kind = $1 order by version desc limit 1`,
      [kind],
    );
    return row ?? null;
  }

  private async raster({ id }: { id: string }, field: string, manager: EntityManager): Promise<ClassRaster> {
    const [row] = await manager.query<{ data: Buffer }[]>(
      `select data from land_cover_sources where id = $1`,
      [id],
    );
    if (!row) throw missingSource(field);
    return unpackArrays<ClassRaster>(row.data);
  }
}

function usedLandCover(found: LandCoverSource, worldCover: WorldCoverRule): LandCoverSourceUsed {
  const { id, title, source, mapping } = found;
  if (mapping) return { id, title, source, mapping, mappingSource: 'given with the source' };
  return { id, title, source, mapping: worldCover.classes, mappingSource: worldCover.source };
}

function classesOf({ codes, data }: ClassRaster): LandCoverSource['classes'] {
  const counts = new Uint32Array(codes.length + 1);
  for (const code of data) counts[code] = (counts[code] as number) + 1;
  return codes
    .map((code, k) => ({ code, pixels: counts[k + 1] as number }))
    .filter(({ pixels }) => pixels > 0)
    .sort((a, b) => b.pixels - a.pixels);
}
