import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { AreasWriter } from '../../src/modules/areas/index.js';
import { HamletsWriter } from '../../src/modules/hamlets/index.js';
import { OperatorsService, SitesWriter } from '../../src/modules/sites/index.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { until } from '../support/until.js';
import { AREAS, AREAS_SINCE, DATE, OPERATORS, SITES } from './fixtures.js';

const HAMLETS = [
  { code: 'h1', name: 'Ấp gần', kind: 'ap' as const, lon: 105.452, lat: 9.752, signal: 'none' as const },
  { code: 'h2', name: '=Ấp xa', kind: 'ap' as const, lon: 105.41, lat: 9.89, households: 80 },
  { code: 'h3', name: 'Ấp ngoài', kind: 'ap' as const, lon: 105.41, lat: 9.88 },
];

/** An application with the small province, hamlets and a site with fibre, and a finished run of it. */
export class AnswersWorld {
  /** At resolution 8, outdoors at 90 %. */
  run = '';

  private constructor(private readonly app: TestApp) {}

  static async open(): Promise<AnswersWorld> {
    const app = await createTestApp();
    await app.app.get(AreasWriter).importAreas([...AREAS, ...AREAS_SINCE]);
    await app.app.get(OperatorsService).importOperators(OPERATORS);
    await app.app.get(SitesWriter).importSites(SITES, { date: DATE });
    await app.app
      .get(SitesWriter)
      .importSites(
        [{ code: 'F1', name: 'Trạm quang', lon: 105.42, lat: 9.72, backhaul: 'fibre', cells: [] }],
        { date: DATE },
      );
    await app.app.get(HamletsWriter).importHamlets(HAMLETS);
    const { reader } = app.app.get(UnitOfWork);
    // Outside of all communes no hamlet can be entered; one may lie there after a reform of units.
    await reader.query(
      `update hamlets set position = st_setsrid(st_makepoint(106.9, 9.9), 4326) where code = 'h3'`,
    );
    await reader.query(
      `insert into fibre_coverage (area_id, operator_code, quarter, households, passed, connected)
       select id, 'vnpt', '2025Q2', 100, 60, 10 from areas where code = 'c3' and valid_from = '2020-01-01'`,
    );
    const world = new AnswersWorld(app);
    world.run = await world.reckon({ boundaryDate: DATE, networkDate: DATE, resolution: 8 });
    return world;
  }

  async stop(): Promise<void> {
    await this.app.stop();
  }

  async ask(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const answer = await fetch(`${this.app.url}/api/v1/coverage/runs${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.app.adminToken}`,
        ...headers,
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      body: body && JSON.stringify(body),
    });
    return {
      status: answer.status,
      type: answer.headers.get('content-type') ?? '',
      headers: answer.headers,
      bytes: Buffer.from(await answer.arrayBuffer()),
    };
  }

  async get<T>(path: string): Promise<T> {
    const { status, bytes } = await this.ask('GET', path);
    if (status !== 200) throw new Error(`${path}: ${status} ${bytes.toString()}`);
    return JSON.parse(bytes.toString()) as T;
  }

  /** The id of a run that has ended. */
  async reckon(question: object, path = ''): Promise<string> {
    const defaults = { resolution: 7, environments: ['outdoor'], probabilities: [0.9] };
    const { status, bytes } = await this.ask(
      'POST',
      path,
      path === '' ? { ...defaults, ...question } : question,
    );
    if (status !== 202) throw new Error(`${status} ${bytes.toString()}`);
    const { id } = JSON.parse(bytes.toString()) as { id: string };
    await until(async () => (await this.get<{ finishedAt: string | null }>(`/${id}`)).finishedAt !== null, {
      what: 'the run ends',
    });
    return id;
  }

  /** Cells by whether anybody serves them, as the list of cells has it. Figures of units cut cells at the edge of coverage; this does not. */
  async wholeCells(id: string, view = 'technology=4G') {
    const { features } = await this.get<{
      features: { properties: { levelClass: string; operatorCount: number; population: number } }[];
    }>(`/${id}/cells?bbox=105,9.3,106,10.3&limit=5000&${view}`);
    const sum = (wanted: (cell: (typeof features)[0]['properties']) => boolean) => {
      const found = features.map(({ properties }) => properties).filter(wanted);
      return { cells: found.length, population: found.reduce((total, cell) => total + cell.population, 0) };
    };
    return {
      none: sum(({ levelClass }) => levelClass === 'none'),
      byOne: sum(({ operatorCount }) => operatorCount === 1),
      byTwo: sum(({ operatorCount }) => operatorCount === 2),
    };
  }
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
  provenance: { runId: string; thresholds: Record<string, { sufficientDbm: number }> };
}
