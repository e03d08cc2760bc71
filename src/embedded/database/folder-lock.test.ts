import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beatLock, lockFolder, unlockFolder } from './folder-lock.js';

describe('lockFolder', () => {
  let folder = '';
  const path = (): string => join(folder, 'embedded.lock');
  const edit = (change: Record<string, unknown>): void => {
    writeFileSync(path(), JSON.stringify({ ...JSON.parse(readFileSync(path(), 'utf8')), ...change }));
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'phusong-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('one holder at a time, free again when unlocked', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'LOCKED',
      message: `data folder ${folder} is in use by process ${process.pid}`,
    });
    unlockFolder(lock);
    expect(readdirSync(folder)).toEqual([]);
    unlockFolder(await lockFolder(folder));
  });

  test('of many at once exactly one gets it, also over a dead owner', async () => {
    await lockFolder(folder);
    edit({ pid: 2 ** 30 });
    const tries = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    expect(tries.filter((attempt) => attempt.status === 'fulfilled')).toHaveLength(1);
    expect(readdirSync(folder)).toEqual(['embedded.lock']);
  });

  test('a dead process and a reused process number do not hold it', async () => {
    await lockFolder(folder);
    edit({ pid: 2 ** 30 });
    await lockFolder(folder);
    edit({ startTicks: '1' });
    await lockFolder(folder);
    writeFileSync(path(), '{"pid":');
    await lockFolder(folder);
  });

  test('an owner elsewhere that gives a sign of life holds it', async () => {
    await lockFolder(folder);
    edit({ place: 'another container', pid: 7 });
    let tick = 0;
    const beat = setInterval(() => utimesSync(path(), ++tick, tick), 20);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      code: 'LOCKED',
      message: expect.stringContaining('in use by process 7 on another host or container'),
    });
    clearInterval(beat);
  });

  test('an owner elsewhere without a sign of life loses it, and notices', async () => {
    const lost = await lockFolder(folder);
    edit({ place: 'another container' });
    await lockFolder(folder, 200);
    expect(beatLock(lost)).toBe(false);
    unlockFolder(lost);
    expect(existsSync(path())).toBe(true);
  });
});
