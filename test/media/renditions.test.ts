import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import decode from 'audio-decode';
import { MediaService, RenditionService, type RenditionItem } from '../../src/modules/media/index.js';
import { SpeechEngine } from '../../src/modules/media/speech/speech-engine.js';
import { createTestApp, signIn, type TestApp } from '../support/app.js';
import { toneWav } from './audio-files.js';
import { ebur128 } from './ebur128.js';

let test: TestApp;
let renditions: RenditionService;
let media: MediaService;

beforeAll(async () => {
  test = await createTestApp();
  renditions = test.app.get(RenditionService);
  media = test.app.get(MediaService);
});
afterAll(async () => test?.stop());

async function call(method: string, route: string, body?: object, token = test.adminToken) {
  const answer = await fetch(`${test.url}/api/v1/media/${route}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    body: body && JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, never> };
}
const codes = (answer: { body: Record<string, unknown> }) =>
  (answer.body.errors as { field: string; code: string }[]).map(({ field, code }) => `${field} ${code}`);
const tone = async (durationS: number, frequencyHz: number, amplitude = 0.5): Promise<RenditionItem> => {
  const wav = toneWav(durationS, frequencyHz, amplitude);
  const { sha256 } = await media.store(wav, { title: `${frequencyHz} Hz`, source: 'UPLOAD' });
  return { kind: 'audio', sha256 };
};
async function soundOf(sha256: string): Promise<{ samples: Float32Array; rateHz: number }> {
  const answer = await fetch(`${test.url}/media/${sha256}`, {
    headers: { authorization: `Bearer ${test.adminToken}` },
  });
  const { channelData, sampleRate } = await decode(await answer.arrayBuffer());
  expect(channelData).toHaveLength(1);
  return { samples: channelData[0]!, rateHz: sampleRate };
}
const workLeft = () => {
  const incoming = path.join(test.config.mediaDir, 'incoming');
  return fs.existsSync(incoming) ? fs.readdirSync(incoming) : [];
};

describe('a rendition', () => {
  const words: RenditionItem = {
    kind: 'speech',
    text: 'UBND xã thông báo: mưa 50-100 mm từ 05:30 ngày 22/11/2026.',
  };

  it('is as loud as wanted and limited, whatever it is made of', async () => {
    const loud = await tone(2, 900, 0.95);
    const quiet = await tone(2, 500, 0.01);
    const asset = await renditions.render(null, 'Bản tin', [
      loud,
      { kind: 'pause', durationS: 0.5 },
      words,
      quiet,
    ]);
    expect(asset).toMatchObject({
      title: 'Bản tin',
      source: 'RENDITION',
      codec: 'mp3',
      contentType: 'audio/mpeg',
      sampleRateHz: 24_000,
      channels: 1,
    });
    const { samples, rateHz } = await soundOf(asset.sha256);
    const { integratedLufs, truePeakDbtp } = await ebur128(rateHz, samples);
    expect(Math.abs(integratedLufs + 18)).toBeLessThan(1);
    expect(truePeakDbtp).toBeLessThanOrEqual(-0.5);
    expect(asset.loudnessLufs).toBeCloseTo(integratedLufs, 0);
    expect(Math.abs(asset.truePeakDbtp! - truePeakDbtp)).toBeLessThan(0.3);
    expect(samples.length / rateHz).toBeGreaterThan(8);
    expect(workLeft()).toEqual([]);
  });

  it('never peaks above −0.5 dBTP, also of speech alone', async () => {
    const asset = await renditions.render(null, 'Lời', [words]);
    const { samples, rateHz } = await soundOf(asset.sha256);
    const { integratedLufs, truePeakDbtp } = await ebur128(rateHz, samples);
    expect(Math.abs(integratedLufs + 18)).toBeLessThan(1);
    expect(truePeakDbtp).toBeLessThanOrEqual(-0.5);
  });

  it('is the same bytes for the same items, and made once', async () => {
    const items = [await tone(1, 640), words];
    const first = await renditions.renderOnce(null, 'Một', items);
    expect(first.created).toBe(true);
    expect(await renditions.renderOnce(null, 'Hai', items)).toMatchObject({
      created: false,
      asset: { sha256: first.asset.sha256, title: 'Một' },
    });
    // Made again from nothing it has the same hash.
    await test.database.dataSource.query('delete from media_renditions');
    const [again, beside] = await Promise.all([
      renditions.renderOnce(null, 'Ba', items),
      renditions.renderOnce(null, 'Bốn', items),
    ]);
    expect(again.asset.sha256).toBe(first.asset.sha256);
    expect(beside.asset.sha256).toBe(first.asset.sha256);
    const rows = await test.database.dataSource.query<object[]>('select 1 from media_renditions');
    expect(rows).toHaveLength(1);
  });

  it('refuses what it cannot be made of, naming the item', async () => {
    const unknown = 'a'.repeat(64);
    const refused = (items: RenditionItem[]) =>
      renditions.render(null, 'Không được', items).then(
        () => [],
        (error: { errors: { field: string; code: string }[] }) =>
          error.errors.map(({ field, code }) => `${field} ${code}`),
      );
    expect(await refused([])).toEqual(['items COUNT']);
    expect(await refused([{ kind: 'pause', durationS: 2 }])).toEqual(['items SILENT']);
    expect(await refused([words, { kind: 'audio', sha256: unknown }])).toEqual([
      'items.1.sha256 UNKNOWN_MEDIA',
    ]);
    expect(
      await refused([
        { kind: 'speech', text: 'Chào 🙂' },
        { kind: 'pause', durationS: 301 },
        { kind: 'audio', sha256: 'x' },
      ]),
    ).toEqual(['items.0.text EMOJI', 'items.1.durationS RANGE', 'items.2.sha256 HASH']);
    const longPauses = Array.from({ length: 13 }, () => ({ kind: 'pause' as const, durationS: 300 }));
    expect(await refused([await tone(1, 700), ...longPauses])).toEqual(['items TOO_LONG']);
    expect(workLeft()).toEqual([]);
  });
});

describe('over HTTP', () => {
  it('speaks a text once, says how, and tells what it is made of', async () => {
    const text = 'Mời 25 hộ dân ấp 5 họp lúc 7h30.';
    const spokenText = 'Mời hai mươi lăm hộ dân ấp năm họp lúc bảy giờ ba mươi phút.';
    const first = await call('POST', 'speech', { text });
    expect(first).toMatchObject({
      status: 201,
      body: { title: text, spokenText, source: 'RENDITION' },
    });
    const second = await call('POST', 'speech', { text: text.normalize('NFD'), title: 'Khác' });
    expect(second).toMatchObject({ status: 200, body: first.body });
    const other = await call('POST', 'speech', { text, voice: 'vi', wordsPerMinute: 120 });
    expect(other.status).toBe(201);
    const recipe = await call('GET', `${String(first.body.sha256)}/recipe`);
    expect(recipe).toMatchObject({
      status: 200,
      body: {
        targetLufs: -18,
        items: [{ kind: 'speech', text, voice: 'vi-vn-x-south', wordsPerMinute: 150 }],
      },
    });
    expect((await call('GET', `${'b'.repeat(64)}/recipe`)).status).toBe(404);
  });

  it('makes a rendition of items', async () => {
    const items = [
      await tone(1, 810),
      { kind: 'pause', durationS: 1 },
      { kind: 'speech', text: 'Xin chào.' },
    ];
    const first = await call('POST', 'renditions', { title: 'Bản tin', items });
    expect(first).toMatchObject({ status: 201, body: { title: 'Bản tin', codec: 'mp3' } });
    expect(await call('POST', 'renditions', { title: 'Khác', items })).toMatchObject({
      status: 200,
      body: first.body,
    });
  });

  it('speaks 10,000 characters, and says what is wrong with others', async () => {
    const sentence = 'Đề nghị bà con chằng chống nhà cửa. ';
    const text = sentence.repeat(300).slice(0, 10_000);
    const long = await call('POST', 'speech', { text: text.normalize('NFD'), wordsPerMinute: 300 });
    expect(long.status).toBe(201);
    expect(Number(long.body.durationS)).toBeGreaterThan(120);
    for (const [wrong, code] of [
      [`${text.padEnd(10_000, 'a')}a`, 'text TOO_LONG'],
      ['Chào សួស្តី', 'text UNSPEAKABLE'],
      ['Chào 🙂', 'text EMOJI'],
      ['a\u0000b', 'text CONTROL_CHARACTER'],
      ['…', 'text EMPTY'],
    ] as const) {
      const answer = await call('POST', 'speech', { text: wrong });
      expect([answer.status, ...codes(answer)]).toEqual([400, code]);
    }
  });

  it('checks a text without making a sound', async () => {
    expect(await call('POST', 'speech/check', { text: 'Gió cấp 8-9' })).toMatchObject({
      status: 200,
      body: { spokenText: 'Gió cấp tám đến chín', problems: [] },
    });
    expect(await call('POST', 'speech/check', { text: 'Chào ខ្មែរ' })).toMatchObject({
      status: 200,
      body: { spokenText: null, problems: [{ code: 'UNSPEAKABLE', position: 6, characters: 'ខ្មែរ' }] },
    });
  });

  it('refuses fields that are wrong or belong to another kind', async () => {
    const post = async (item: object) =>
      codes(await call('POST', 'renditions', { title: 'x', items: [item] }));
    expect(await post({ kind: 'pause', durationS: 1, text: 'a' })).toEqual(['items.0.text UNKNOWN_FIELD']);
    expect(await post({ kind: 'speech' })).toEqual(['items.0.text MISSING']);
    expect(await post({ kind: 'song' })).toEqual(['items.0.kind isIn']);
    expect(await post({ kind: 'speech', text: 'a', voice: 'km' })).toEqual(['items.0.voice isIn']);
  });

  it('tells the voices, and 503 without an engine', async () => {
    const voices = await call('GET', 'speech/voices');
    expect(voices).toMatchObject({ status: 200, body: { engine: expect.stringMatching(/^espeak-ng \d/) } });
    expect((voices.body.voices as unknown as { id: string }[]).map(({ id }) => id)).toEqual([
      'vi',
      'vi-vn-x-central',
      'vi-vn-x-south',
    ]);
    const engine = test.app.get(SpeechEngine);
    const missing = withoutEngine(engine);
    try {
      const answer = await call('POST', 'speech', { text: 'Một hai ba.' });
      expect(answer).toMatchObject({ status: 503, body: { code: 'NO_SPEECH_ENGINE' } });
    } finally {
      missing.restore();
    }
  });

  it('is for those who may write audio', async () => {
    const name = 'nguoi.xem';
    const password = 'password of a viewer';
    const created = await fetch(`${test.url}/api/v1/users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${test.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ username: name, password, displayName: name, roles: ['viewer'] }),
    });
    expect(created.status).toBe(201);
    const token = await signIn(test.url, name, password);
    for (const [route, body] of [
      ['speech', { text: 'Chào' }],
      ['speech/check', { text: 'Chào' }],
      ['renditions', { title: 'x', items: [{ kind: 'speech', text: 'Chào' }] }],
    ] as const)
      expect((await call('POST', route, body, token)).status).toBe(403);
    expect((await call('GET', 'speech/voices', undefined, token)).status).toBe(200);
  });
});

describe('the engine', () => {
  it('takes a text for a text, whatever it begins with', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'phu-song-speech-'));
    try {
      const toPath = path.join(folder, 'a.wav');
      const request = { text: '--version một hai ba', voice: 'vi' as const, wordsPerMinute: 150, toPath };
      await test.app.get(SpeechEngine).speak(request);
      expect(fs.statSync(toPath).size).toBeGreaterThan(20_000);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });

  it('stops when it is told to', async () => {
    const request = { text: 'một', voice: 'vi' as const, wordsPerMinute: 150, toPath: '/nowhere' };
    const speaking = test.app.get(SpeechEngine).speak(request, AbortSignal.abort());
    await expect(speaking).rejects.toMatchObject({ status: 400 });
  });
});

/** The engine as on a machine without it. */
function withoutEngine(engine: SpeechEngine): { restore(): void } {
  Object.defineProperty(engine, 'version', { value: () => undefined, configurable: true });
  return { restore: () => Reflect.deleteProperty(engine, 'version') };
}
