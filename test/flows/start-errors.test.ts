import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../support/free-port.js';

const MAIN = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-start-'));
let taken: net.Server;
let takenPort: number;

beforeAll(async () => {
  taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  takenPort = (taken.address() as net.AddressInfo).port;
});
afterAll(() => {
  taken.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function start(env: Record<string, string>) {
  const { status, stderr } = spawnSync(process.execPath, [MAIN], {
    env: { PATH: process.env.PATH, DATA_DIR: path.join(folder, 'data'), DEMO: 'off', ...env },
    encoding: 'utf8',
    timeout: 50_000,
  });
  return { status, lines: stderr.trim().split('\n') };
}

test('what keeps the program from starting is one clear line, and exit code 1', async () => {
  const [port, mqttPort] = [String(await freePort()), String(await freePort())];
  const file = path.join(folder, 'a-file');
  fs.writeFileSync(file, '');
  const cases: [Record<string, string>, RegExp][] = [
    [{ PORT: String(takenPort), MQTT_PORT: mqttPort }, /^PORT: port \d+ on 127\.0\.0\.1 is taken/],
    [{ PORT: port, MQTT_PORT: String(takenPort) }, /^MQTT_PORT: port \d+ on 127\.0\.0\.1 is taken/],
    [
      { PORT: port, MQTT_PORT: mqttPort, DATA_DIR: '/proc/phu-song' },
      /^DATA_DIR: the folder .* cannot be made or written/,
    ],
    [
      { PORT: port, MQTT_PORT: mqttPort, DATA_DIR: path.join(file, 'data') },
      /^DATA_DIR: the folder .* cannot be made/,
    ],
    [
      {
        PORT: port,
        MQTT_PORT: mqttPort,
        DATABASE_URL: 'postgresql://a:b@127.0.0.1:1/x',
        LOG_FILE: path.join(folder, 'log'),
      },
      /^DATABASE_URL: the database x at 127\.0\.0\.1:1 cannot be used/,
    ],
    [{ PORT: 'abc' }, /^PORT: /],
    [{ ROLE: 'worker' }, /^ROLE: worker needs DATABASE_URL and MQTT_URL/],
  ];
  for (const [env, line] of cases) {
    const { status, lines } = start(env);
    expect([env, status, lines.length]).toEqual([env, 1, 1]);
    expect(lines[0]).toMatch(line);
  }
});
