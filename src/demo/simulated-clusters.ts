import { type ChildProcess, fork } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SimulationSettings {
  folder: string;
  credentials: ReadonlyMap<string, string>;
  serverUrl: string;
  mqttUrl: string;
}

const STOP_WITHIN_MS = 10_000;

/**
 * The reference controllers of all clusters in a process of their own. It is given addresses and credentials and
 * nothing else: whatever it knows it learns over MQTT and HTTP, like a device.
 */
export class SimulatedClusters {
  private child: ChildProcess | undefined;

  constructor(private readonly settings: SimulationSettings) {}

  /** Resolves with the number of connected clusters once all are; rejects if the process ends or `withinMs` passes. */
  async start(withinMs: number): Promise<number> {
    const { folder, credentials, serverUrl, mqttUrl } = this.settings;
    fs.mkdirSync(folder, { recursive: true });
    const file = credentialsFile(folder);
    fs.writeFileSync(file, JSON.stringify([...credentials].map(([id, secret]) => ({ id, secret }))), {
      mode: 0o600,
    });
    const log = fs.openSync(path.join(folder, 'simulator.log'), 'a');
    const child = fork(
      program(),
      [
        '--credentials',
        file,
        '--server',
        serverUrl,
        '--mqtt',
        mqttUrl,
        '--state',
        path.join(folder, 'clusters'),
      ],
      { stdio: ['ignore', log, log, 'ipc'], execArgv: [] },
    );
    fs.closeSync(log);
    this.child = child;
    return new Promise<number>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('the simulated clusters did not all connect in time')),
        withinMs,
      );
      child.on('message', (message: { type?: string; connected?: number }) => {
        if (message.type === 'ready') resolve(message.connected ?? 0);
      });
      child.once('exit', (code) => reject(new Error(`the simulated clusters ended with code ${code}`)));
      child.once('error', reject);
      child.once('exit', () => clearTimeout(timer));
    });
  }

  async stop(): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
      setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS).unref();
    });
  }
}

/** The secrets of the last start: the clusters go on as the same devices. */
export function storedCredentials(folder: string): Map<string, string> | undefined {
  try {
    const rows = JSON.parse(fs.readFileSync(credentialsFile(folder), 'utf8')) as {
      id: string;
      secret: string;
    }[];
    return new Map(rows.map(({ id, secret }) => [id, secret]));
  } catch {
    return undefined;
  }
}

function credentialsFile(folder: string): string {
  return path.join(folder, 'credentials.json');
}

/** The compiled program, also when this file runs from its source under jest. */
function program(): string {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  return path.join(path.basename(root) === 'dist' ? root : path.join(root, 'dist'), 'agent/simulate.js');
}
