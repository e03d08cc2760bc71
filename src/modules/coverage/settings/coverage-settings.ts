import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../../common/events/event-bus.js';
import { decodeCursor, toPage, type Page } from '../../../common/http/page.js';
import { Problem } from '../../../common/http/problem.js';
import {
  changeDefaults,
  completeDefaults,
  CoverageInputError,
  deliveredDefaults,
  type CoverageDefaults,
  type RunDefaults,
} from '../domain/index.js';

/** A version without its values. */
export interface SettingsVersion {
  version: number;
  /** Paths of what it changed. */
  changed: string[];
  /** Who says so. */
  source: string;
  /** Null for what the program is delivered with. */
  createdBy: string | null;
  createdAt: Date | null;
}

export type StoredSettings = CoverageDefaults & SettingsVersion;

export interface SettingsChange {
  /** The shape of the values, with only what is to change. */
  changes: unknown;
  source: string;
  /** The version that the change is based on. */
  version?: number;
}

interface Row extends SettingsVersion {
  settings: Partial<RunDefaults>;
  sources: Record<string, string>;
}
const VERSION = `version, changed, source, created_by as "createdBy", created_at as "createdAt"`;
const ROW = `${VERSION}, settings, sources`;

/** What coverage runs take by default. Versions are never changed: each change adds one. */
@Injectable()
export class CoverageSettings {
  constructor(private readonly uow: UnitOfWork) {}

  /** The newest version. */
  async current(manager: EntityManager = this.uow.reader): Promise<StoredSettings> {
    const [row] = await manager.query<Row[]>(
      `select ${ROW} from coverage_settings order by version desc limit 1`,
    );
    return row ? settingsOf(row) : delivered();
  }

  /** Throws 404. */
  async version(version: number): Promise<StoredSettings> {
    if (version === 0) return delivered();
    const [row] = await this.uow.reader.query<Row[]>(
      `select ${ROW} from coverage_settings where version = $1`,
      [version],
    );
    if (!row)
      throw Problem.notFound(
        { en: 'version of the coverage settings', vi: 'phiên bản cấu hình vùng phủ' },
        String(version),
      );
    return settingsOf(row);
  }

  /** All versions that somebody made, newest first. */
  async versions(limit: number, cursor?: string): Promise<Page<SettingsVersion>> {
    const before = decodeCursor(cursor);
    if (before !== undefined && !/^\d{1,9}$/.test(before))
      throw Problem.invalidField('cursor', 'CURSOR', {
        en: 'cursor must be the nextCursor of an earlier page',
        vi: 'cursor phải là nextCursor của trang trước',
      });
    const rows = await this.uow.reader.query<SettingsVersion[]>(
      `select ${VERSION} from coverage_settings where $1::int is null or version < $1::int
        order by version desc limit $2`,
      [before ?? null, limit + 1],
    );
    return toPage(rows, limit, ({ version }) => String(version));
  }

  /**
   * Adds a version; when nothing differs there is none, and the newest comes back. Throws 400 for what no run can be reckoned
   * from, 409 when somebody else has changed the settings since the version that the change is based on.
   */
  async change(by: string, { changes, source, version }: SettingsChange): Promise<StoredSettings> {
    return this.uow.run(async (tx) => {
      // One after another, also where there is no row yet to lock.
      await tx.manager.query('lock table coverage_settings in share row exclusive mode');
      const current = await this.current(tx.manager);
      if (version !== undefined && version !== current.version)
        throw Problem.conflict('VERSION', {
          en: `This was changed meanwhile: it is at version ${current.version}.`,
          vi: `Dữ liệu đã được người khác thay đổi: hiện ở phiên bản ${current.version}.`,
        });
      const { next, changed } = changedOrRefused(current, changes, source.trim());
      if (changed.length === 0) return current;
      const [row] = await tx.manager.query<[Row]>(
        `insert into coverage_settings (version, settings, sources, changed, source, created_by)
         values ($1, $2::jsonb, $3::jsonb, $4::text[], $5, $6) returning ${ROW}`,
        [next.version, JSON.stringify(next.values), JSON.stringify(next.sources), changed, source.trim(), by],
      );
      tx.emit(RESOURCE_CHANGED, {
        resource: 'coverage-settings',
        id: 'coverage-settings',
        action: current.version === 0 ? 'create' : 'update',
        before: current.version === 0 ? null : { version: current.version, ...current.values },
        after: { version: next.version, ...next.values },
      });
      return settingsOf(row);
    });
  }
}

function delivered(): StoredSettings {
  return {
    ...deliveredDefaults(),
    changed: [],
    source: 'as delivered; each value says where it is from',
    createdBy: null,
    createdAt: null,
  };
}

function settingsOf({ settings, ...row }: Row): StoredSettings {
  return { ...row, values: completeDefaults(settings) };
}

function changedOrRefused(current: CoverageDefaults, changes: unknown, source: string) {
  try {
    return changeDefaults(current, changes, source);
  } catch (error) {
    if (!(error instanceof CoverageInputError)) throw error;
    const path = error.code.replace(/^parameters\./, '');
    const field = path === 'changes' ? path : `changes.${path}`;
    throw Problem.invalidField(field, 'VALUE', { en: error.messageEn, vi: error.messageVi });
  }
}
