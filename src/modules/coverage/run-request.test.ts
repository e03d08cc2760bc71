import { Problem } from '../../common/http/problem.js';
import { askedParameters, parametersOf, scenariosOf } from './run-request.js';
import type { RunRequest } from './coverage.types.js';

const TODAY = '2025-06-30';

function fieldsRefused(request: RunRequest): string[] {
  try {
    askedParameters(request, TODAY);
  } catch (error) {
    if (error instanceof Problem) return (error.errors ?? []).map(({ field }) => field);
    throw error;
  }
  return [];
}

test('what is not said takes the default', () => {
  const asked = askedParameters({}, TODAY);
  expect(asked).toMatchObject({
    boundaryDate: TODAY,
    networkDate: TODAY,
    resolution: 10,
    environments: ['outdoor', 'indoor'],
    probabilities: [0.5, 0.9],
    technologies: null,
    operators: null,
    reckoning: { resolution: 10, models: { '5G': { open: '3gpp-38901-rma' } } },
  });
  expect(asked.reckoning).not.toHaveProperty('place');
  expect(scenariosOf(asked)).toHaveLength(4);
});

test('what is said goes into each view', () => {
  const asked = askedParameters(
    {
      resolution: 10,
      environments: ['indoor', 'outdoor'],
      probabilities: [0.9],
      operators: ['vnpt', 'viettel'],
      mobileHeightM: 2,
      models: [{ technology: '4G', model: 'okumura-hata' }],
      thresholds: [{ technology: '3G', sufficientDbm: -100, goodDbm: -95, veryGoodDbm: -80, source: 'Sở' }],
    },
    TODAY,
  );
  const scenarios = scenariosOf(asked);
  expect(scenarios).toEqual([
    { environment: 'outdoor', probability: 0.9 },
    { environment: 'indoor', probability: 0.9 },
  ]);
  expect(asked.operators).toEqual(['viettel', 'vnpt']);
  expect(parametersOf(asked, { environment: 'indoor', probability: 0.9 })).toMatchObject({
    resolution: 10,
    place: 'indoor',
    probability: 0.9,
    mobileHeightM: 2,
    models: { '4G': { urban: 'okumura-hata', suburban: 'okumura-hata', open: 'okumura-hata' } },
    thresholds: { '3G': { metric: 'RSCP', sufficientDbm: -100, source: 'Sở', assumed: false } },
  });
});

test.each<[string, RunRequest, string]>([
  ['a day that is none', { boundaryDate: '2025-02-30' }, 'boundaryDate'],
  ['a network of a day that is none', { networkDate: '2025-13-01' }, 'networkDate'],
  ['a probability of all', { probabilities: [0.5, 1] }, 'probability'],
  ['a grid that is too fine', { resolution: 15 }, 'resolution'],
  ['a mobile in the ground', { mobileHeightM: 0 }, 'mobileHeightM'],
  [
    'levels that fall',
    { thresholds: [{ technology: '4G', sufficientDbm: -90, goodDbm: -95, veryGoodDbm: -80, source: 'x' }] },
    'thresholds.0',
  ],
])('%s is refused', (_what, request, field) => {
  expect(fieldsRefused(request)).toEqual([field]);
});
