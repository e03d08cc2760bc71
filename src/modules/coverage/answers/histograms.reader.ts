import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { toPage } from '../../../common/http/page.js';
import type { AreaKind } from '../../areas/index.js';
import type { Scenario } from '../coverage.types.js';
import { MOST_SITES_COUNTED, type Place, type Technology } from '../domain/index.js';
import type { Counted } from '../reckon-histograms.js';
import { RunsReader } from '../runs.reader.js';
import { numberCursor, percent, provenanceOf, type Answer } from './provenance.js';

/** What is left out is not filtered by; `any` asks for any technology or all operators taken together. */
export interface UnitFilter {
  by?: AreaKind;
  area?: string;
  technology?: Technology | 'any';
  operator?: string;
  environment?: Place;
  probability?: number;
}

interface Unit extends Scenario {
  areaId: string;
  areaCode: string;
  areaKind: AreaKind;
  areaName: string;
  technology: Technology | null;
}

/** How much of a unit so many serve. */
export interface HistogramBucket {
  /** Exactly so many; with `orMore` so many and more. */
  count: number;
  orMore: boolean;
  areaKm2: number;
  areaPercent: number | null;
  population: number | null;
  populationPercent: number | null;
  households: number | null;
  householdsPercent: number | null;
}

export interface Histogram extends Unit {
  counted: Counted;
  operator: string | null;
  buckets: HistogramBucket[];
}

/** The largest single operator of a unit, beside what all operators cover together. */
export interface MaximumOperator extends Unit {
  /** Null where no operator covers anything. */
  operator: string | null;
  population: number | null;
  populationCovered: number | null;
  /** SDG 9.c.1. */
  populationPercent: number | null;
  areaPercent: number | null;
  anyOperatorPopulationPercent: number | null;
  /** How many operators have figures there. */
  operators: number;
}

interface HistogramRow extends Unit {
  id: string;
  counted: Counted;
  operator: string | null;
  areaKm2: number[];
  population: number[] | null;
  households: number[] | null;
}

type MaximumRow = Omit<
  MaximumOperator,
  'populationPercent' | 'areaPercent' | 'anyOperatorPopulationPercent'
> & {
  id: string;
  areaKm2: number;
  areaCoveredKm2: number | null;
  anyCovered: number | null;
};

type PageRequest = { limit: number; cursor?: string };

const CONDITION = `f.run_id = $1
  and ($2::text is null or f.area_kind = $2)
  and ($3::text is null or f.area_code = $3)
  and ($4::text is null or coalesce(f.technology, 'any') = $4)
  and ($5::text is null or f.environment = $5)
  and ($6::float8 is null or f.probability = $6)`;
const UNIT = `f.area_id as "areaId", f.area_code as "areaCode", f.area_kind as "areaKind", a.full_name as "areaName",
  f.technology, f.environment, f.probability`;

/** How many serve a unit, and who serves most of it. */
@Injectable()
export class HistogramsReader {
  constructor(
    private readonly uow: UnitOfWork,
    private readonly runs: RunsReader,
  ) {}

  /** In the order of the run. Throws 404, 409. */
  async histograms(
    runId: string,
    counted: Counted | undefined,
    filter: UnitFilter,
    page: PageRequest,
  ): Promise<Answer<Histogram>> {
    const run = await this.runs.getDone(runId);
    const rows = await this.uow.reader.query<HistogramRow[]>(
      `select f.id, ${UNIT}, f.counted, f.operator, f.area_km2 as "areaKm2", f.population, f.households
         from coverage_histograms f join areas a on a.id = f.area_id
        where ${CONDITION} and f.id > $7
          and ($8::text is null or f.counted = $8)
          and ($9::text is null or coalesce(f.operator, 'any') = $9)
        order by f.id limit $10`,
      [
        ...parametersOf(run.id, filter),
        numberCursor(page.cursor) ?? '0',
        counted ?? null,
        filter.operator ?? null,
        page.limit + 1,
      ],
    );
    const { items, nextCursor } = toPage(rows, page.limit, ({ id }) => id);
    return { provenance: provenanceOf(run), items: items.map(histogramOf), nextCursor };
  }

  /** Follows from the stored figures, in their order. Throws 404, 409. */
  async maximumOperators(
    runId: string,
    filter: Omit<UnitFilter, 'operator'>,
    page: PageRequest,
  ): Promise<Answer<MaximumOperator>> {
    const run = await this.runs.getDone(runId);
    const rows = await this.uow.reader.query<MaximumRow[]>(
      `with best as (
         select distinct on (f.environment, f.probability, f.technology, f.area_id)
                f.environment, f.probability, f.technology, f.area_id, f.operator, f.population_covered,
                f.area_covered_km2,
                count(*) over (partition by f.environment, f.probability, f.technology, f.area_id)::int as operators
           from coverage_figures f where ${CONDITION} and f.operator is not null
          order by f.environment, f.probability, f.technology, f.area_id,
                   f.population_covered desc nulls last, f.area_covered_km2 desc, f.operator)
       select f.id, ${UNIT}, case when b.area_covered_km2 > 0 then b.operator end as operator, f.population,
              b.population_covered as "populationCovered", f.area_km2 as "areaKm2",
              b.area_covered_km2 as "areaCoveredKm2", f.population_covered as "anyCovered",
              coalesce(b.operators, 0) as operators
         from coverage_figures f join areas a on a.id = f.area_id
         left join best b on b.area_id = f.area_id and b.environment = f.environment
              and b.probability = f.probability and b.technology is not distinct from f.technology
        where ${CONDITION} and f.operator is null and f.id > $7 order by f.id limit $8`,
      [...parametersOf(run.id, filter), numberCursor(page.cursor) ?? '0', page.limit + 1],
    );
    const { items, nextCursor } = toPage(rows, page.limit, ({ id }) => id);
    return { provenance: provenanceOf(run), items: items.map(maximumOf), nextCursor };
  }
}

function parametersOf(runId: string, filter: Omit<UnitFilter, 'operator'>): unknown[] {
  const { by, area, technology, environment, probability } = filter;
  return [runId, by ?? null, area ?? null, technology ?? null, environment ?? null, probability ?? null];
}

function histogramOf({ id: _id, areaKm2, population, households, ...row }: HistogramRow): Histogram {
  const sum = (values: number[] | null) => values && values.reduce((a, b) => a + b, 0);
  const [area, people, homes] = [sum(areaKm2), sum(population), sum(households)];
  const at = (values: number[] | null, n: number) => values?.[n] ?? null;
  return {
    ...row,
    buckets: areaKm2.map((km2, count) => ({
      count,
      orMore: row.counted === 'sites' && count === MOST_SITES_COUNTED,
      areaKm2: km2,
      areaPercent: percent(km2, area),
      population: at(population, count),
      populationPercent: percent(at(population, count), people),
      households: at(households, count),
      householdsPercent: percent(at(households, count), homes),
    })),
  };
}

function maximumOf({ id: _id, areaKm2, areaCoveredKm2, anyCovered, ...row }: MaximumRow): MaximumOperator {
  return {
    ...row,
    populationPercent: percent(row.populationCovered, row.population),
    areaPercent: percent(areaCoveredKm2, areaKm2),
    anyOperatorPopulationPercent: percent(anyCovered, row.population),
  };
}
