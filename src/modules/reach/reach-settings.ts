import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import { wrongCursor } from './reach-runs.reader.js';
import { changedReach, completeReach, deliveredReach } from './reach-request.js';
import type { ReachChanges, ReachDefaults } from './reach.types.js';

/** A version of the settings; 0 is what the program is delivered with. */
export interface StoredReachSettings extends ReachDefaults {
  version: number;
  /** Who says what it changed. */
  source: string;
  createdBy: string | null;
  createdAt: Date | null;
}

interface Row extends Omit<StoredReachSettings, keyof ReachDefaults> {
  settings: ReachDefaults;
}
const ROW = `version, settings, source, created_by as "createdBy", created_at as "createdAt"`;

/** What runs take by default. Versions are never changed: each change adds one. */
@Injectable()
export class ReachSettings {
  constructor(private readonly uow: UnitOfWork) {}

  /** The newest version. */
  async current(manager: EntityManager = this.uow.reader): Promise<StoredReachSettings> {
    const [row] = await manager.query<Row[]>(
      `select ${ROW} from reach_settings order by version desc limit 1`,
    );
    return row ? settingsOf(row) : delivered();
  }

  /** All versions that somebody made, newest first. */
  async versions(limit: number, cursor?: string): Promise<Page<StoredReachSettings>> {
    const before = decodeCursor(cursor);
    if (before !== undefined && !/^\d{1,9}$/.test(before)) throw wrongCursor();
    const rows = await this.uow.reader.query<Row[]>(
      `select ${ROW} from reach_settings where $1::int is null or version < $1::int order by version desc limit $2`,
      [before ?? null, limit + 1],
    );
    return toPage(rows.map(settingsOf), limit, ({ version }) => String(version));
  }

  /**
   * Adds a version; when nothing differs there is none, and the newest comes back. Throws 400 for what no run can be reckoned
   * from, 409 when somebody else has changed the settings since the version that the change is based on.
   */
  async change(
    by: string,
    { source, version, ...changes }: ReachChanges & { source: string; version?: number },
  ): Promise<StoredReachSettings> {
    return this.uow.run(async (tx) => {
      // One after another, also where there is no row yet to lock.
      await tx.manager.query('lock table reach_settings in share row exclusive mode');
      const current = await this.current(tx.manager);
      if (version !== undefined && version !== current.version)
        throw Problem.conflict('VERSION', {
          en: `This was changed meanwhile: it is at version ${current.version}.`,
          vi: `Dữ liệu đã được người khác thay đổi: hiện ở phiên bản ${current.version}.`,
        });
      const before: ReachDefaults = {
        reckoning: current.reckoning,
        settledFromPerKm2: current.settledFromPerKm2,
      };
      const after = changedReach(before, changes, source.trim());
      if (isDeepStrictEqual(after, before)) return current;
      const [row] = await tx.manager.query<[Row]>(
        `insert into reach_settings (version, settings, source, created_by)
         values ($1, $2::jsonb, $3, $4) returning ${ROW}`,
        [current.version + 1, JSON.stringify(after), source.trim(), by],
      );
      tx.emit(RESOURCE_CHANGED, {
        resource: 'reach-settings',
        id: 'reach-settings',
        action: current.version === 0 ? 'create' : 'update',
        before: current.version === 0 ? null : { version: current.version, ...before },
        after: { version: row.version, ...after },
      });
      return settingsOf(row);
    });
  }
}

function delivered(): StoredReachSettings {
  return {
    version: 0,
    ...deliveredReach(),
    source: 'as delivered; each value says where it is from',
    createdBy: null,
    createdAt: null,
  };
}

function settingsOf({ settings, ...row }: Row): StoredReachSettings {
  return { ...row, ...completeReach(settings) };
}
