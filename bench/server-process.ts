import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { DataSource } from 'typeorm';
import { leaves } from './leftovers.js';

const MAIN = fileURLToPath(new URL('../src/main.js', import.meta.url));
const SAMPLE_MS = 100;

/** The server as `npm start` runs it, on a database that is there already. Linux only: it is measured by /proc. */
export class ServerProcess {
  readonly stop = leaves(() => this.end());
  private token = '';

  private constructor(
    private readonly child: ChildProcess,
    private readonly url: string,
    private readonly log: string,
  ) {}

  static async start(databaseUrl: string, folder: string, password: string): Promise<ServerProcess> {
    const [port, mqttPort] = [await freePort(), await freePort()];
    const log = path.join(folder, 'server.log');
    const out = fs.openSync(log, 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', MAIN], {
      env: {
        PATH: process.env.PATH,
        HOST: '127.0.0.1',
        PORT: String(port),
        MQTT_PORT: String(mqttPort),
        DATA_DIR: folder,
        DATABASE_URL: databaseUrl,
        DEMO: 'off',
      },
      // A file, not a pipe: nobody need read it for the server to go on.
      stdio: ['ignore', out, out],
    });
    fs.closeSync(out);
    const server = new ServerProcess(child, `http://127.0.0.1:${port}`, log);
    await server.until('the server is ready', 90_000, async () =>
      (await fetch(`${server.url}/health/ready`).catch(() => undefined))?.ok ? true : undefined,
    );
    const signIn = await server.ask('POST', 'auth/login', { username: 'admin', password });
    server.token = ((await signIn.json()) as { accessToken: string }).accessToken;
    return server;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async ask(method: 'GET' | 'POST', route: string, body?: FormData | object): Promise<Response> {
    const isForm = body instanceof FormData;
    const answer = await fetch(`${this.url}/api/v1/${route}`, {
      method,
      ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
      headers: {
        ...(this.token === '' ? {} : { authorization: `Bearer ${this.token}` }),
        ...(body && !isForm ? { 'content-type': 'application/json' } : {}),
      },
    });
    if (!answer.ok) throw new Error(`${method} ${route} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }

  /** Asks again and again until there is an answer. */
  async until<T>(what: string, withinMs: number, ask: () => Promise<T | undefined>): Promise<T> {
    const deadline = Date.now() + withinMs;
    for (;;) {
      if (this.child.exitCode !== null || Date.now() > deadline)
        throw new Error(`not within ${withinMs / 1000} s: ${what}\n${fs.readFileSync(this.log, 'utf8')}`);
      const found = await ask();
      if (found !== undefined) return found;
      await pause(SAMPLE_MS);
    }
  }

  private async end(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill('SIGTERM');
    const hard = setTimeout(() => this.child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(hard);
  }
}

export interface Cost {
  wallS: number;
  /** Processor time; the server and its database take turns for most of it. */
  serverS: number;
  databaseS: number;
  /** Most memory the server held, beyond what it held at rest. */
  peakMb: number;
}

/** What some work costs the server and the processes of PostgreSQL that serve its database. */
export async function costOf(
  server: ServerProcess,
  dataSource: DataSource,
  work: () => Promise<void>,
  restMb: number,
): Promise<Cost> {
  const backends = new Map<number, { first: number; last: number }>();
  const sample = async (isFirst: boolean) => {
    const found = await dataSource.query<{ pid: number }[]>(
      `select pid from pg_stat_activity
        where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    for (const { pid } of found) {
      const last = processorS(pid);
      if (last === undefined) continue;
      // What a new one has used by now it has used for this.
      const { first } = backends.get(pid) ?? { first: isFirst ? last : 0 };
      backends.set(pid, { first, last });
    }
  };
  forgetPeak(server.pid);
  await sample(true);
  const [startedAt, startedS] = [performance.now(), processorS(server.pid) ?? Number.NaN];
  let isRunning = true;
  const sampling = (async () => {
    while (isRunning) {
      await pause(SAMPLE_MS * 5);
      await sample(false);
    }
  })();
  // Told of below, when the work has ended; until then it is nobody's to catch.
  sampling.catch(() => undefined);
  try {
    await work();
  } finally {
    isRunning = false;
  }
  const wallS = (performance.now() - startedAt) / 1000;
  await sampling;
  const serverS = (processorS(server.pid) ?? Number.NaN) - startedS;
  const databaseS = [...backends.values()].reduce((sum, { first, last }) => sum + last - first, 0);
  return { wallS, serverS, databaseS, peakMb: memoryMb(server.pid, 'VmHWM') - restMb };
}

export function memoryMb(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(new RegExp(`^${field}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) / 1024;
}

/** From now on VmHWM is the peak since now. */
function forgetPeak(pid: number): void {
  fs.writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

const TICKS_PER_S = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** Undefined: no such process (here). */
function processorS(pid: number): number | undefined {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S;
  } catch {
    return undefined;
  }
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  return port;
}
