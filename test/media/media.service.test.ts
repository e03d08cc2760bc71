import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus, RESOURCE_CHANGED, type ResourceChange } from '../../src/common/events/event-bus.js';
import { Problem } from '../../src/common/http/problem.js';
import { loadConfig } from '../../src/config/config.js';
import { makeChime, MediaService } from '../../src/modules/media/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { manyChannelsWav, notReallyMp3, toneWav } from './audio-files.js';

const MAX_BYTES = 3_000_000;

let database: TestDatabase;
let folder: string;
let media: MediaService;
let changes: ResourceChange[];

beforeAll(async () => {
  database = await createTestDatabase();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-media-'));
  const events = new EventBus((error) => {
    throw error;
  });
  events.inTransaction(RESOURCE_CHANGED, async (payloads) => void changes.push(...payloads));
  const config = loadConfig({ MEDIA_DIR: folder, MEDIA_MAX_BYTES: String(MAX_BYTES) });
  media = new MediaService(new UnitOfWork(database.dataSource, events), config);
});
afterAll(async () => {
  await database?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  await database.dataSource.query('delete from media_assets');
  fs.rmSync(folder, { recursive: true, force: true });
  changes = [];
});

const ABOUT = { title: 'Thử loa', source: 'UPLOAD' as const };
const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
const filesIn = () =>
  fs.existsSync(folder)
    ? fs
        .readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    : [];
async function faultOf(bytes: Buffer | Readable): Promise<string> {
  const problem: unknown = await media.store(bytes, ABOUT).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (!(problem instanceof Problem)) throw new Error('a problem was expected', { cause: problem });
  for (const { message, messageVi } of problem.errors ?? []) expect(messageVi).not.toBe(message);
  return problem.errors?.[0]?.code ?? problem.code;
}

describe('storing audio', () => {
  it('keeps it by the hash of its bytes, with what decoding says of it', async () => {
    const chime = makeChime();
    const asset = await media.store(Readable.from([chime.subarray(0, 1000), chime.subarray(1000)]), {
      title: '  Nhạc hiệu ',
      source: 'SYNTHESISED',
    });
    const sha256 = sha256Of(chime);
    expect(asset).toMatchObject({
      sha256,
      title: 'Nhạc hiệu',
      bytes: chime.length,
      durationS: 3,
      codec: 'wav',
      contentType: 'audio/wav',
      sampleRateHz: 16_000,
      channels: 1,
      source: 'SYNTHESISED',
      createdBy: 'system',
    });
    expect(filesIn()).toEqual([path.join(sha256.slice(0, 2), sha256)]);
    expect(fs.readFileSync(path.join(folder, filesIn()[0]!)).equals(chime)).toBe(true);
    expect(await media.get(sha256)).toMatchObject({ title: 'Nhạc hiệu', durationS: 3 });
    expect(changes).toMatchObject([{ resource: 'media', id: sha256, action: 'create', before: null }]);
  });

  it('gives the same asset for the same bytes, also when they come at the same time', async () => {
    const tone = toneWav(1, 440);
    const results = await Promise.all(
      ['A', 'B', 'C'].map((title) => media.take(tone, { title, source: 'UPLOAD' })),
    );
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(results.map(({ asset }) => asset.title)).size).toBe(1);
    expect(changes).toHaveLength(1);
    expect(filesIn()).toHaveLength(1);
  });

  it('puts back a file that has gone from the folder', async () => {
    const tone = toneWav(1, 550);
    await media.store(tone, ABOUT);
    fs.rmSync(path.join(folder, filesIn()[0]!));
    expect(await media.take(tone, ABOUT)).toMatchObject({ created: false });
    expect(filesIn()).toHaveLength(1);
  });

  it.each([
    ['a text', Buffer.from('This is no audio, whatever its name says.'), 'UNDECODABLE'],
    ['nothing', Buffer.alloc(0), 'UNDECODABLE'],
    ['noise that begins like MP3', notReallyMp3(), 'UNDECODABLE'],
    ['a WAV without a sample', toneWav(0, 440), 'EMPTY'],
    ['silence', toneWav(1, 440, 0), 'SILENT'],
    ['what nobody can hear', toneWav(1, 440, 0.0005), 'SILENT'],
    ['a file that asks for gigabytes', manyChannelsWav(), 'TOO_COMPLEX'],
    ['more bytes than are allowed', Buffer.alloc(MAX_BYTES + 1), 'TOO_LARGE'],
  ])('refuses %s', async (_what, bytes, code) => {
    expect(await faultOf(bytes)).toBe(code);
    expect(filesIn()).toEqual([]);
    expect(changes).toEqual([]);
  });

  it('leaves nothing of an upload that breaks off', async () => {
    const broken = Readable.from(
      (function* () {
        yield toneWav(1, 440).subarray(0, 5000);
        throw new Error('the connection is gone');
      })(),
    );
    await expect(media.store(broken, ABOUT)).rejects.toThrow('the connection is gone');
    expect(filesIn()).toEqual([]);
  });

  it('removes what a crash left behind, and only that', async () => {
    const incoming = path.join(folder, 'incoming');
    fs.mkdirSync(incoming, { recursive: true });
    fs.writeFileSync(path.join(incoming, 'old.part'), 'x');
    fs.writeFileSync(path.join(incoming, 'new.part'), 'x');
    const longAgo = new Date(Date.now() - 25 * 3600 * 1000);
    fs.utimesSync(path.join(incoming, 'old.part'), longAgo, longAgo);
    expect(await media.removeAbandonedUploads()).toBe(1);
    expect(filesIn()).toEqual([path.join('incoming', 'new.part')]);
  });

  it('refuses a title that is none', async () => {
    for (const title of ['  ', 'x'.repeat(201), 'a\u0000b'])
      await expect(media.store(toneWav(0.2, 440), { title, source: 'UPLOAD' })).rejects.toMatchObject({
        status: 400,
      });
    expect(filesIn()).toEqual([]);
  });

  it('lists the newest first, page by page', async () => {
    for (const frequencyHz of [300, 400, 500, 600, 700])
      await media.store(toneWav(0.2, frequencyHz), { title: `${frequencyHz} Hz`, source: 'UPLOAD' });
    const titles: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await media.list(2, cursor);
      titles.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(titles).toEqual(['700 Hz', '600 Hz', '500 Hz', '400 Hz', '300 Hz']);
    await expect(media.list(2, 'bm90IG91cnM')).rejects.toMatchObject({ status: 400 });
  });
});
