import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ADMIN_PASSWORD, signIn } from './app.js';
import { createEmptyDatabase } from './database.js';
import { freePort } from './free-port.js';
import { until } from './until.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SERVER_PASSWORD = 'password of the server on the broker';

/**
 * The program as it is shipped, in a process that can be killed: on the embedded database and broker, or on
 * `TEST_DATABASE_URL` and the Mosquitto at `TEST_MOSQUITTO`, with the configuration that docker-compose uses.
 */
export class TestServer {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-server-'));
  url = '';
  mqttUrl = '';
  token = '';
  private child: ChildProcess | undefined;
  private mosquitto: ChildProcess | undefined;
  private databaseUrl: string | undefined;
  private dropDatabase: (() => Promise<void>) | undefined;

  static async start(): Promise<TestServer> {
    const server = new TestServer();
    const [port, mqttPort] = [await freePort(), await freePort()];
    server.url = `http://127.0.0.1:${port}`;
    server.mqttUrl = `mqtt://127.0.0.1:${mqttPort}`;
    const empty = await createEmptyDatabase();
    server.databaseUrl = empty?.url;
    server.dropDatabase = empty?.drop;
    if (process.env.TEST_MOSQUITTO) server.startMosquitto(process.env.TEST_MOSQUITTO, mqttPort);
    await server.launch();
    return server;
  }

  /** Starts the program (again) and waits until it is ready. */
  async launch(): Promise<void> {
    const log = fs.openSync(path.join(this.folder, 'out.log'), 'a');
    const child = spawn(process.execPath, ['--enable-source-maps', path.join(ROOT, 'dist/src/main.js')], {
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TMPDIR: process.env.TMPDIR,
        ...this.environment(),
      },
      stdio: ['ignore', log, log],
    });
    fs.closeSync(log);
    this.child = child;
    await until(
      async () => {
        if (child.exitCode !== null)
          throw new Error(`the server ended with ${child.exitCode}:\n${this.output()}`);
        return (await fetch(`${this.url}/health/ready`).catch(() => undefined))?.ok ?? false;
      },
      { withinMs: 90_000, what: 'the server is ready' },
    );
    this.token = await signIn(this.url, 'admin', ADMIN_PASSWORD);
  }

  /** As a power cut would end it: no handler runs. */
  async killHard(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
    this.mosquitto?.kill('SIGTERM');
    await this.dropDatabase?.();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the program has written: its log and what it said. */
  output(): string {
    const files = ['out.log', 'data/phu-song.log'].map((file) => path.join(this.folder, file));
    return files.map((file) => (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '')).join('\n');
  }

  async api<T>(
    method: string,
    route: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<T> {
    const answer = await fetch(`${this.url}/api/v1/${route}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${route} answered ${answer.status}: ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  private environment(): Record<string, string> {
    return {
      HOST: '127.0.0.1',
      PORT: new URL(this.url).port,
      MQTT_PORT: new URL(this.mqttUrl).port,
      DATA_DIR: path.join(this.folder, 'data'),
      ADMIN_PASSWORD,
      DEMO: 'off',
      LOG_FILE: path.join(this.folder, 'data/phu-song.log'),
      LOG_LEVEL: 'debug',
      ...(this.databaseUrl ? { DATABASE_URL: this.databaseUrl } : {}),
      ...(this.mosquitto
        ? {
            MQTT_URL: this.mqttUrl,
            MQTT_USERNAME: 'server',
            MQTT_PASSWORD: SERVER_PASSWORD,
            MOSQUITTO_DIR: path.join(this.folder, 'access'),
          }
        : {}),
    };
  }

  /** With the shipped configuration and script; only the paths and the port are the test's. */
  private startMosquitto(binary: string, port: number): void {
    const conf = fs
      .readFileSync(path.join(ROOT, 'deploy/mosquitto.conf'), 'utf8')
      .replace('listener 1883', `listener ${port} 127.0.0.1\nuser ${os.userInfo().username}`)
      .replaceAll('/mosquitto/access', path.join(this.folder, 'access'))
      .replaceAll('/mosquitto/data/', `${this.folder}/`);
    const file = path.join(this.folder, 'mosquitto.conf');
    fs.writeFileSync(file, conf);
    const log = fs.openSync(path.join(this.folder, 'mosquitto.log'), 'a');
    this.mosquitto = spawn('sh', [path.join(ROOT, 'deploy/run-mosquitto.sh')], {
      env: {
        PATH: `${path.dirname(binary)}:${process.env.PATH}`,
        ACCESS_DIR: path.join(this.folder, 'access'),
        MOSQUITTO_CONF: file,
      },
      stdio: ['ignore', log, log],
    });
    fs.closeSync(log);
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
  }
}
