import type { FindingDto, ImportChangeDto, ImportDto } from '../../src/modules/exchange/imports.dto.js';
import type { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

/** The imports of an application, as a client sees them. */
export class ImportClient {
  constructor(
    private readonly app: TestApp,
    private readonly resource: string,
  ) {}

  call(method: string, path: string, body: FormData | string | null = null, token = this.app.adminToken) {
    return fetch(`${this.app.url}/api/v1/imports${path}`, {
      method,
      body,
      headers: {
        authorization: `Bearer ${token}`,
        ...(typeof body === 'string' ? { 'content-type': 'application/json' } : {}),
      },
    });
  }

  private async get<T>(path: string): Promise<T> {
    return (await this.call('GET', path)).json() as Promise<T>;
  }

  /** Sends a file and waits for the end of its import. */
  async send(
    file: string | Buffer,
    fields: Record<string, string> = {},
    token = this.app.adminToken,
  ): Promise<ImportDto> {
    const form = new FormData();
    for (const [name, value] of Object.entries({ resource: this.resource, ...fields })) form.set(name, value);
    form.set('file', new Blob([new Uint8Array(Buffer.from(file))]), 'file');
    const answer = await this.call('POST', '', form, token);
    const body = (await answer.json()) as ImportDto;
    expect({ status: answer.status, body }).toMatchObject({ status: 202 });
    let run = body;
    await until(
      async () => {
        run = await this.get<ImportDto>(`/${body.id}`);
        return run.finishedAt !== null;
      },
      { what: 'the import ends' },
    );
    return run;
  }

  async findings(id: string, severity = 'error'): Promise<FindingDto[]> {
    return (await this.get<{ items: FindingDto[] }>(`/${id}/report?severity=${severity}&limit=1000`)).items;
  }

  /** What was found, as `row CODE`. */
  async codes(id: string, severity = 'error'): Promise<string[]> {
    return (await this.findings(id, severity)).map(({ row, code }) => `${row} ${code}`);
  }

  async changes(id: string): Promise<ImportChangeDto[]> {
    return (await this.get<{ items: ImportChangeDto[] }>(`/${id}/changes?limit=1000`)).items;
  }

  async corrections(id: string): Promise<string[]> {
    const text = await (await this.call('GET', `/${id}/corrections.csv`)).text();
    return text.replace('\uFEFF', '').trimEnd().split('\r\n');
  }

  async undo(id: string): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await this.call('POST', `/${id}/undo`);
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
}

/** A table as CSV; what a row lacks is blank. */
export function csv(rows: readonly Record<string, string | number | null | undefined>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: string | number | null | undefined) =>
    `"${String(value ?? '').replaceAll('"', '""')}"`;
  return [names, ...rows.map((row) => names.map((name) => row[name]))]
    .map((line) => line.map(cell).join(','))
    .join('\n');
}
