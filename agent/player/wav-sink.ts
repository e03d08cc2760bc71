import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterClock } from '../clock.js';
import { timedPlayback } from './null-sink.js';
import type { Playback, Sink, SinkRequest, StreamRequest } from './sink.js';
import { streamPlayback } from './stream-playback.js';

/**
 * Writes what would have been heard, stretch by stretch, as 16-bit WAV files at the volume of the moment, and takes the
 * real time to do so. A stretch is written when it ends, so that an interrupted one holds what was heard and no more.
 */
export class WavSink implements Sink {
  readonly name = 'wav';
  readonly canSeek = true;
  readonly #clock: ClusterClock;
  readonly #folder: string;
  #volumePercent = 100;
  #stretches = 0;

  constructor(clock: ClusterClock, folder: string) {
    this.#clock = clock;
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  setVolume(percent: number): void {
    this.#volumePercent = percent;
  }

  play(request: SinkRequest, onEnd: (error?: Error) => void): Playback {
    const gain = this.#volumePercent / 100;
    const target = this.#target(request.playId, 'wav');
    const write = (toS: number): Promise<void> => writeStretch(request, toS, gain, target);
    const playback = timedPlayback(this.#clock, request.durationS, request.fromS, () => {
      write(request.durationS).then(
        () => onEnd(),
        (error: unknown) => onEnd(error as Error),
      );
    });
    return {
      positionS: () => playback.positionS(),
      stop: async () => {
        const toS = playback.positionS();
        await playback.stop();
        // What interrupts must not wait for, nor fail with, the file of what it interrupts.
        write(toS).catch(() => undefined);
      },
    };
  }

  /** A stream is written as it came, and its volume is not applied: it may be long. */
  readonly stream = (request: StreamRequest, onEnd: (error?: Error) => void): Playback => {
    const file = createWriteStream(this.#target(request.playId, 'mp3'));
    const failed = new Promise<never>((_resolve, reject) => file.once('error', reject));
    failed.catch(() => undefined);
    const end = (): Promise<void> =>
      Promise.race([failed, new Promise<void>((resolve) => file.end(() => resolve()))]);
    return streamPlayback(
      this.#clock,
      request,
      {
        write: async (chunk) => {
          if (!file.write(chunk)) await Promise.race([failed, once(file, 'drain')]);
        },
        end,
        abort: () => end().catch(() => undefined),
      },
      onEnd,
    );
  };

  #target(playId: string, extension: string): string {
    const stamp = new Date(this.#clock.now()).toISOString().replace(/[:.]/g, '-');
    this.#stretches += 1;
    return join(this.#folder, `${stamp}-${this.#stretches}-${playId}.${extension}`);
  }

  async check(): Promise<string> {
    const probe = join(this.#folder, 'self-test.wav');
    await writeFile(probe, wavFile([new Float32Array(8)], 8000, 1));
    return `Sound is written to ${this.#folder}`;
  }
}

async function writeStretch(request: SinkRequest, toS: number, gain: number, target: string): Promise<void> {
  // Loaded when it is needed: a simulator of thousands never needs it.
  const { default: decodeAudio } = await import('audio-decode');
  const { channelData, sampleRate } = await decodeAudio(await readFile(request.file));
  const cut = channelData.map((samples) =>
    samples.subarray(Math.round(request.fromS * sampleRate), Math.round(toS * sampleRate)),
  );
  await writeFile(target, wavFile(cut, sampleRate, gain));
}

/** A RIFF/WAVE file, PCM 16 bit little-endian, of samples in −1…1 per channel. */
export function wavFile(channels: readonly Float32Array[], sampleRate: number, gain: number): Buffer {
  const frames = channels[0]?.length ?? 0;
  const blockBytes = channels.length * 2;
  const file = Buffer.alloc(44 + frames * blockBytes);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(file.length - 8, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(sampleRate, 24);
  file.writeUInt32LE(sampleRate * blockBytes, 28);
  file.writeUInt16LE(blockBytes, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(frames * blockBytes, 40);
  let offset = 44;
  for (let frame = 0; frame < frames; frame += 1) {
    for (const samples of channels) {
      const value = Math.max(-1, Math.min(1, (samples[frame] ?? 0) * gain));
      offset = file.writeInt16LE(Math.round(value * 32_767), offset);
    }
  }
  return file;
}
