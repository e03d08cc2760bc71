import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestServer } from './server.js';

/** Administrative units, loudspeaker clusters and their credentials, made over HTTP like anybody would. */
export async function registerClusters(server: TestServer, count: number): Promise<Map<string, string>> {
  const square = (x: number) => ({
    type: 'Polygon',
    coordinates: [
      [
        [105.4 + x, 9.7],
        [105.5 + x, 9.7],
        [105.5 + x, 9.8],
        [105.4 + x, 9.8],
        [105.4 + x, 9.7],
      ],
    ],
  });
  const unit = (body: object) =>
    server.api('POST', 'areas', { validFrom: '2020-01-01', validTo: null, ...body });
  await unit({ code: '93', kind: 'province', type: 'Tỉnh', name: 'Thử', parentCode: null });
  await unit({ code: '930', kind: 'district', type: 'Huyện', name: 'Thử', parentCode: '93' });
  const communes = ['31318', '31321'];
  const areaIds: string[] = [];
  for (const [i, code] of communes.entries()) {
    const made = await unit({
      code,
      kind: 'commune',
      type: 'Xã',
      name: `Số ${i + 1}`,
      parentCode: '930',
      population: 5000,
      households: 1400,
      boundary: square(i * 0.1),
    });
    areaIds.push((made as { id: string }).id);
  }
  const secrets = new Map<string, string>();
  for (let i = 0; i < count; i += 1) {
    const at = i % communes.length;
    const id = `hgi-${communes[at]}-${String(i + 1).padStart(2, '0')}`;
    await server.api('POST', 'clusters', {
      id,
      name: `Cụm loa ${i + 1}`,
      lon: 105.45 + at * 0.1,
      lat: 9.75,
      areaId: areaIds[at],
      horns: [{ powerW: 30, azimuthDeg: 0 }],
      // Whatever the hour at which the tests run, an announcement may sound.
      quietHours: [],
    });
    const { secret } = await server.api<{ secret: string }>('POST', `clusters/${id}/credential`);
    secrets.set(id, secret);
  }
  return secrets;
}

/** The reference controllers in a process of their own, with their records kept in a folder. */
export class TestClusters {
  readonly state: string;
  private child: ChildProcess | undefined;

  constructor(
    private readonly server: TestServer,
    private readonly secrets: ReadonlyMap<string, string>,
  ) {
    this.state = path.join(server.folder, 'clusters');
  }

  start(): void {
    const credentials = path.join(this.server.folder, 'credentials.json');
    fs.writeFileSync(credentials, JSON.stringify([...this.secrets].map(([id, secret]) => ({ id, secret }))));
    const log = fs.openSync(path.join(this.server.folder, 'clusters.log'), 'a');
    const program = fileURLToPath(new URL('../../dist/agent/simulate.js', import.meta.url));
    const { url, mqttUrl } = this.server;
    const flags = ['--credentials', credentials, '--server', url, '--mqtt', mqttUrl, '--state', this.state];
    this.child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', log, log] });
    fs.closeSync(log);
  }

  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.child;
    this.child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill(signal);
    await ended;
  }
}
