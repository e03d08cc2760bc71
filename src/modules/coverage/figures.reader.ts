import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../common/database/unit-of-work.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { Problem } from '../../common/http/problem.js';
import type { AreaKind } from '../areas/index.js';
import type { CoverageFigure, DistrictFigures, Scenario } from './coverage.types.js';
import { TECHNOLOGIES, type Place, type Technology } from './domain/index.js';

/** What is left out is not filtered by; `any` asks for the figures of any technology or operator taken together. */
export interface FigureFilter {
  by?: AreaKind;
  areaCode?: string;
  technology?: Technology | 'any';
  operator?: string;
  environment?: Place;
  probability?: number;
}

type Row = Omit<CoverageFigure, 'areaPercent' | 'populationPercent' | 'householdsPercent'> & { id: string };

/** Figures of finished runs: the numbers and the percentages that they make. */
@Injectable()
export class FiguresReader {
  constructor(private readonly uow: UnitOfWork) {}

  /** In the order of the run: environment, probability, technology, operator, unit. */
  async list(
    runId: string,
    filter: FigureFilter,
    page: { limit: number; cursor?: string },
  ): Promise<Page<CoverageFigure>> {
    const after = decodeCursor(page.cursor);
    if (after !== undefined && !/^\d{1,18}$/.test(after))
      throw Problem.invalidField('cursor', 'CURSOR', {
        en: 'cursor must be the nextCursor of an earlier page',
        vi: 'cursor phải là nextCursor của trang trước',
      });
    const rows = await this.rows(runId, filter, page.limit + 1, after);
    const { items, nextCursor } = toPage(rows, page.limit, (row) => row.id);
    return { items: items.map(toFigure), nextCursor };
  }

  /** All at once: for tables of the whole run. */
  async all(runId: string, filter: FigureFilter = {}): Promise<CoverageFigure[]> {
    return (await this.rows(runId, filter, null)).map(toFigure);
  }

  /**
   * The table by district, then the province: what each technology of all operators covers. Where communes lie directly in
   * the province only the province is left.
   */
  async byDistrict(runId: string, scenario: Scenario): Promise<DistrictFigures[]> {
    const units = new Map<string, DistrictFigures>();
    for (const by of ['district', 'province'] as const)
      for (const figure of await this.all(runId, { ...scenario, by, operator: 'any' })) {
        const { areaCode, areaKind, areaName, technology, areaPercent, populationPercent } = figure;
        if (technology === null) continue;
        const unit = units.get(areaCode) ?? { areaCode, areaKind, areaName, technologies: [] };
        unit.technologies.push({ technology, areaPercent, populationPercent });
        units.set(areaCode, unit);
      }
    for (const { technologies } of units.values())
      technologies.sort((a, b) => TECHNOLOGIES.indexOf(a.technology) - TECHNOLOGIES.indexOf(b.technology));
    return [...units.values()];
  }

  private async rows(
    runId: string,
    filter: FigureFilter,
    limit: number | null,
    after: string = '0',
  ): Promise<Row[]> {
    return await this.uow.reader.query<Row[]>(
      `select f.id, f.area_id as "areaId", f.area_code as "areaCode", f.area_kind as "areaKind",
              a.full_name as "areaName", f.technology, f.operator, f.environment, f.probability,
              f.area_km2 as "areaKm2", f.area_covered_km2 as "areaCoveredKm2",
              f.population, f.population_covered as "populationCovered",
              f.households, f.households_covered as "householdsCovered", f.communes,
              f.communes_without_population as "communesWithoutPopulation",
              f.communes_without_households as "communesWithoutHouseholds"
         from coverage_figures f join areas a on a.id = f.area_id
        where f.run_id = $1 and f.id > $2
          and ($3::text is null or f.area_kind = $3)
          and ($4::text is null or f.area_code = $4)
          and ($5::text is null or coalesce(f.technology, 'any') = $5)
          and ($6::text is null or coalesce(f.operator, 'any') = $6)
          and ($7::text is null or f.environment = $7)
          and ($8::float8 is null or f.probability = $8)
        order by f.id limit $9`,
      [
        runId,
        after,
        filter.by ?? null,
        filter.areaCode ?? null,
        filter.technology ?? null,
        filter.operator ?? null,
        filter.environment ?? null,
        filter.probability ?? null,
        limit,
      ],
    );
  }
}

function toFigure({ id: _id, ...row }: Row): CoverageFigure {
  return {
    ...row,
    areaPercent: percent(row.areaCoveredKm2, row.areaKm2),
    populationPercent: percent(row.populationCovered, row.population),
    householdsPercent: percent(row.householdsCovered, row.households),
  };
}

/** Rounding of sums must not show as 100.0000001 %. */
function percent(part: number | null, whole: number | null): number | null {
  return part !== null && whole !== null && whole > 0 ? Math.min(100, (100 * part) / whole) : null;
}
