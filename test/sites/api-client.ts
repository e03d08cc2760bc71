import { AreasWriter } from '../../src/modules/areas/index.js';
import { OperatorsService, SitesWriter, type SiteInput } from '../../src/modules/sites/index.js';
import { AREAS } from '../areas/fixtures.js';
import { createTestApp, type TestApp } from '../support/app.js';
import { OPERATORS } from './fixtures.js';

export interface Answer<B> {
  status: number;
  body: B;
}

export interface RegisterApi {
  app: TestApp;
  /** Calls as the administrator, or with another token. */
  call<B = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
  ): Promise<Answer<B>>;
  get<B = Record<string, unknown>>(path: string): Promise<Answer<B>>;
}

/** The application with the areas and operators of the fixtures, and these sites. */
export async function openRegisterApi(sites: readonly SiteInput[]): Promise<RegisterApi> {
  const app = await createTestApp();
  await app.app.get(AreasWriter).importAreas(AREAS);
  await app.app.get(OperatorsService).importOperators(OPERATORS);
  await app.app.get(SitesWriter).importSites(sites, { date: '2025-06-30' });
  async function call<B>(method: string, path: string, body?: unknown, token = app.adminToken) {
    const answer = await fetch(`${app.url}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as B };
  }
  return { app, call, get: (path) => call('GET', path) };
}
