import { Problem } from '../../common/http/problem.js';
import type { CoverageRun, LayerView, Scenario } from './coverage.types.js';
import type { Place, Technology } from './domain/index.js';

/** Which view a caller wants; what is missing takes the run's first. */
export interface ViewRequest {
  technology?: Technology;
  operator?: string;
  environment?: Place;
  probability?: number;
}

/** The technology that a map shows when none is named. */
const DEFAULT_TECHNOLOGY: Technology = '4G';

/** Throws 400 with what the run has, when it has not what was asked for. */
export function scenarioOf(run: CoverageRun, request: ViewRequest): Scenario {
  const { environments, probabilities } = run;
  return {
    environment: oneOf('environment', request.environment, environments),
    probability: oneOf('probability', request.probability, probabilities),
  };
}

/** The view of one technology, with one operator or the best of all. `layers` are those that the run has. */
export function layerViewOf(
  run: CoverageRun,
  request: ViewRequest,
  layers: readonly Pick<LayerView, 'technology' | 'operator'>[],
): LayerView {
  const technologies = [...new Set(layers.map(({ technology }) => technology))];
  const byDefault = technologies.includes(DEFAULT_TECHNOLOGY) ? DEFAULT_TECHNOLOGY : undefined;
  const technology = oneOf('technology', request.technology ?? byDefault, technologies);
  const operators = layers.flatMap((layer) =>
    layer.technology === technology ? (layer.operator ?? []) : [],
  );
  return {
    ...scenarioOf(run, request),
    technology,
    operator: request.operator === undefined ? null : oneOf('operator', request.operator, operators),
  };
}

function oneOf<T extends string | number>(field: string, asked: T | undefined, known: readonly T[]): T {
  const chosen = asked ?? known[0];
  if (chosen !== undefined && known.includes(chosen)) return chosen;
  throw Problem.invalidField(field, 'NOT_IN_RUN', {
    en: `${field} of this run must be one of: ${known.join(', ') || '(it has none)'}`,
    vi: `${field} của lần tính này phải là một trong: ${known.join(', ') || '(không có)'}`,
  });
}
