import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import { AreasService, type ImportResult } from '../areas/index.js';
import type { Actor } from '../identity/index.js';
import { GROUP_ID_PATTERN } from './domain/cluster-rules.js';
import type { GroupImport } from './speakers.types.js';

/** A named set of clusters. */
export interface Group {
  id: string;
  name: string;
  clusterIds: string[];
  source: string;
}
export type GroupPatch = Partial<Pick<Group, 'name' | 'clusterIds'>>;

const GROUP_ID = new RegExp(GROUP_ID_PATTERN);
const COLUMNS = `g.id, g.name, g.source,
  array(select m.cluster_id from cluster_group_members m where m.group_id = g.id order by 1) as "clusterIds"`;

@Injectable()
export class GroupService {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly areas: AreasService,
  ) {}

  async list(filter: { limit: number; cursor?: string }): Promise<Page<Group>> {
    const rows = await this.uow.reader.query<Group[]>(
      `select ${COLUMNS} from cluster_groups g where $1::text is null or g.id > $1 order by g.id limit $2`,
      [decodeCursor(filter.cursor) ?? null, filter.limit + 1],
    );
    return toPage(rows, filter.limit, (group) => group.id);
  }

  async get(id: string, manager: EntityManager = this.uow.reader): Promise<Group> {
    const [group] = await manager.query<Group[]>(`select ${COLUMNS} from cluster_groups g where g.id = $1`, [
      id,
    ]);
    if (!group) throw Problem.notFound({ en: 'group of clusters', vi: 'nhóm cụm loa' }, id);
    return group;
  }

  /** Stores groups whole, by id; all or none, 400 with every problem of every row (`rows.3.clusterIds.0`). */
  async importGroups(rows: readonly GroupImport[], tx?: Tx): Promise<ImportResult> {
    const work = (tx_: Tx) => this.store(tx_, rows, (row, field) => `rows.${row}.${field}`);
    return tx ? work(tx) : this.uow.run(work);
  }

  async create(actor: Actor, group: Omit<Group, 'source'> & { source?: string }): Promise<Group> {
    return this.uow.run(async (tx) => {
      const [taken] = await tx.manager.query<object[]>(`select id from cluster_groups where id = $1`, [
        group.id,
      ]);
      if (taken)
        throw Problem.conflict('DUPLICATE', {
          en: `There is a group "${group.id}" already.`,
          vi: `Đã có nhóm "${group.id}".`,
        });
      await this.assertMayChange(actor, group.clusterIds, tx.manager);
      await this.store(tx, [{ source: '', ...group }], (_row, field) => field);
      return this.get(group.id, tx.manager);
    });
  }

  async change(actor: Actor, id: string, patch: GroupPatch): Promise<Group> {
    return this.uow.run(async (tx) => {
      const before = await this.get(id, tx.manager);
      const after = {
        ...before,
        name: patch.name ?? before.name,
        clusterIds: patch.clusterIds ?? before.clusterIds,
      };
      await this.assertMayChange(actor, [...before.clusterIds, ...after.clusterIds], tx.manager);
      await this.store(tx, [after], (_row, field) => field);
      return this.get(id, tx.manager);
    });
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.uow.run(async (tx) => {
      const before = await this.get(id, tx.manager);
      await this.assertMayChange(actor, before.clusterIds, tx.manager);
      await tx.manager.query(`delete from cluster_groups where id = $1`, [id]);
      tx.emit(RESOURCE_CHANGED, { resource: 'cluster-group', id, action: 'delete', before, after: null });
    });
  }

  /** An actor changes only groups that lie within their jurisdiction with every member. */
  private async assertMayChange(
    actor: Actor,
    clusterIds: readonly string[],
    manager: EntityManager,
  ): Promise<void> {
    const rows = await manager.query<{ id: string }[]>(
      `select distinct area_id as id from clusters where id = any($1::text[])`,
      [clusterIds],
    );
    await this.areas.assertWithinJurisdiction(
      actor,
      rows.map(({ id }) => id),
      manager,
    );
  }

  private async store(
    tx: Tx,
    rows: readonly GroupImport[],
    name: (row: number, field: string) => string,
  ): Promise<ImportResult> {
    await this.check(tx, rows, name);
    const known = await tx.manager.query<Group[]>(
      `select ${COLUMNS} from cluster_groups g where g.id = any($1::text[])`,
      [rows.map(({ id }) => id)],
    );
    const before = new Map(known.map((group) => [group.id, group]));
    const result: ImportResult = { created: 0, updated: 0, unchanged: 0 };
    for (const row of rows) {
      const after: Group = { ...row, clusterIds: [...new Set(row.clusterIds)].sort() };
      const earlier = before.get(row.id) ?? null;
      if (earlier && same(earlier, after)) {
        result.unchanged += 1;
        continue;
      }
      await tx.manager.query(
        `insert into cluster_groups (id, name, source) values ($1, $2, $3)
         on conflict (id) do update set name = excluded.name, source = excluded.source, updated_at = now()`,
        [after.id, after.name, after.source],
      );
      await tx.manager.query(
        `delete from cluster_group_members where group_id = $1 and cluster_id <> all($2::text[])`,
        [after.id, after.clusterIds],
      );
      await tx.manager.query(
        `insert into cluster_group_members (group_id, cluster_id) select $1, unnest($2::text[]) on conflict do nothing`,
        [after.id, after.clusterIds],
      );
      result[earlier ? 'updated' : 'created'] += 1;
      const action = earlier ? 'update' : 'create';
      tx.emit(RESOURCE_CHANGED, { resource: 'cluster-group', id: after.id, action, before: earlier, after });
    }
    return result;
  }

  private async check(tx: Tx, rows: readonly GroupImport[], name: (row: number, field: string) => string) {
    const ids = [...new Set(rows.flatMap((row) => row.clusterIds))];
    const known = await tx.manager.query<
      {
        id: string;
      }[]
    >(`select id from clusters where id = any($1::text[])`, [ids]);
    const clusters = new Set(known.map(({ id }) => id));
    const problems: FieldProblem[] = [];
    const must = (ok: boolean, field: string, code: string, en: string, vi: string) => {
      if (!ok) problems.push(fieldProblem(field, code, { en, vi }));
    };
    rows.forEach((row, i) => {
      must(
        GROUP_ID.test(row.id),
        name(i, 'id'),
        'FORM',
        'id must be 2 to 60 of the characters a-z, 0-9 and -',
        'id phải gồm 2 đến 60 ký tự a-z, 0-9 và -',
      );
      must(
        row.name.trim().length > 0 && row.name.length <= 200,
        name(i, 'name'),
        'LENGTH',
        'name must have 1 to 200 characters',
        'name phải có từ 1 đến 200 ký tự',
      );
      row.clusterIds.forEach((id, j) =>
        must(
          clusters.has(id),
          name(i, `clusterIds.${j}`),
          'UNKNOWN',
          `there is no cluster "${id}"`,
          `không có cụm loa "${id}"`,
        ),
      );
    });
    if (problems.length > 0) throw Problem.invalid(problems);
  }
}

function same(a: Group, b: Group): boolean {
  return a.name === b.name && a.source === b.source && a.clusterIds.join() === b.clusterIds.join();
}
