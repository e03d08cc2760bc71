import { Injectable } from '@nestjs/common';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { cancelJob } from '../../common/jobs/job-store.js';
import type { Actor } from '../identity/index.js';
import type { Mapping } from './domain/sheet.js';
import {
  IMPORT_MODES,
  type ImportRun,
  type ImportState,
  ON_ERRORS,
  type OnErrors,
  type Resource,
  RESOURCES,
} from './import.types.js';
import type { ImportActor } from './importers/importer.js';
import { ImportFiles } from './import-files.js';
import { Importers } from './importers/registry.js';
import { ImportsStore } from './imports.store.js';
import { StagingStore } from './staging.store.js';
import type { Upload } from './upload.js';

const KNOWN = ['resource', 'source', 'mode', 'onErrors', 'mapping', 'sheet'];

const CAN_RUN_AGAIN: readonly ImportState[] = ['checked', 'refused', 'failed', 'cancelled'];

/** Starts imports, applies, cancels and takes them back. */
@Injectable()
export class ImportsService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly store: ImportsStore,
    private readonly staging: StagingStore,
    private readonly importers: Importers,
    private readonly files: ImportFiles,
  ) {}

  /** Writes an uploaded file's import and its job down. Throws 400 for fields, 403 without the resource's own permission. */
  async start(actor: Actor, { importId, fileName, fileBytes, fields }: Upload): Promise<ImportRun> {
    const problems: FieldProblem[] = Object.keys(fields)
      .filter((field) => !KNOWN.includes(field))
      .map((field) =>
        fieldProblem(field, 'UNKNOWN_FIELD', {
          en: `${field} is not a known field`,
          vi: `${field} không phải là trường được biết đến`,
        }),
      );
    const resource = oneOf('resource', fields.resource, RESOURCES, problems);
    const mode = oneOf('mode', fields.mode ?? 'dry-run', IMPORT_MODES, problems);
    const onErrors = oneOf('onErrors', fields.onErrors ?? 'refuse', ON_ERRORS, problems);
    const sourceName = (fields.source ?? fileName).trim().slice(0, 200) || 'file';
    const given =
      resource === undefined ? undefined : await this.mappingOf(resource, fields.mapping, problems);
    if (problems.length > 0 || !resource || !mode || !onErrors) throw Problem.invalid(problems);
    this.assertMayWrite(actor, resource);
    if (given) await this.store.rememberMapping(sourceName, resource, given);
    await this.store.create(importId, {
      resource,
      sourceName,
      fileName,
      fileBytes,
      sheetName: fields.sheet?.trim() || null,
      mode,
      onErrors,
      mapping: given ?? (await this.store.mappingOf(sourceName, resource)),
      actor: importActor(actor),
    });
    return this.store.get(importId);
  }

  /** Checks the file again, as the register is now, and applies it. Throws 409 while it is at work or when it was applied. */
  async apply(actor: Actor, id: string, onErrors?: OnErrors): Promise<ImportRun> {
    const run = await this.store.get(id);
    this.assertMayWrite(actor, run.resource);
    if (CAN_RUN_AGAIN.includes(run.state) && !(await this.files.has(run.id)))
      throw Problem.conflict('FILE_GONE', {
        en: 'The file is kept for 30 days and was removed since: send it again.',
        vi: 'Tệp chỉ được giữ 30 ngày và đã bị xoá: hãy gửi lại tệp.',
      });
    const asked = { onErrors: onErrors ?? run.onErrors, actor: importActor(actor) };
    if (!(await this.store.askToApply(run.id, asked))) throw notNow(run);
    return this.store.get(id);
  }

  /** Throws 409 when it has ended. Nothing is written of a cancelled import. */
  async cancel(actor: Actor, id: string): Promise<ImportRun> {
    const run = await this.store.get(id);
    this.assertMayWrite(actor, run.resource);
    const cancelled = await this.uow.run(async (tx) => {
      const moved = await this.store.move(tx, run.id, ['queued', 'checking', 'applying'], 'cancelled');
      if (moved && run.jobId) await cancelJob(tx.manager, run.jobId);
      return moved;
    });
    if (!cancelled) throw notNow(run);
    return this.store.get(id);
  }

  /** Puts back what an applied import changed. Throws 409 naming what was changed since; then nothing is put back. */
  async undo(actor: Actor, id: string): Promise<ImportRun> {
    const run = await this.store.get(id);
    this.assertMayWrite(actor, run.resource);
    if (actor.jurisdictionAreaId !== null && actor.jurisdictionAreaId !== run.actor.jurisdictionAreaId)
      throw Problem.forbidden({
        en: 'The import reaches beyond the area you are responsible for.',
        vi: 'Lần nhập này vượt ra ngoài địa bàn bạn phụ trách.',
      });
    await this.uow.run(async (tx) => {
      if (!(await this.store.move(tx, run.id, ['applied'], 'undone'))) throw notNow(run);
      const changedSince = await this.putBack(run, tx);
      if (changedSince.length === 0) return;
      const shown = changedSince.slice(0, 20).join(', ');
      throw Problem.conflict('CHANGED_SINCE', {
        en: `Not taken back: ${changedSince.length} changed since the import: ${shown}.`,
        vi: `Không hoàn tác: ${changedSince.length} mục đã thay đổi sau lần nhập: ${shown}.`,
      });
    });
    return this.store.get(id);
  }

  /** Gives the keys of what was changed since; the transaction must not be committed then. */
  private async putBack(run: ImportRun, tx: Tx): Promise<string[]> {
    const importer = this.importers.of(run.resource);
    const changedSince: string[] = [];
    for await (const records of this.staging.undoOf(tx.manager, run.id, importer.undoBatch)) {
      const undone = await importer.undo(records, tx);
      changedSince.push(...undone.changedSince);
      await tx.deliver();
    }
    return changedSince;
  }

  private assertMayWrite(actor: Actor, resource: Resource): void {
    const { permission } = this.importers.of(resource);
    if (!actor.permissions.has(permission))
      throw Problem.forbidden({
        en: `This needs the permission ${permission}.`,
        vi: `Thao tác này cần quyền ${permission}.`,
      });
  }

  private async mappingOf(
    resource: Resource,
    text: string | undefined,
    problems: FieldProblem[],
  ): Promise<Mapping | undefined> {
    if (text === undefined || text.trim() === '') return undefined;
    const { fields } = await this.importers.sheetOf(resource);
    const keys = fields.map(({ key }) => key);
    let read: unknown;
    try {
      read = JSON.parse(text);
    } catch {
      read = undefined;
    }
    const isObject = typeof read === 'object' && read !== null && !Array.isArray(read);
    const wrong = isObject
      ? Object.values(read as object).some((key) => key !== null && !keys.includes(key as string))
      : true;
    if (!wrong) return read as Mapping;
    problems.push(
      fieldProblem('mapping', 'MAPPING', {
        en: `mapping must be a JSON object from column names to null or one of ${keys.join(', ')}`,
        vi: `mapping phải là đối tượng JSON từ tên cột đến null hoặc một trong: ${keys.join(', ')}`,
      }),
    );
    return undefined;
  }
}

function importActor({ id, kind, name, jurisdictionAreaId }: Actor): ImportActor {
  return { id, kind, name, jurisdictionAreaId };
}

function oneOf<T extends string>(
  field: string,
  value: string | undefined,
  allowed: readonly T[],
  problems: FieldProblem[],
): T | undefined {
  const found = allowed.find((known) => known === value);
  if (found === undefined)
    problems.push(
      fieldProblem(field, 'ONE_OF', {
        en: `${field} must be one of ${allowed.join(', ')}`,
        vi: `${field} phải là một trong: ${allowed.join(', ')}`,
      }),
    );
  return found;
}

function notNow({ state }: ImportRun): Problem {
  return Problem.conflict('STATE', {
    en: `This cannot be done with an import that is ${state}.`,
    vi: `Không thể làm việc này với lần nhập đang ở trạng thái ${state}.`,
  });
}
