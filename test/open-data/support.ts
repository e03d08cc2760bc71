import { AreasWriter } from '../../src/modules/areas/index.js';
import { FibreService } from '../../src/modules/fibre/index.js';
import { OperatorsService, SitesWriter } from '../../src/modules/sites/index.js';
import { AREAS } from '../areas/fixtures.js';
import { OPERATORS, SITES } from '../sites/fixtures.js';
import { createTestApp, type TestApp } from '../support/app.js';

export interface GeoJsonFeature {
  id: string;
  geometry: { type: string; coordinates: unknown };
  properties: Record<string, unknown>;
}

/** The members of answers that the tests look into. */
export interface OgcBody {
  numberMatched: number;
  numberReturned: number;
  features: GeoJsonFeature[];
  links: { rel: string; href: string; type: string }[];
  collections: { id: string; extent?: unknown }[];
  conformsTo: string[];
  properties: Record<string, unknown>;
  id: string;
  errors?: { field: string; code: string; message: string; messageVi: string }[];
}

/** The application with the areas, sites and fibre of the fixtures, as a client of OGC API sees it. */
export class OgcWorld {
  private constructor(readonly t: TestApp) {}

  static async open(): Promise<OgcWorld> {
    const t = await createTestApp();
    await t.app.get(AreasWriter).importAreas(AREAS);
    await t.app.get(OperatorsService).importOperators(OPERATORS);
    await t.app.get(SitesWriter).importSites(SITES);
    await t.app.get(FibreService).importFibre([
      {
        communeCode: 'c1',
        operatorCode: 'viettel',
        quarter: '2025Q1',
        households: 280,
        passed: 100,
        connected: 40,
      },
      {
        communeCode: 'c1',
        operatorCode: 'viettel',
        quarter: '2025Q2',
        households: 280,
        passed: 200,
        connected: 90,
      },
      {
        communeCode: 'c1',
        operatorCode: 'vnpt',
        quarter: '2025Q2',
        households: 280,
        passed: 150,
        connected: 61,
      },
    ]);
    return new OgcWorld(t);
  }

  async fetch(path: string, headers: Record<string, string> = this.asAdmin): Promise<Response> {
    return fetch(path.startsWith('http') ? path : `${this.t.url}/api/v1/${path}`, { headers });
  }

  async get(path: string, headers?: Record<string, string>): Promise<{ status: number; body: OgcBody }> {
    const answer = await this.fetch(path, headers);
    return { status: answer.status, body: (await answer.json()) as OgcBody };
  }

  /** Ids of the features that a query of `items` gives. */
  async ids(collection: string, query: Record<string, string>): Promise<string[]> {
    const { status, body } = await this.get(
      `ogc/collections/${collection}/items?${new URLSearchParams(query).toString()}`,
    );
    if (status !== 200) throw new Error(JSON.stringify(body));
    return body.features.map(({ id }) => id);
  }

  async setPublic(collection: string, isPublic: boolean, token = this.t.adminToken): Promise<number> {
    const answer = await fetch(`${this.t.url}/api/v1/open-data/collections/${collection}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ public: isPublic }),
    });
    return answer.status;
  }

  get asAdmin(): Record<string, string> {
    return { authorization: `Bearer ${this.t.adminToken}` };
  }
}
