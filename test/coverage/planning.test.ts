import { AreasWriter } from '../../src/modules/areas/index.js';
import type {
  ChangeAnswer,
  CriticalityAnswer,
  OutageChangeAnswer,
  SitingResult,
} from '../../src/modules/coverage/planning/planning.types.js';
import { OperatorsService, SitesWriter } from '../../src/modules/sites/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { AREAS, DATE, OPERATORS, SITES } from './fixtures.js';

/** What planners ask about a run, as a client sees it. */
let app: TestApp;
let run: string;
const VIEW = { environment: 'indoor', probability: 0.9 };

async function ask<T = { errors: { field: string; code: string }[]; code: string }>(
  method: string,
  path: string,
  body?: object,
): Promise<{ status: number; body: T }> {
  const answer = await fetch(`${app.url}/api/v1/coverage${path}`, {
    method,
    headers: {
      authorization: `Bearer ${app.adminToken}`,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}
const post = <T>(question: string, body: object) => ask<T>('POST', `/runs/${run}/${question}`, body);

/** Both operators' sites on the same masts, in groups that fail together. */
const NETWORK = SITES.map((site, n) => ({
  ...site,
  backhaulGroup: n < 2 ? 'RING-1' : null,
  powerGroup: `PWR-${n}`,
  structureHeightM: 35,
}));
const NEW_SITE = {
  code: 'NEW-1',
  lon: 105.45,
  lat: 9.85,
  structureHeightM: 40,
  cells: [{ code: 'L18-1', operatorCode: 'viettel', technology: '4G', frequencyMhz: 930, txPowerDbm: 60 }],
};

beforeAll(async () => {
  app = await createTestApp();
  await app.app.get(AreasWriter).importAreas(AREAS);
  await app.app.get(OperatorsService).importOperators(OPERATORS);
  await app.app.get(SitesWriter).importSites(NETWORK, { date: DATE });
  const ordered = await ask<{ id: string }>('POST', '/runs', {
    boundaryDate: DATE,
    resolution: 8,
    environments: ['indoor'],
    probabilities: [0.9],
  });
  run = ordered.body.id;
  await until(
    async () => (await ask<{ finishedAt: string | null }>('GET', `/runs/${run}`)).body.finishedAt !== null,
    { what: 'the run ends' },
  );
});
afterAll(() => app?.stop());

async function covered(technology: string, operator: string): Promise<number> {
  const { body } = await ask<{ items: { areaCoveredKm2: number }[] }>(
    'GET',
    `/runs/${run}/figures?by=province&technology=${technology}&operator=${operator}`,
  );
  return body.items[0]?.areaCoveredKm2 ?? Number.NaN;
}

/** Figures of runs cut the cells at the edge of coverage, which count whole here. */
function expectNear(km2: number, figure: number): void {
  expect(Math.abs(km2 / figure - 1)).toBeLessThan(0.1);
}

describe('what if', () => {
  it('a site is added: before is what the run says, and the units that gain are named', async () => {
    const { status, body } = await post<ChangeAnswer>('what-if', {
      ...VIEW,
      technology: '4G',
      operator: 'viettel',
      put: [NEW_SITE],
      format: 'geojson',
      cellLimit: 1,
    });
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        run: { id: run, resolution: 8, synthetic: true },
        view: { ...VIEW, technology: '4G', operator: 'viettel' },
        lost: { count: 0, ids: [] },
        gained: { truncated: true },
      },
    });
    const { total, units, gained, geojson } = body;
    expectNear(total.areaKm2.before, await covered('4G', 'viettel'));
    expect(total.areaKm2.difference).toBeGreaterThan(1);
    expect(total.areaKm2.difference).toBeCloseTo(gained.areaKm2, 4);
    expect(total.population?.difference).toBeCloseTo(gained.population, 2);
    expect(units[0]).toMatchObject({ areaKind: 'province', areaCode: 'p1' });
    expect(units.filter(({ areaKind }) => areaKind === 'commune').map(({ areaCode }) => areaCode)).toContain(
      'c3',
    );
    expect(gained.ids).toHaveLength(1);
    expect(geojson?.features).toHaveLength(1);
    expect(geojson?.features[0]).toMatchObject({
      geometry: { type: 'Polygon' },
      properties: { change: 'gained' },
    });
  });

  it('a site goes and comes back as it was: nothing changes, and nothing stays changed', async () => {
    const view = { ...VIEW, technology: '4G', operator: 'vnpt' };
    const gone = await post<ChangeAnswer>('what-if', { ...view, remove: ['S2', 'S3'] });
    expect(gone.body.total.areaKm2).toMatchObject({ after: 0, percentAfter: 0 });
    expect(gone.body.lost.count).toBeGreaterThan(0);
    expectNear(gone.body.total.areaKm2.before, await covered('4G', 'vnpt'));
    const stronger = {
      code: 'L18-1',
      operatorCode: 'vnpt',
      technology: '4G',
      frequencyMhz: 1835,
      txPowerDbm: 60,
    };
    const replaced = await post<ChangeAnswer>('what-if', {
      ...view,
      put: [{ code: 'S3', lon: 105.55, lat: 9.85, structureHeightM: 35, cells: [stronger] }],
    });
    expect(replaced.body.total.areaKm2.before).toBe(gone.body.total.areaKm2.before);
    expect(replaced.body.lost.count).toBe(0);
    expect(replaced.body.gained.count).toBeGreaterThan(0);
  });

  it('a network comes that there was none of', async () => {
    const cells = [{ code: 'N78', operatorCode: 'vnpt', technology: '5G' }];
    const { body } = await post<ChangeAnswer>('what-if', {
      ...VIEW,
      technology: '5G',
      operator: 'vnpt',
      put: [{ ...NEW_SITE, cells }],
    });
    expect(body.total.areaKm2.before).toBe(0);
    expect(body.total.areaKm2.after).toBeGreaterThan(0);
    expect(await covered('5G', 'vnpt')).toBeNaN();
  });
});

describe('outages', () => {
  it('of a mast, a group and a whole network', async () => {
    const of = async (what: object, view: object = {}) =>
      (await post<OutageChangeAnswer>('outage', { ...VIEW, ...view, ...what })).body;
    const mast = await of({ sites: ['S1'] });
    expect(mast).toMatchObject({ sites: ['S1'], operatorDown: null, gained: { count: 0 } });
    expect(mast.lost.count).toBeGreaterThan(0);
    const ring = await of({ backhaulGroup: 'RING-1' });
    expect(ring.sites).toEqual(['S1', 'S2']);
    expect(ring.lost.count).toBeGreaterThanOrEqual(mast.lost.count);
    expect((await of({ powerGroup: 'PWR-0' })).lost).toEqual(mast.lost);
    const network = await of({ operatorDown: 'viettel' });
    expect(network).toMatchObject({ sites: [], operatorDown: 'viettel', lost: { count: mast.lost.count } });
    expect((await of({ operatorDown: 'viettel' }, { operator: 'viettel' })).total.areaKm2.after).toBe(0);
  });

  it('of each site by itself, in one ranking that agrees with them', async () => {
    const { body } = await ask<CriticalityAnswer>(
      'GET',
      `/runs/${run}/criticality?environment=indoor&probability=0.9&technology=4G&by=area`,
    );
    expect(body).toMatchObject({ by: 'area', all: 3, critical: body.sites.length });
    expect(body.sites.length).toBeGreaterThan(0);
    for (const [n, { siteCode, rank, areaKm2, cells }] of body.sites.entries()) {
      const alone = await post<OutageChangeAnswer>('outage', {
        ...VIEW,
        technology: '4G',
        sites: [siteCode],
      });
      expect(rank).toBe(n + 1);
      expect(areaKm2).toBeLessThanOrEqual(body.sites[n - 1]?.areaKm2 ?? Infinity);
      expect(alone.body.lost.count).toBe(cells);
      expect(alone.body.lost.areaKm2).toBeCloseTo(areaKm2, 4);
    }
    const first = await ask<CriticalityAnswer>(
      'GET',
      `/runs/${run}/criticality?technology=4G&by=area&limit=1`,
    );
    expect(first.body.sites).toEqual(body.sites.slice(0, 1));
  });
});

describe('the best places', () => {
  const template = { antennaHeightM: 35, azimuthsDeg: [0, 120, 240] };

  it('all over the units, proven, and as the engine finds them', async () => {
    const { status, body } = await post<SitingResult>('siting', {
      ...VIEW,
      technology: '5G',
      k: 3,
      template,
      proveS: 2,
      by: 'area',
    });
    expect({ status, unit: body.unit, picks: body.picks.length }).toEqual({
      status: 200,
      unit: 'km²',
      picks: 3,
    });
    expect(body.upperBound).toBeGreaterThanOrEqual(body.gain);
    expect(body.gapPercent).toBeLessThan(5);
    expect(body.total.areaKm2.difference).toBeCloseTo(body.gain, 0);
    const gains = body.picks.map(({ gain }) => gain);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    expect(gains.reduce((sum, gain) => sum + gain, 0)).toBeCloseTo(body.gain, 4);
  });

  it('among places that are named', async () => {
    const candidates = [
      [105.45, 9.75],
      [105.45, 9.85],
      [105.451, 9.851],
    ];
    const { body } = await post<SitingResult>('siting', {
      ...VIEW,
      technology: '4G',
      operator: 'viettel',
      k: 2,
      template: { antennaHeightM: 35, frequencyMhz: 930, referenceEirpDbm: 45 },
      candidates,
      proveS: 1,
    });
    expect(body).toMatchObject({ candidates: 3, unit: 'people' });
    expect(body.gapPercent).toBeLessThan(0.1);
    expect(body.picks.length).toBeGreaterThan(0);
    expect(body.total.population?.difference).toBeCloseTo(body.gain, -1);
  });
});

describe('the desk', () => {
  it('keeps the network open', async () => {
    await post('outage', { ...VIEW, sites: ['S1'] });
    expect((await ask('GET', '/planning')).body).toMatchObject({
      running: true,
      waiting: 0,
      networks: [{ key: `${run}|indoor|0.9`, layers: 3 }],
    });
  });

  const [cell] = NEW_SITE.cells;
  it.each(
    (
      [
        ['what-if', {}, 'put', 'EMPTY'],
        [
          'what-if',
          { put: [{ ...NEW_SITE, cells: [{ ...cell, txPowerDbm: -60 }] }] },
          'put.0.cells.0.txPowerDbm',
          'RANGE',
        ],
        [
          'what-if',
          { put: [{ ...NEW_SITE, structureHeightM: null }] },
          'put.0.cells.0.antennaHeightM',
          'HEIGHT_UNKNOWN',
        ],
        ['what-if', { put: [{ ...NEW_SITE, lon: 106.9 }] }, 'put.0.lon', 'OUTSIDE'],
        ['what-if', { put: [{ ...NEW_SITE, lon: 9.85, lat: 105.45 }] }, 'put.0.lat', 'SWAPPED'],
        ['what-if', { put: [NEW_SITE, NEW_SITE] }, 'put.1.code', 'DUPLICATE'],
        ['what-if', { put: [{ ...NEW_SITE, cells: [] }] }, 'put.0.cells', 'arrayMinSize'],
        ['what-if', { remove: ['S1', 'S9'] }, 'remove.1', 'UNKNOWN'],
        ['what-if', { remove: Array.from({ length: 501 }, (_, n) => `S${n}`) }, 'remove', 'arrayMaxSize'],
        ['what-if', { put: [NEW_SITE], operator: 'nobody' }, 'operator', 'NOT_IN_RUN'],
        ['what-if', { put: [NEW_SITE], environment: 'outdoor' }, 'environment', 'NOT_IN_RUN'],
        ['outage', {}, 'sites', 'EMPTY'],
        ['outage', { sites: ['S9'] }, 'sites.0', 'UNKNOWN'],
        ['outage', { powerGroup: 'PWR-9' }, 'powerGroup', 'UNKNOWN'],
        ['outage', { operatorDown: 'nobody' }, 'operatorDown', 'NOT_IN_RUN'],
        ['siting', { technology: '4G', k: 0, template: { antennaHeightM: 30 } }, 'k', 'min'],
        [
          'siting',
          { technology: '4G', k: 1, template: { antennaHeightM: -3 } },
          'template.0.cells.0.antennaHeightM',
          'RANGE',
        ],
        ['siting', { technology: '4G', k: 1 }, 'template', 'isNotEmpty'],
        [
          'siting',
          {
            technology: '4G',
            k: 1,
            template: { antennaHeightM: 30 },
            candidates: [
              [105.45, 9.75],
              [1, 1],
            ],
          },
          'candidates.1',
          'OUTSIDE',
        ],
      ] as [string, object, string, string][]
    ).map(([question, body, field, code]) => [question, field, code, body] as const),
  )('%s refuses %s: %s', async (question, field, code, body) => {
    const { status, body: problem } = await post<{ errors: { field: string; code: string }[] }>(
      question,
      body,
    );
    expect(status).toBe(400);
    expect(problem.errors).toContainEqual(expect.objectContaining({ field, code }));
  });

  it('refuses more candidates than can be compared', async () => {
    const { status, body } = await post<{ errors: { field: string; code: string }[] }>('siting', {
      technology: '4G',
      k: 1,
      template: { antennaHeightM: 30 },
      candidates: Array.from({ length: 20_001 }, () => [105.45, 9.75]),
    });
    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field: 'candidates', code: 'arrayMaxSize' }]);
  });

  it('refuses a million candidates by their size', async () => {
    const { status } = await post('siting', {
      candidates: new Array<number[]>(1_000_000).fill([105.45, 9.75]),
    });
    expect(status).toBe(413);
  });

  it('knows of no run that is not there', async () => {
    run = '0b9f8a52-2c8e-4a52-9f0a-6f1f3f1f2d11';
    expect((await post('what-if', { put: [NEW_SITE] })).status).toBe(404);
    expect((await ask('GET', `/runs/${run}/criticality`)).status).toBe(404);
  });
});
