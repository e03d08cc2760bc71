import { defaultParameters } from './defaults.js';
import { checkParameters, CoverageInputError, levelClass, type RunParameters } from './parameters.js';

describe('the default parameters', () => {
  it('are valid, fresh each time, and say the source of every assumed or published value', () => {
    const first = defaultParameters();
    expect(() => checkParameters(first)).not.toThrow();
    first.thresholds['4G'].sufficientDbm = 0;
    const second = defaultParameters();
    expect(second.thresholds['4G'].sufficientDbm).toBe(-110);
    for (const group of [second.thresholds, second.cellDefaults, second.cutoffs]) {
      for (const value of Object.values(group)) expect(value.source.length).toBeGreaterThan(10);
    }
  });

  it('have the thresholds of TRAI', () => {
    const { thresholds } = defaultParameters();
    expect([thresholds['2G'], thresholds['3G'], thresholds['4G'], thresholds['5G']]).toMatchObject([
      { metric: 'RxLev', sufficientDbm: -95 },
      { metric: 'RSCP', sufficientDbm: -99 },
      { metric: 'RSRP', sufficientDbm: -110, goodDbm: -105 },
      { metric: 'RSRP', sufficientDbm: -110, goodDbm: -105 },
    ]);
  });

  it('go through JSON unchanged', () => {
    const parameters = defaultParameters({ place: 'indoor' });
    expect(JSON.parse(JSON.stringify(parameters))).toEqual(parameters);
  });
});

describe('checkParameters', () => {
  const refuse = (changes: Partial<RunParameters>, code: string): void => {
    try {
      checkParameters(defaultParameters(changes));
    } catch (error) {
      expect(error).toBeInstanceOf(CoverageInputError);
      expect(error).toMatchObject({ code, messageVi: expect.stringContaining('Tham số') });
      return;
    }
    throw new Error(`accepted ${code}`);
  };

  it('refuses what makes no sense and names it', () => {
    refuse({ resolution: 12 }, 'parameters.resolution');
    refuse({ resolution: 9.5 }, 'parameters.resolution');
    refuse({ probability: 1 }, 'parameters.probability');
    refuse({ probability: NaN }, 'parameters.probability');
    refuse({ place: 'underwater' as 'indoor' }, 'parameters.place');
    const { cutoffs, models } = defaultParameters();
    refuse(
      { cutoffs: { ...cutoffs, '3G': { ...cutoffs['3G'], maxRangeM: 50_000 } } },
      'parameters.cutoffs.3G.maxRangeM',
    );
    refuse(
      { models: { ...models, '4G': { ...models['4G'], open: 'itm' as 'free-space' } } },
      'parameters.models.4G.open',
    );
  });
});

describe('levelClass', () => {
  it('has four classes, and no signal is none', () => {
    const threshold = defaultParameters().thresholds['4G'];
    expect([-Infinity, -110.01, -110, -105, -95].map((level) => levelClass(threshold, level))).toEqual([
      'none',
      'none',
      'sufficient',
      'good',
      'very-good',
    ]);
  });
});
