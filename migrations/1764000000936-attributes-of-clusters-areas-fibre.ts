import type { MigrationInterface, QueryRunner } from 'typeorm';

const RESOURCES = { clusters: 'clusters', areas: 'areas', fibre: 'fibre_coverage' };

/** Custom attributes of clusters, administrative units and fibre figures, and of those in closed quarters. */
export class AttributesOfClustersAreasFibre1764000000936 implements MigrationInterface {
  name = 'AttributesOfClustersAreasFibre1764000000936';

  async up(q: QueryRunner): Promise<void> {
    for (const table of Object.values(RESOURCES)) {
      await q.query(`alter table ${table} add column attributes jsonb not null default '{}'`);
      await q.query(`create index ${table}_attributes on ${table} using gin (attributes jsonb_path_ops)`);
    }
    await q.query(`alter table fibre_snapshot_rows add column attributes jsonb not null default '{}'`);
    await q.query(fibreFigures({ attributes: true }));
  }

  async down(q: QueryRunner): Promise<void> {
    const [kept] = (await q.query(
      `select 1 from fibre_snapshot_rows where attributes <> '{}' limit 1`,
    )) as unknown[];
    if (kept) throw new Error('closed quarters hold custom attributes: without them their sums are wrong');
    await q.query(`drop view fibre_figures`);
    await q.query(fibreFigures({ attributes: false }));
    await q.query(`alter table fibre_snapshot_rows drop column attributes`);
    for (const table of Object.values(RESOURCES))
      await q.query(`alter table ${table} drop column attributes`);
    await q.query(`delete from attribute_definitions where resource = any($1)`, [Object.keys(RESOURCES)]);
  }
}

/** Open quarters as they stand, closed ones as their last snapshot has them. */
function fibreFigures({ attributes }: { attributes: boolean }): string {
  const own = (row: string) => (attributes ? `, ${row}.attributes` : '');
  return `
    create or replace view fibre_figures as
    select f.id, f.area_id, a.code as commune_code, a.full_name as commune_name,
           f.hamlet_id, h.code as hamlet_code, h.name as hamlet_name, f.operator_code, f.quarter,
           f.households, f.passed, f.connected, f.passed_25_mbps, f.passed_100_mbps, f.source, f.version, f.updated_at
           ${own('f')}
      from fibre_coverage f join areas a on a.id = f.area_id left join hamlets h on h.id = f.hamlet_id
     where not exists (select 1 from fibre_quarters q where q.quarter = f.quarter)
    union all
    select r.id, r.area_id, r.commune_code, r.commune_name, r.hamlet_id, r.hamlet_code, r.hamlet_name,
           r.operator_code, s.quarter, r.households, r.passed, r.connected, r.passed_25_mbps, r.passed_100_mbps,
           r.source, r.version, r.updated_at ${own('r')}
      from fibre_snapshots s join fibre_snapshot_rows r on r.snapshot_id = s.id
     where not exists (select 1 from fibre_snapshots later where later.predecessor_id = s.id)`;
}
