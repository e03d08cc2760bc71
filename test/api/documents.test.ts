import fs from 'node:fs';
import { createTestApp, type TestApp } from '../support/app.js';

interface Answer {
  content?: Record<
    string,
    { example?: unknown; examples?: unknown; schema?: { $ref?: string; items?: { $ref?: string } } }
  >;
}
interface Operation {
  summary?: string;
  'x-permission'?: string;
  'x-public'?: boolean;
  parameters?: { in: string }[];
  requestBody?: unknown;
  responses: Record<string, Answer>;
}
interface OpenApi {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { properties?: Record<string, { example?: unknown }> }> };
}

let app: TestApp;
let openApi: OpenApi;
let operations: [string, Operation][];
beforeAll(async () => {
  app = await createTestApp();
  openApi = (await (await fetch(`${app.url}/api/v1/openapi.json`)).json()) as OpenApi;
  operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => [
      `${method} ${path}`,
      operation,
    ]),
  );
});
afterAll(() => app.stop());

const committed = (file: string) =>
  JSON.parse(fs.readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8')) as unknown;

test('docs/openapi.json is what the application serves (npm run openapi writes it)', () => {
  expect(openApi).toEqual(committed('openapi.json'));
});

test('docs/asyncapi.json is what the application serves (npm run openapi writes it)', async () => {
  const served = await (await fetch(`${app.url}/api/v1/asyncapi.json`)).json();
  expect(served).toEqual(committed('asyncapi.json'));
});

test('every operation has a sentence, an example of its answer, and its errors as problem+json', () => {
  const lacking: string[] = [];
  for (const [name, operation] of operations) {
    if (!operation.summary) lacking.push(`${name}: no summary`);
    const answers = Object.entries(operation.responses);
    const good = answers.filter(([status]) => status.startsWith('2'));
    if (good.length === 0) lacking.push(`${name}: no success answer`);
    for (const [status, answer] of good)
      if (status !== '204' && !name.startsWith('head ') && !hasExample(answer))
        lacking.push(`${name}: ${status} has no example`);
    const errors = answers.filter(([status]) => Number(status) >= 400);
    for (const [status, answer] of errors)
      if (!answer.content?.['application/problem+json']?.example)
        lacking.push(`${name}: ${status} is no problem+json with an example`);
    const expected = operation['x-permission'] ? ['401', '403'] : [];
    // A PUT makes what it names.
    if (name.includes('{') && !name.startsWith('put ')) expected.push('404');
    if (operation.requestBody || operation.parameters?.some((p) => p.in === 'query')) expected.push('400');
    for (const status of expected)
      if (!errors.some(([given]) => given === status)) lacking.push(`${name}: does not tell of ${status}`);
  }
  expect(lacking).toEqual([]);
});

/** An example of the whole, or of every property of the class it is. */
function hasExample(answer: Answer): boolean {
  return Object.values(answer.content ?? {}).some((content) => {
    if (content.example !== undefined || content.examples !== undefined) return true;
    const ref = content.schema?.$ref ?? content.schema?.items?.$ref;
    const schema = ref ? openApi.components.schemas[ref.split('/').pop()!] : undefined;
    return Object.values(schema?.properties ?? {}).some((property) => property.example !== undefined);
  });
}
