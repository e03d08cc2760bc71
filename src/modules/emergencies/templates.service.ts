import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import type { Actor } from '../identity/index.js';
import { MediaService } from '../media/index.js';
import { TwinService } from '../speakers/index.js';
import type { Hazard, TemplateUse } from './domain/hazards.js';
import { misused, noAudio } from './problems.js';

export interface EmergencyTemplate {
  hazard: Hazard;
  level: number;
  use: TemplateUse;
  sha256: string;
  updatedAt: Date;
  updatedBy: string;
}

const COLUMNS = `hazard, level, use, sha256, updated_at as "updatedAt", updated_by as "updatedBy"`;

/** The audio that is ready for each hazard and level. Every cluster holds all of it before it is needed. */
@Injectable()
export class EmergencyTemplates {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly media: MediaService,
    private readonly twins: TwinService,
  ) {}

  list(): Promise<EmergencyTemplate[]> {
    return this.uow.reader.query<EmergencyTemplate[]>(
      `select ${COLUMNS} from emergency_templates order by hazard, level, use`,
    );
  }

  async find(
    manager: EntityManager,
    hazard: Hazard,
    level: number,
    use: TemplateUse,
  ): Promise<string | undefined> {
    const [row] = await manager.query<{ sha256: string }[]>(
      `select sha256 from emergency_templates where hazard = $1 and level = $2 and use = $3`,
      [hazard, level, use],
    );
    return row?.sha256;
  }

  async isUsedAs(manager: EntityManager, sha256: string, use: TemplateUse): Promise<boolean> {
    const rows = await manager.query<unknown[]>(
      `select 1 from emergency_templates where sha256 = $1 and use = $2 limit 1`,
      [sha256, use],
    );
    return rows.length > 0;
  }

  /** @throws Problem 400 for unknown audio, and for audio that is both a warning and a drill */
  async set(
    actor: Actor,
    template: Pick<EmergencyTemplate, 'hazard' | 'level' | 'use' | 'sha256'>,
  ): Promise<EmergencyTemplate> {
    const { hazard, level, use, sha256 } = template;
    return this.uow.run(async (tx) => {
      if (!(await this.media.findMany(tx, [sha256])).has(sha256)) throw noAudio();
      const other = use === 'DRILL' ? 'ALERT' : 'DRILL';
      if (await this.isUsedAs(tx.manager, sha256, other)) throw misused();
      const before = await this.find(tx.manager, hazard, level, use);
      const [stored] = await tx.manager.query<EmergencyTemplate[]>(
        `insert into emergency_templates (hazard, level, use, sha256, updated_by) values ($1, $2, $3, $4, $5)
         on conflict (hazard, level, use) do update
           set sha256 = excluded.sha256, updated_by = excluded.updated_by, updated_at = now()
         returning ${COLUMNS}`,
        [hazard, level, use, sha256, actor.name],
      );
      const needed = await tx.manager.query<{ sha256: string }[]>(
        `select distinct sha256 from emergency_templates order by sha256`,
      );
      const assets = await this.media.findMany(
        tx,
        needed.map((row) => row.sha256),
      );
      await this.twins.replaceStandingMedia(
        tx,
        [...assets.values()].map((asset) => ({
          sha256: asset.sha256,
          bytes: asset.bytes,
          durationS: asset.durationS,
          codec: asset.codec,
        })),
      );
      tx.emit(RESOURCE_CHANGED, {
        resource: 'emergency-template',
        id: `${hazard}/${level}/${use}`,
        action: before === undefined ? 'create' : 'update',
        before: before === undefined ? null : { sha256: before },
        after: { sha256 },
      });
      return stored!;
    });
  }
}
