import { Injectable } from '@nestjs/common';
import { latLngToCell } from 'h3-js';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { haversineM } from '../../../geo/index.js';
import { communeAtSql } from '../../areas/index.js';
import { indexOfCell } from '../domain/grid-lookup.js';
import type { CoverageGrid } from '../domain/index.js';

export interface Place {
  code: string;
  name: string | null;
  lon: number;
  lat: number;
}

/** Something that lies nearest to a place, in a straight line. */
export interface Near {
  code: string;
  name: string | null;
  distanceM: number;
}

export interface HamletPlace extends Place {
  name: string;
  kind: string;
  households: number | null;
  population: number | null;
  /** As reported: served, weak, none; null: nobody did. */
  signal: string | null;
  signalReportedOn: string | null;
  signalSource: string | null;
  /** Of the asked day; null: no commune holds it, or no day was asked for. */
  communeCode: string | null;
  communeName: string | null;
}

/** What the register has now of places that answers of runs tell about. */
@Injectable()
export class RegisterPlaces {
  constructor(private readonly uow: UnitOfWork) {}

  /** Sites in service whose backhaul is fibre. */
  async fibreSites(): Promise<Place[]> {
    return this.uow.reader.query<Place[]>(
      `select code, name, st_x(position::geometry) as lon, st_y(position::geometry) as lat
         from sites where lifecycle = 'active' and backhaul = 'fibre' order by code`,
    );
  }

  /** Hamlets with the commune that holds each on a day, in the order of their codes. */
  async hamlets(day: string | null): Promise<HamletPlace[]> {
    return this.uow.reader.query<HamletPlace[]>(
      `select h.code, h.name, h.kind, h.households, h.population, h.signal,
              h.signal_reported_on::text as "signalReportedOn", h.signal_source as "signalSource",
              st_x(h.position::geometry) as lon, st_y(h.position::geometry) as lat,
              commune.code as "communeCode", commune.name as "communeName"
         from hamlets h
         left join lateral (${communeAtSql('h.position::geometry', '$1')}) as commune on $1::date is not null
        order by h.code`,
      [day],
    );
  }

  /** Hamlets by the cell of the grid that holds their point. */
  async hamletsByCell(grid: CoverageGrid): Promise<Map<number, HamletPlace[]>> {
    const byCell = new Map<number, HamletPlace[]>();
    for (const hamlet of await this.hamlets(null)) {
      const cell = cellAt(grid, hamlet.lon, hamlet.lat);
      if (cell !== undefined) byCell.set(cell, [...(byCell.get(cell) ?? []), hamlet]);
    }
    return byCell;
  }

  /** The nearest commune where fibre passes homes in the last quarter with figures, of each place. */
  async fibreCommunes(
    places: readonly [lon: number, lat: number][],
  ): Promise<{ quarter: string | null; nearest: (Near | null)[] }> {
    const [latest] = await this.uow.reader.query<{ quarter: string | null; ids: string[] | null }[]>(
      `select quarter, array_agg(distinct area_id) filter (where passed > 0) as ids from fibre_figures
        where quarter = (select max(quarter) from fibre_figures) group by quarter`,
    );
    const ids = latest?.ids ?? [];
    if (ids.length === 0) return { quarter: latest?.quarter ?? null, nearest: places.map(() => null) };
    const rows = await this.uow.reader.query<(Near & { nr: number })[]>(
      `select p.nr, c.code, c.name, round(c.distance)::float8 as "distanceM"
         from jsonb_to_recordset($1::jsonb) as p(nr int, lon float8, lat float8)
         cross join lateral (
           select a.code, a.full_name as name,
                  st_distance(a.boundary, st_setsrid(st_makepoint(p.lon, p.lat), 4326)::geography) as distance
             from areas a where a.id = any($2::uuid[]) and a.boundary is not null
            order by a.boundary::geometry <-> st_setsrid(st_makepoint(p.lon, p.lat), 4326), a.code limit 1) c`,
      [JSON.stringify(places.map(([lon, lat], nr) => ({ nr, lon, lat }))), ids],
    );
    const found = new Map(rows.map(({ nr, ...near }) => [nr, near]));
    return { quarter: latest?.quarter ?? null, nearest: places.map((_, nr) => found.get(nr) ?? null) };
  }
}

/** The cell of the grid that holds a place; undefined outside of it. */
export function cellAt(grid: CoverageGrid, lon: number, lat: number): number | undefined {
  return indexOfCell(grid, BigInt(`0x${latLngToCell(lat, lon, grid.resolution)}`));
}

/** Equal distances go to the first. */
export function nearest(places: readonly Place[], lon: number, lat: number): Near | null {
  let best: Near | null = null;
  for (const { code, name, ...place } of places) {
    const distanceM = haversineM(lon, lat, place.lon, place.lat);
    if (!best || distanceM < best.distanceM) best = { code, name, distanceM };
  }
  return best && { ...best, distanceM: Math.round(best.distanceM) };
}
