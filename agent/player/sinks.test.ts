import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../test/agent/stand.js';
import { ManualClock } from '../../test/agent/manual-clock.js';
import { SystemClock } from '../clock.js';
import { createSink } from './create-sink.js';
import { ProcessSink, type PlayerProgram } from './process-sink.js';
import { WavSink, wavFile } from './wav-sink.js';

let folder = '';
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'sink-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the WAV sink', () => {
  it('writes what was heard, at its volume, and no more than was heard', async () => {
    const clock = new ManualClock('2026-03-02T17:00:00+07:00');
    const sink = new WavSink(clock, join(folder, 'out'));
    const file = join(folder, 'tone.wav');
    writeFileSync(file, wavFile([new Float32Array(16_000).fill(0.5)], 8_000, 1));
    sink.setVolume(50);
    let ends = 0;
    const request = { playId: 'p', file, durationS: 2, fromS: 0.5 };
    sink.play(request, () => (ends += 1));
    await clock.advance(1_500);
    await until('the end', () => ends === 1);
    const cut = sink.play({ ...request, fromS: 0 }, () => (ends += 1));
    await clock.advance(250);
    await cut.stop();
    const files = await until('both', () => {
      const names = readdirSync(join(folder, 'out')).sort();
      return names.length === 2 && names;
    });
    const sizes = await until('written', () => {
      const contents = files.map((name) => readFileSync(join(folder, 'out', name)));
      return contents.every(({ length }) => length > 44) && contents.map(({ length }) => (length - 44) / 2);
    });
    expect(sizes).toEqual([12_000, 2_000]);
    const first = readFileSync(join(folder, 'out', files[0] ?? ''));
    expect(first.readInt16LE(44) / 32_767).toBeCloseTo(0.25, 2);
    expect(ends).toBe(1);
    expect(await sink.check()).toContain('out');
  });

  it('tells of a file that cannot be decoded', async () => {
    const clock = new ManualClock('2026-03-02T17:00:00+07:00');
    const sink = createSink('wav', clock, folder);
    writeFileSync(join(folder, 'rubbish'), 'rubbish');
    let error: Error | undefined;
    sink.play(
      { playId: 'p', file: join(folder, 'rubbish'), durationS: 1, fromS: 0 },
      (given) => (error = given),
    );
    await clock.advance(1_000);
    await until('the error', () => error);
  });
});

describe('the process sink', () => {
  const player = (script: string): PlayerProgram[] => {
    const command = join(folder, 'player');
    writeFileSync(command, `#!/bin/sh\n${script}\n`);
    chmodSync(command, 0o755);
    return [
      { command: join(folder, 'not-installed'), canSeek: true, arguments: () => [] },
      { command, canSeek: false, arguments: ({ file }) => [file] },
    ];
  };
  const request = { playId: 'p', file: '/nowhere.wav', durationS: 5, fromS: 0 };

  it('tells how the player ended', async () => {
    const ends: (Error | undefined)[] = [];
    const sink = new ProcessSink(new SystemClock(), player('exit 0'));
    expect([sink.name, sink.canSeek]).toEqual([join(folder, 'player'), false]);
    sink.play(request, (error) => ends.push(error));
    await until('the end', () => ends.length === 1);
    player('exit 3');
    sink.play(request, (error) => ends.push(error));
    await until('the failure', () => ends.length === 2);
    expect(ends.map((error) => error?.message)).toEqual([undefined, `${sink.name} ended with code 3`]);
    expect(await sink.check()).toContain('player');
  });

  it('is silent when stop resolves, and says nothing more', async () => {
    let ends = 0;
    const playback = new ProcessSink(new SystemClock(), player('exec sleep 60')).play(
      request,
      () => (ends += 1),
    );
    await playback.stop();
    expect(ends).toBe(0);
  });

  it('is refused when there is no player', () => {
    const none = player('').slice(0, 1);
    expect(() => new ProcessSink(new SystemClock(), none)).toThrow('No audio player found');
  });
});
