import type { Period } from './domain/index.js';
import type { StoredFigure, StoredSpot } from './reach.types.js';

/** What is heard in a unit. Unknown people or households are null, and a percentage of nothing is null. */
export interface UnitFigure {
  areaId: string;
  areaCode: string;
  areaKind: string;
  areaName: string;
  period: Period;
  areaKm2: number;
  areaHeardKm2: number;
  areaPercent: number | null;
  /** Where two clusters or more are heard at once. */
  areaEchoKm2: number;
  population: number | null;
  populationHeard: number | null;
  populationPercent: number | null;
  populationEcho: number | null;
  /** FM and wired loudspeakers, and an estimate of who hears a cluster or one of them. */
  plainLoudspeakers: number;
  populationWithPlain: number | null;
  populationPercentWithPlain: number | null;
  householdsPercentWithPlain: number | null;
  households: number | null;
  householdsHeard: number | null;
  householdsPercent: number | null;
  communes: number;
  communesWithoutPopulation: number;
  communesWithoutHouseholds: number;
}

export interface SilentSpotView {
  areaId: string;
  areaCode: string;
  areaName: string;
  period: Period;
  cells: number;
  areaKm2: number;
  population: number;
  households: number;
  /** The cell with most people, and its centre. */
  densestCell: string;
  lon: number;
  lat: number;
  nearestCluster: { id: string; distanceM: number } | null;
}

export function figureOf(figure: StoredFigure): UnitFigure {
  const { areaId, areaCode, areaKind, areaName, period, total, heard, echo, withPlain } = figure;
  const { communes, communesWithoutPopulation, communesWithoutHouseholds } = figure;
  const people = communesWithoutPopulation < communes;
  const homes = communesWithoutHouseholds < communes;
  return {
    areaId,
    areaCode,
    areaKind,
    areaName,
    period,
    areaKm2: km2(total.areaM2),
    areaHeardKm2: km2(heard.areaM2),
    areaPercent: percent(heard.areaM2, total.areaM2),
    areaEchoKm2: km2(echo.areaM2),
    population: people ? thousandths(total.population) : null,
    populationHeard: people ? thousandths(heard.population) : null,
    populationPercent: people ? percent(heard.population, total.population) : null,
    populationEcho: people ? thousandths(echo.population) : null,
    plainLoudspeakers: figure.plainLoudspeakers,
    populationWithPlain: people ? thousandths(withPlain.population) : null,
    populationPercentWithPlain: people ? percent(withPlain.population, total.population) : null,
    householdsPercentWithPlain: homes ? percent(withPlain.households, total.households) : null,
    households: homes ? thousandths(total.households) : null,
    householdsHeard: homes ? thousandths(heard.households) : null,
    householdsPercent: homes ? percent(heard.households, total.households) : null,
    communes,
    communesWithoutPopulation,
    communesWithoutHouseholds,
  };
}

export function spotOf({
  areaM2,
  population,
  households,
  nearestCluster,
  ...spot
}: StoredSpot): SilentSpotView {
  return {
    ...spot,
    areaKm2: km2(areaM2),
    population: thousandths(population),
    households: thousandths(households),
    lon: Math.round(spot.lon * 1e6) / 1e6,
    lat: Math.round(spot.lat * 1e6) / 1e6,
    nearestCluster: nearestCluster && {
      id: nearestCluster.id,
      distanceM: Math.round(nearestCluster.distanceM),
    },
  };
}

const km2 = (m2: number): number => Math.round(m2) / 1e6;
export const thousandths = (value: number): number => Math.round(value * 1000) / 1000;
/** Rounding of sums must not show as 100.0000001 %. */
const percent = (part: number, whole: number): number | null =>
  whole > 0 ? Math.min(100, thousandths((100 * part) / whole)) : null;
