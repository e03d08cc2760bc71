import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import type { AreaKind } from '../../areas/index.js';
import type { Scenario } from '../coverage.types.js';

/** A unit of a run with what it has in all; unknown people or households are null. */
export interface PlanningUnit {
  areaCode: string;
  areaKind: AreaKind;
  areaName: string;
  areaKm2: number;
  population: number | null;
  households: number | null;
  /** Its communes, by their places in the grid's list. */
  members: number[];
}

interface Row extends Omit<PlanningUnit, 'members'> {
  areaId: string;
  parentId: string | null;
}

const RUNS_KEPT = 4;

/** Which units a run has and what they are made up of. */
@Injectable()
export class PlanningUnitsReader {
  /** By run; a run never changes. */
  private readonly known = new Map<string, PlanningUnit[]>();

  constructor(private readonly uow: UnitOfWork) {}

  /** Communes in the order of the run, then what lies above them. */
  async of(runId: string, scenario: Scenario, communes: readonly string[]): Promise<PlanningUnit[]> {
    const known = this.known.get(runId);
    if (known) return known;
    const rows = await this.uow.reader.query<Row[]>(
      `select f.area_id as "areaId", f.area_code as "areaCode", f.area_kind as "areaKind", a.full_name as "areaName",
              a.parent_id as "parentId", f.area_km2 as "areaKm2", f.population, f.households
         from coverage_figures f join areas a on a.id = f.area_id
        where f.run_id = $1 and f.environment = $2 and f.probability = $3
          and f.technology is null and f.operator is null
        order by f.id`,
      [runId, scenario.environment, scenario.probability],
    );
    const units = new Map(rows.map((row) => [row.areaId, { row, members: [] as number[] }]));
    const places = new Map(communes.map((code, place) => [code, place]));
    for (const { row, members } of units.values()) {
      const place = row.areaKind === 'commune' ? places.get(row.areaCode) : undefined;
      if (place === undefined) continue;
      members.push(place);
      for (let id = row.parentId; id !== null;) {
        const above = units.get(id);
        above?.members.push(place);
        id = above?.row.parentId ?? null;
      }
    }
    const found = [...units.values()].map(
      ({ row: { areaId: _id, parentId: _parent, ...unit }, members }): PlanningUnit => ({ ...unit, members }),
    );
    this.known.set(runId, found);
    const oldest = this.known.keys().next().value;
    if (this.known.size > RUNS_KEPT && oldest !== undefined) this.known.delete(oldest);
    return found;
  }
}
