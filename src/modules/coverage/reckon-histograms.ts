import type { AreaKind } from '../areas/index.js';
import type { Scenario } from './coverage.types.js';
import type { Amounts, RunResult, Technology } from './domain/index.js';
import type { RegisterSnapshot } from './run-snapshot.js';

/** What is counted of each cell of the grid. */
export const COUNTED = ['operators', 'sites'] as const;
export type Counted = (typeof COUNTED)[number];

/** How much of a unit is served by none, by one, by two … in one view. Place n of each list stands for exactly n. */
export interface HistogramRow extends Scenario {
  areaId: string;
  areaCode: string;
  areaKind: AreaKind;
  counted: Counted;
  /** Null: with any technology. */
  technology: Technology | null;
  /** Null: all operators together. */
  operator: string | null;
  areaKm2: number[];
  /** Null: unknown of all communes of the unit. */
  population: number[] | null;
  households: number[] | null;
}

interface Counts {
  unitCode: string;
  counted: Counted;
  technology: Technology | null;
  operator: string | null;
  byNumber: Amounts[];
}

/** The histograms of a view, in the order of its aggregates. */
export function histogramsOf(
  result: Pick<RunResult, 'aggregates'>,
  scenario: Scenario,
  register: Pick<RegisterSnapshot, 'units'>,
): HistogramRow[] {
  const { units, operatorHistogram, siteHistogram } = result.aggregates;
  const found = new Map<string, Counts>();
  const count = (of: Omit<Counts, 'byNumber'>, number: number, amounts: Amounts): void => {
    const key = JSON.stringify([of.counted, of.technology, of.operator, of.unitCode]);
    let counts = found.get(key);
    if (!counts) found.set(key, (counts = { ...of, byNumber: [] }));
    counts.byNumber[number] = amounts;
  };
  for (const { unitCode, technology, operators, amounts } of operatorHistogram)
    count({ unitCode, counted: 'operators', technology, operator: null }, operators, amounts);
  for (const { unitCode, technology, operatorCode, sites, amounts } of siteHistogram)
    count({ unitCode, counted: 'sites', technology, operator: operatorCode }, sites, amounts);
  const totals = new Map(units.map((unit) => [unit.unitCode, unit]));
  return [...found.values()].map(({ unitCode, byNumber, ...of }): HistogramRow => {
    const total = totals.get(unitCode);
    const unit = register.units.get(unitCode);
    if (!total || !unit) throw new Error(`a histogram names a unit that is not in the snapshot: ${unitCode}`);
    const people = total.populationUnknown < total.communes;
    const homes = total.householdsUnknown < total.communes;
    return {
      areaId: unit.id,
      areaCode: unitCode,
      areaKind: unit.kind,
      ...of,
      ...scenario,
      areaKm2: byNumber.map(({ areaM2 }) => Math.round(areaM2) / 1e6),
      population: people ? byNumber.map(({ population }) => thousandths(population)) : null,
      households: homes ? byNumber.map(({ households }) => thousandths(households)) : null,
    };
  });
}

const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
