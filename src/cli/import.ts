/**
 * `npm run import -- --resource sites file.csv`: sends a file to a running server, shows how far it is, and prints what was
 * found. Ctrl-C cancels. Ends with 1 when the file has errors, 2 when it could not be read or sent.
 */
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ConsoleProgress } from '../console/progress.js';
import { textTable } from '../console/table.js';

const USAGE = `npm run import -- --resource sites [options] <file>
  --resource <name>      areas, hamlets, sites, cells, fibre, clusters or loudspeakers
  --server <url>         default http://127.0.0.1:3000
  --api-key <key>        default: the environment's PHU_SONG_API_KEY
  --apply                write what is right; without it the file is only checked
  --valid-rows           with --apply: leave rows with errors out instead of refusing the file
  --source <name>        who the file is from; its column mapping is remembered under this name
  --mapping <file.json>  from column names to fields
  --sheet <name>         of an XLSX
  --corrections <file>   where the rows with errors are written, with why`;

const SHOWN_OF_A_CODE = 5;

interface Run {
  id: string;
  state: string;
  progress: number;
  progressNote: string | null;
  finishedAt: string | null;
  error: { code: string; message: string; messageVi: string } | null;
  counts: {
    rows: number;
    badRows: number;
    created: number;
    updated: number;
    unchanged: number;
    findings: { group: string; severity: string; code: string; count: number }[];
  } | null;
}
interface Found {
  row: number | null;
  column: string | null;
  value: string | null;
  message: string;
  messageVi: string;
}

/** Ends with the usage when it is asked for, or when the words are off. */
function given() {
  try {
    const { values, positionals } = readArguments();
    if (!values.help) return { options: values, positionals };
    process.stdout.write(`${USAGE}\n`);
    process.exit(0);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${USAGE}\n`);
    process.exit(2);
  }
}

const readArguments = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      help: { type: 'boolean', default: false },
      resource: { type: 'string' },
      server: { type: 'string', default: 'http://127.0.0.1:3000' },
      'api-key': { type: 'string' },
      apply: { type: 'boolean', default: false },
      'valid-rows': { type: 'boolean', default: false },
      source: { type: 'string' },
      mapping: { type: 'string' },
      sheet: { type: 'string' },
      corrections: { type: 'string' },
    },
  });
const { options, positionals } = given();
const progress = new ConsoleProgress();
const apiKey = options['api-key'] ?? process.env.PHU_SONG_API_KEY;
const [file] = positionals;

async function call(method: string, where: string, body?: FormData): Promise<Response> {
  const answer = await fetch(`${options.server}/api/v1/imports${where}`, {
    method,
    headers: { 'x-api-key': apiKey ?? '' },
    ...(body ? { body } : {}),
  });
  if (answer.ok) return answer;
  const problem = (await answer.json().catch(() => ({}))) as {
    detail?: string;
    detailVi?: string;
    errors?: { message: string }[];
  };
  const more = (problem.errors ?? []).map(({ message }) => `\n  ${message}`).join('');
  throw new Error(`${answer.status} ${problem.detail ?? ''}\n${problem.detailVi ?? ''}${more}`);
}

async function send(resource: string, name: string): Promise<Run> {
  const form = new FormData();
  form.set('resource', resource);
  form.set('mode', options.apply ? 'apply' : 'dry-run');
  form.set('onErrors', options['valid-rows'] ? 'valid-rows' : 'refuse');
  if (options.source) form.set('source', options.source);
  if (options.sheet) form.set('sheet', options.sheet);
  if (options.mapping) form.set('mapping', fs.readFileSync(options.mapping, 'utf8'));
  form.set('file', await fs.openAsBlob(name), path.basename(name));
  progress.doing(`sending ${name}`);
  return (await (await call('POST', '', form)).json()) as Run;
}

async function ended(started: Run): Promise<Run> {
  let run = started;
  process.once('SIGINT', () => void call('POST', `/${run.id}/cancel`).catch(() => undefined));
  while (run.finishedAt === null) {
    progress.doing(`${run.state}: ${run.progressNote ?? ''}`);
    await pause(300);
    run = (await (await call('GET', `/${run.id}`)).json()) as Run;
  }
  return run;
}

/** By group, each code with its first few places. */
async function report({ id, counts }: Run): Promise<void> {
  if (!counts) return;
  for (const group of ['conformance', 'quality', 'information']) {
    const codes = counts.findings.filter((found) => found.group === group);
    if (codes.length === 0) continue;
    progress.say(`\n${group.toUpperCase()}`);
    for (const { severity, code, count } of codes) {
      progress.say(`  ${severity} ${code}: ${count}`);
      const query = `severity=${severity}&code=${code}&limit=${SHOWN_OF_A_CODE}`;
      const page = (await (await call('GET', `/${id}/report?${query}`)).json()) as { items: Found[] };
      for (const { row, column, message, messageVi } of page.items) {
        const at = [row === null ? '' : `row ${row}`, column ?? ''].filter((part) => part !== '').join(', ');
        progress.say(`    ${at === '' ? '' : `${at}: `}${message} / ${messageVi}`);
      }
      if (count > page.items.length) progress.say(`    … and ${count - page.items.length} more`);
    }
  }
}

async function main(): Promise<number> {
  if (!options.resource || !file || !apiKey) {
    progress.say(USAGE);
    return 2;
  }
  const run = await ended(await send(options.resource, file));
  progress.done(`${file}: ${run.state} (import ${run.id})`);
  if (run.error) progress.say(`${run.error.message}\n${run.error.messageVi}`);
  await report(run);
  const { counts } = run;
  if (counts) {
    const figures = [counts.rows, counts.badRows, counts.created, counts.updated, counts.unchanged].map(
      String,
    );
    progress.say(
      `\n${textTable(['', 'rows', 'with errors', 'new', 'changed', 'as stored'], [[run.state, ...figures]])}`,
    );
  }
  if (options.corrections && counts && counts.badRows > 0) {
    fs.writeFileSync(options.corrections, await (await call('GET', `/${run.id}/corrections.csv`)).text());
    progress.say(`The rows with errors are in ${options.corrections}.`);
  }
  if (run.state === 'failed' || run.state === 'cancelled') return 2;
  const hasErrors = counts?.findings.some(({ severity }) => severity === 'error') ?? false;
  return hasErrors ? 1 : 0;
}

process.exitCode = await main().catch((error: unknown) => {
  progress.say(error instanceof Error ? error.message : String(error));
  return 2;
});
