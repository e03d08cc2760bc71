import { CoverageInputError } from './parameters.js';
import { changeDefaults, completeDefaults, deliveredDefaults } from './settings.js';

const SOURCE = '1603/BTTTT-CVT';

test('a change says who says so, where it is and in the group that it touches', () => {
  const { next, changed } = changeDefaults(
    deliveredDefaults(),
    {
      thresholds: { '4G': { sufficientDbm: -108, goodDbm: -100 } },
      shadowSigmaDb: 7,
      buildings: { urban: 'high' },
    },
    SOURCE,
  );
  expect(next.version).toBe(1);
  expect(changed).toEqual([
    'thresholds.4G.sufficientDbm',
    'thresholds.4G.goodDbm',
    'shadowSigmaDb',
    'buildings.urban',
  ]);
  expect(next.values.thresholds['4G']).toMatchObject({
    metric: 'RSRP',
    sufficientDbm: -108,
    goodDbm: -100,
    veryGoodDbm: -95,
    source: SOURCE,
    assumed: false,
  });
  expect(next.values.thresholds['3G']).toEqual(deliveredDefaults().values.thresholds['3G']);
  expect(next.values).toMatchObject({ shadowSigmaDb: 7, buildings: { urban: 'high', open: 'low' } });
  expect(next.sources).toEqual(Object.fromEntries(changed.map((path) => [path, SOURCE])));
});

test('later changes keep the sources of earlier ones', () => {
  const first = changeDefaults(deliveredDefaults(), { mobileHeightM: 2 }, 'a').next;
  const second = changeDefaults(first, { shadowSigmaDb: 6 }, 'b').next;
  expect(second).toMatchObject({ version: 2, sources: { mobileHeightM: 'a', shadowSigmaDb: 'b' } });
  expect(deliveredDefaults().values.mobileHeightM).toBe(1.5);
});

test('what is as it was is no change', () => {
  const { changed, next } = changeDefaults(deliveredDefaults(), { shadowSigmaDb: 8 }, SOURCE);
  expect(changed).toEqual([]);
  expect(next.values).toEqual(deliveredDefaults().values);
});

test('a height of cells without one may be assumed, and left unknown again', () => {
  const height = (antennaHeightM: unknown) => ({ cellDefaults: { '4G': { antennaHeightM } } });
  const assumed = changeDefaults(deliveredDefaults(), height(30), SOURCE).next;
  expect(assumed.values.cellDefaults['4G'].antennaHeightM).toBe(30);
  expect(
    changeDefaults(assumed, height(null), SOURCE).next.values.cellDefaults['4G'].antennaHeightM,
  ).toBeNull();
});

test.each<[string, unknown, string]>([
  ['an unknown name', { threshold: {} }, 'threshold'],
  ['a name of JavaScript', JSON.parse('{"__proto__": {"x": 1}}'), '__proto__'],
  ['an unknown technology', { thresholds: { '6G': { sufficientDbm: -100 } } }, 'thresholds.6G'],
  ['a view, which runs choose', { place: 'indoor' }, 'place'],
  ['what measures a technology', { thresholds: { '4G': { metric: 'RSCP' } } }, 'thresholds.4G.metric'],
  ['a source beside the source', { cutoffs: { '4G': { source: 'x' } } }, 'cutoffs.4G.source'],
  ['text for a number', { shadowSigmaDb: '8' }, 'shadowSigmaDb'],
  ['no number', { shadowSigmaDb: null }, 'shadowSigmaDb'],
  ['a number for a group', { thresholds: 5 }, 'thresholds'],
  ['a list for a group', { thresholds: [] }, 'thresholds'],
  ['no object at all', null, 'changes'],
  ['levels that fall', { thresholds: { '4G': { goodDbm: -120 } } }, 'thresholds.4G.goodDbm'],
  ['negative spread', { shadowSigmaDb: -1 }, 'shadowSigmaDb'],
  ['a power of a million', { cellDefaults: { '4G': { txPowerDbm: 1e6 } } }, 'cellDefaults.4G.txPowerDbm'],
  ['an unknown model', { models: { '5G': { open: 'itm' } } }, 'models.5G.open'],
  ['an unknown building', { buildings: { open: 'tent' } }, 'buildings.open'],
  ['unknown surroundings', { environments: { open: 'sea' } }, 'environments.open'],
  ['more suburbs than towns', { landCover: { suburbanFromPerKm2: 9000 } }, 'landCover.suburbanFromPerKm2'],
])('%s is refused', (_what, changes, path) => {
  let thrown: unknown;
  try {
    changeDefaults(deliveredDefaults(), changes, SOURCE);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(CoverageInputError);
  expect(thrown).toMatchObject({ code: `parameters.${path}` });
});

test('values stored by an earlier program are completed', () => {
  const { settlement: _later, ...stored } = deliveredDefaults().values;
  expect(completeDefaults({ ...stored, shadowSigmaDb: 5 })).toEqual({
    ...deliveredDefaults().values,
    shadowSigmaDb: 5,
  });
});
