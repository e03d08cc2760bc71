import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import multipart from '@fastify/multipart';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { UnitOfWork } from '../../src/common/database/unit-of-work.js';
import { EventBus } from '../../src/common/events/event-bus.js';
import { ProblemFilter } from '../../src/common/http/problem.filter.js';
import { validationPipe } from '../../src/common/http/validation.js';
import { createLogger } from '../../src/common/logging/logger.js';
import { loadConfig } from '../../src/config/config.js';
import { MediaFileController } from '../../src/modules/media/media-file.controller.js';
import { MediaController } from '../../src/modules/media/media.controller.js';
import { MediaService } from '../../src/modules/media/index.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { toneWav } from './audio-files.js';

/** The two controllers alone, without the guard: who may do what is tested with the assembled application. */
@Module({ controllers: [MediaController, MediaFileController], providers: [] })
class MediaOnly {}

let database: TestDatabase;
let folder: string;
let app: NestFastifyApplication;
let server: http.Server;

beforeAll(async () => {
  database = await createTestDatabase();
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-media-'));
  const uow = new UnitOfWork(database.dataSource, new EventBus(() => undefined));
  const config = loadConfig({ MEDIA_DIR: folder, MEDIA_MAX_BYTES: '200000' });
  const media = new MediaService(uow, config);
  const module = { module: MediaOnly, providers: [{ provide: MediaService, useValue: media }] };
  app = await NestFactory.create<NestFastifyApplication>(module, new FastifyAdapter(), { logger: false });
  await app.register(multipart, {
    limits: { fileSize: config.mediaMaxBytes, files: 1, fields: 20 },
  });
  app.setGlobalPrefix('api/v1', { exclude: ['media/:sha256'] });
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(createLogger({ level: 'silent' })));
  await app.listen(0, '127.0.0.1');
  server = app.getHttpServer();
});
afterAll(async () => {
  await app?.close();
  await database?.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

const upload = () => request(server).post('/api/v1/media');
async function uploaded(bytes: Buffer): Promise<string> {
  const { body } = await upload().attach('file', bytes, 'thu.wav').expect(201);
  return (body as { sha256: string }).sha256;
}

describe('uploading', () => {
  it('answers 201, then 200 for the same bytes', async () => {
    const tone = toneWav(0.5, 440);
    const first = await upload().field('title', 'Thông báo').attach('file', tone, 'a.wav').expect(201);
    expect(first.body).toMatchObject({ title: 'Thông báo', durationS: 0.5, codec: 'wav', source: 'UPLOAD' });
    const second = await upload().attach('file', tone, 'b.mp3').expect(200);
    expect(second.body).toEqual(first.body);
    const info = await request(server).get(`/api/v1/media/${first.body.sha256}/info`).expect(200);
    expect(info.body).toEqual(first.body);
    const list = await request(server).get('/api/v1/media').expect(200);
    expect(list.body).toEqual({ items: [first.body], nextCursor: null });
  });

  it('takes the title after the file, or the name of the file', async () => {
    const late = await upload().attach('file', toneWav(0.3, 450), 'x.wav').field('title', 'Muộn').expect(201);
    expect(late.body.title).toBe('Muộn');
    const named = await upload().attach('file', toneWav(0.3, 460), 'Bản tin sáng.wav').expect(201);
    expect(named.body.title).toBe('Bản tin sáng');
  });

  it.each([
    ['a file above the limit', () => upload().attach('file', Buffer.alloc(200_001), 'x.wav'), 413],
    ['no audio', () => upload().attach('file', Buffer.from('hello'), 'x.wav'), 400],
    ['no file', () => upload().field('title', 'Không có tệp'), 400],
    [
      'an unknown field',
      () => upload().field('nonsense', '1').attach('file', toneWav(0.2, 470), 'x.wav'),
      400,
    ],
    [
      'two files',
      () => upload().attach('file', toneWav(0.2, 480), 'x.wav').attach('file', toneWav(0.2, 481), 'y.wav'),
      413,
    ],
    ['JSON', () => upload().send({ file: 'x' }), 415],
    ['a form without its boundary', () => upload().set('content-type', 'multipart/form-data').send('x'), 400],
  ])('refuses %s', async (_what, send, status) => {
    const answer = await send();
    expect(answer.status).toBe(status);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.body.detailVi).toEqual(expect.any(String));
    expect(fs.readdirSync(path.join(folder, 'incoming'))).toEqual([]);
  });
});

describe('fetching', () => {
  const tone = toneWav(1, 500);
  let url: string;
  let etag: string;
  beforeAll(async () => {
    const sha256 = await uploaded(tone);
    url = `/media/${sha256}`;
    etag = `"${sha256}"`;
  });

  it('gives the whole file, to be kept for ever', async () => {
    const answer = await request(server).get(url).responseType('blob').expect(200);
    expect((answer.body as Buffer).equals(tone)).toBe(true);
    expect(answer.headers).toMatchObject({
      etag,
      'content-type': 'audio/wav',
      'content-length': String(tone.length),
      'accept-ranges': 'bytes',
      'cache-control': 'private, max-age=31536000, immutable',
    });
  });

  it('gives the range that is asked for', async () => {
    const answer = await request(server)
      .get(url)
      .set('range', 'bytes=100-')
      .set('if-range', etag)
      .responseType('blob');
    expect(answer.status).toBe(206);
    expect(answer.headers['content-range']).toBe(`bytes 100-${tone.length - 1}/${tone.length}`);
    expect((answer.body as Buffer).equals(tone.subarray(100))).toBe(true);
    const few = await request(server).get(url).set('range', 'bytes=5-9').responseType('blob').expect(206);
    expect(few.headers['content-length']).toBe('5');
    expect((few.body as Buffer).equals(tone.subarray(5, 10))).toBe(true);
  });

  it('gives the whole file for a range of another file', async () => {
    await request(server).get(url).set('range', 'bytes=100-').set('if-range', '"other"').expect(200);
  });

  it('says 416 with the length for a range outside', async () => {
    const answer = await request(server).get(url).set('range', `bytes=${tone.length}-`).expect(416);
    expect(answer.headers['content-range']).toBe(`bytes */${tone.length}`);
    expect(answer.type).toBe('application/problem+json');
  });

  it('says 304 to who has it', async () => {
    await request(server).get(url).set('if-none-match', etag).expect(304);
  });

  it('answers HEAD with the headers alone', async () => {
    const answer = await request(server).head(url).expect(200);
    expect(answer.headers).toMatchObject({ etag, 'content-length': String(tone.length) });
  });

  it.each(['0'.repeat(64), 'nonsense', '..%2f..%2fetc%2fpasswd'])('says 404 to %s', async (sha256) => {
    const answer = await request(server).get(`/media/${sha256}`).expect(404);
    expect(answer.body.code).toBe('NOT_FOUND');
  });

  it('outlives a reader who goes away in the middle', async () => {
    await new Promise<void>((resolve, reject) => {
      const { port } = server.address() as { port: number };
      const call = http.get({ port, host: '127.0.0.1', path: url }, (answer) => {
        answer.once('data', () => {
          answer.destroy();
          resolve();
        });
      });
      call.once('error', reject);
    });
    await request(server).get(url).expect(200);
  });
});
