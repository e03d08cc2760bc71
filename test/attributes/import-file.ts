import type { ImportDto } from '../../src/modules/exchange/imports.dto.js';
import type { RegisterApi } from '../sites/api-client.js';
import { until } from '../support/until.js';

/** Applies a file of a resource and waits for the end of its import. */
export async function importFile(api: RegisterApi, resource: string, csv: string): Promise<ImportDto> {
  const form = new FormData();
  for (const [name, value] of Object.entries({ source: 'test', mode: 'apply', resource }))
    form.set(name, value);
  form.set('file', new Blob([csv]), `${resource}.csv`);
  const answer = await fetch(`${api.app.url}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.app.adminToken}` },
    body: form,
  });
  const { id } = (await answer.json()) as ImportDto;
  let run: ImportDto | undefined;
  await until(
    async () => {
      run = (await api.get<ImportDto>(`imports/${id}`)).body;
      return run.finishedAt !== null;
    },
    { what: 'the import ends' },
  );
  return run!;
}
