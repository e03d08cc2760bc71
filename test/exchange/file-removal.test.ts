import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus } from '../../src/common/events/event-bus.js';
import type { JobRunner } from '../../src/common/jobs/job-runner.js';
import type { Config } from '../../src/config/config.js';
import { FileRemoval, KEPT_DAYS } from '../../src/modules/exchange/file-removal.job.js';
import { ImportFiles } from '../../src/modules/exchange/import-files.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

const DAY_MS = 86_400_000;
const NOW = new Date();
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-removal-'));
const files = new ImportFiles({ mediaDir: folder } as Config);

let database: TestDatabase;
let removal: FileRemoval;
beforeAll(async () => {
  database = await createTestDatabase();
  const uow = new UnitOfWork(database.dataSource, new EventBus(() => undefined));
  removal = new FileRemoval(uow, {} as JobRunner, files);
});
afterAll(async () => {
  await database?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function imported(state: string, endedDaysAgo: number | null): Promise<string> {
  const id = randomUUID();
  await files.receive(id, Readable.from(['a,b']));
  await database.dataSource.query(
    `insert into imports (id, resource, source_name, file_name, file_bytes, mode, on_errors, mapping, actor, state, finished_at)
     values ($1, 'sites', 's', 'f', 3, 'apply', 'refuse', '{}', '{}', $2, $3)`,
    [id, state, endedDaysAgo === null ? null : new Date(NOW.getTime() - endedDaysAgo * DAY_MS)],
  );
  return id;
}

it('removes files that cannot be run again, and no others', async () => {
  const kept = [
    await imported('queued', null),
    await imported('checking', null),
    await imported('applying', null),
    await imported('checked', KEPT_DAYS - 1),
    await imported('failed', KEPT_DAYS - 1),
  ];
  const gone = [
    await imported('applied', 0),
    await imported('undone', 0),
    await imported('checked', KEPT_DAYS + 1),
    await imported('refused', KEPT_DAYS + 1),
    await imported('cancelled', KEPT_DAYS + 1),
    await imported('failed', KEPT_DAYS + 1),
  ];
  const coming = randomUUID();
  await files.receive(coming, Readable.from(['a,b']));
  const orphan = randomUUID();
  await files.receive(orphan, Readable.from(['a,b']));
  const long = new Date(NOW.getTime() - 2 * DAY_MS);
  fs.utimesSync(files.pathOf(orphan), long, long);

  expect(await removal.run(NOW)).toBe(gone.length + 1);
  expect(fs.readdirSync(path.join(folder, 'imports')).sort()).toEqual([...kept, coming].sort());
  expect([await files.has(kept[0] ?? ''), await files.has(gone[0] ?? '')]).toEqual([true, false]);
  expect(await removal.run(NOW)).toBe(0);
});
