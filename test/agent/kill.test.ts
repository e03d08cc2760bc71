import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CLUSTER, command, SECRET, Stand, until } from './stand.js';

const ROOT = join(import.meta.dirname, '../..');

/** The programs themselves, compiled apart from dist/ so that the test does not depend on an earlier build. */
function compile(): string {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'agent-'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const swc = join(ROOT, 'node_modules/.bin/swc');
  const options = ['src/contract', 'agent', '-d', folder, '--config-file', '.swcrc', '-q'];
  const { status, stderr } = spawnSync(swc, options, { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return folder;
}

describe('the programs', () => {
  let programs = '';
  let stand: Stand;
  const children: ChildProcess[] = [];
  beforeAll(() => (programs = compile()));
  afterAll(() => rmSync(programs, { recursive: true, force: true }));
  beforeEach(async () => {
    stand = new Stand();
    await stand.start();
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await stand.stop();
    expect(stand.refused).toEqual([]);
  });

  const run = (program: 'main' | 'simulate', args: string[]): ChildProcess => {
    const child = fork(join(programs, 'agent', `${program}.js`), args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      env: { PATH: process.env['PATH'], AGENT_SECRET: SECRET },
    });
    children.push(child);
    return child;
  };
  const addresses = (): string[] => [
    '--server',
    `http://127.0.0.1:${stand.httpPort}`,
    '--mqtt',
    `mqtt://127.0.0.1:${stand.mqttPort}`,
  ];
  const born = (births: number): Promise<true> => until('born', () => stand.all('birth').length === births);
  const ended = (child: ChildProcess): Promise<number | string> =>
    new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code ?? -1)));

  it('as one cluster lives through kill -9 in the middle of a play, and plays nothing twice', async () => {
    await stand.publishDesired();
    const args = [...addresses(), '--id', CLUSTER, '--state', join(stand.folder, 'main')];
    const first = run('main', args);
    await born(1);
    const order = command({ type: 'play', play: stand.order(600, { playId: undefined }) });
    await stand.command(order);
    await until('started', () => stand.phases(order.id).includes('STARTED'));
    const killed = ended(first);
    first.kill('SIGKILL');
    expect(await killed).toBe('SIGKILL');

    const second = run('main', args);
    await born(2);
    await stand.command(order);
    await until('told', () => stand.phases(order.id).includes('FAILED RESTART'));
    const [{ playId } = { playId: '' }] = stand.all('log');
    await until('recorded', () => stand.kinds(playId).length === 2);
    expect(stand.kinds(playId)).toEqual(['started', 'interrupted']);
    const stopped = ended(second);
    second.kill('SIGTERM');
    expect(await stopped).toBe(0);
    expect(stand.last('state')?.online).toBe(false);
  });

  it('as many says when all are connected, and ends with its parent', async () => {
    const credentials = join(stand.folder, 'credentials.csv');
    const ids = Array.from({ length: 25 }, (_, index) => `31318-${index + 10}`);
    writeFileSync(credentials, ['id,secret', ...ids.map((id) => `${id},${SECRET}`)].join('\n'));
    const state = join(stand.folder, 'simulator');
    const options = ['--credentials', credentials, '--state', state, '--clusters', '20'];
    const child = run('simulate', [...addresses(), ...options]);
    const told = new Promise((resolve) => child.once('message', resolve));
    expect(await told).toEqual({ type: 'ready', connected: 20 });
    expect(stand.all('birth')).toHaveLength(20);
    const over = ended(child);
    child.disconnect();
    expect(await over).toBe(0);
    await until('all said goodbye', () => stand.all('state').filter(({ online }) => !online).length === 20);
  });

  it('refuse wrong arguments in one line, with exit code 1', () => {
    const result = spawnSync(process.execPath, [join(programs, 'agent/main.js'), '--id', 'X'], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect([result.status, result.stderr.trim().split('\n').length]).toEqual([1, 1]);
  });
});
