import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Operators, sites (masts) and cells (antennas). */
export class Sites1764000000300 implements MigrationInterface {
  name = 'Sites1764000000300';

  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      create table operators (
        code text primary key check (code ~ '^[a-z0-9-]{1,40}$'),
        name text not null,
        brand text,
        source text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await q.query(`
      create table sites (
        id uuid primary key default gen_random_uuid(),
        code text not null unique,
        name text not null,
        position geography(Point, 4326) not null,
        address text,
        structure text check (structure in ('ground_tower', 'rooftop', 'monopole', 'mast', 'pole', 'small_cell')),
        mast_class text check (mast_class in ('A1', 'A2a', 'A2b', 'A2c')),
        structure_height_m double precision check (structure_height_m > 0),
        owner_code text references operators (code),
        tenant_codes text[] not null default '{}',
        power text check (power in ('grid_single_phase', 'grid_three_phase', 'generator', 'solar')),
        has_generator boolean,
        backup_hours double precision check (backup_hours >= 0),
        backhaul text check (backhaul in ('fibre', 'microwave', 'satellite')),
        backhaul_capacity_mbps double precision check (backhaul_capacity_mbps > 0),
        backhaul_group text,
        power_group text,
        lifecycle text not null
          check (lifecycle in ('planned', 'approved', 'blocked', 'building', 'active', 'decommissioned')),
        lifecycle_note text,
        certificate_number text,
        certificate_expires_on date,
        confidence text not null check (confidence in ('confirmed', 'inferred', 'estimated')),
        last_verified_on date,
        assumed_fields text[] not null default '{}',
        source text,
        version int not null default 1,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      )`);
    await q.query(`create index sites_position on sites using gist (position)`);
    // Boxes on the map and boundaries are looked up in the plane, as those of areas are.
    await q.query(`create index sites_position_plane on sites using gist ((position::geometry))`);
    await q.query(`create index sites_tenants on sites using gin (tenant_codes)`);
    await q.query(`create index sites_owner on sites (owner_code)`);
    await q.query(`
      create table cells (
        id uuid primary key default gen_random_uuid(),
        site_id uuid not null references sites (id) on delete cascade,
        code text not null,
        operator_code text not null references operators (code),
        technology text not null check (technology in ('2G', '3G', '4G', '5G')),
        band text,
        frequency_mhz double precision check (frequency_mhz > 0),
        bandwidth_mhz double precision check (bandwidth_mhz > 0),
        azimuth_deg double precision check (azimuth_deg between 0 and 360),
        horizontal_beamwidth_deg double precision check (horizontal_beamwidth_deg > 0),
        vertical_beamwidth_deg double precision check (vertical_beamwidth_deg > 0),
        mechanical_tilt_deg double precision,
        electrical_tilt_deg double precision,
        antenna_height_m double precision check (antenna_height_m > 0),
        tx_power_dbm double precision,
        reference_eirp_dbm double precision,
        gain_dbi double precision,
        feeder_loss_db double precision check (feeder_loss_db >= 0),
        physical_cell_id int check (physical_cell_id >= 0),
        on_air_since date,
        on_air_until date,
        assumed_fields text[] not null default '{}',
        source text,
        constraint cells_natural_key unique (site_id, code),
        constraint cells_on_air check (on_air_until > on_air_since)
      )`);
    await q.query(`create index cells_network on cells (operator_code, technology)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`drop table cells`);
    await q.query(`drop table sites`);
    await q.query(`drop table operators`);
  }
}
