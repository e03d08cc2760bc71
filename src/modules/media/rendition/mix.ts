import { open, type FileHandle } from 'node:fs/promises';
import { decodedPieces, kindOfFile } from '../audio-decoding.js';
import { Limiter } from '../domain/sound/limiter.js';
import { LoudnessMeter } from '../domain/sound/loudness.js';
import { Resampler } from '../domain/sound/resampler.js';
import type { RenditionReport, RenditionSource, RenditionTask } from './rendition-task.js';

/** Carries 12 kHz: more than a horn gives, and a rate that MP3 has. */
export const RATE_HZ = 24_000;
/** An item is not raised further: what is so low is noise for the most part. */
const HIGHEST_GAIN_DB = 30;
/** So that no item begins or ends with a click. */
const FADE_SAMPLES = 120;
const CHUNK_SAMPLES = 65_536;
const BYTES_PER_SAMPLE = 4;
/** −60 dBFS, as for uploads. */
const SILENCE_PEAK = 1e-3;

interface Segment {
  samples: number;
  gain: number;
}
type Failure = Exclude<RenditionReport, { kind: 'rendered' }>;

/** All items behind each other in one file of raw samples, with the gain that brings each to the same loudness. */
export class Mix {
  private constructor(
    private readonly file: FileHandle,
    private readonly segments: readonly Segment[],
  ) {}

  /** Decodes every source, brings it to one channel and one rate, and measures it. */
  static async of(task: RenditionTask, path: string): Promise<Mix | Failure> {
    const file = await open(path, 'w+');
    const writer = new MixWriter(file, task);
    for (const [at, source] of task.sources.entries()) {
      const failure = await writer.append(source, at);
      if (!failure) continue;
      await file.close();
      return failure;
    }
    if (writer.peak >= SILENCE_PEAK) return new Mix(file, writer.segments);
    await file.close();
    return { kind: 'silent' };
  }

  /** The whole, raised by `gainDb` over what each item has, and held below the ceiling. Every piece is the reader's own. */
  async *limited(gainDb: number, ceilingDbtp: number): AsyncGenerator<Float32Array> {
    const limiter = new Limiter(RATE_HZ, amplitude(ceilingDbtp));
    const raise = amplitude(gainDb);
    let position = 0;
    for (const segment of this.segments) {
      for (let done = 0; done < segment.samples;) {
        const samples = await this.read(position, Math.min(CHUNK_SAMPLES, segment.samples - done));
        scale(samples, segment, done, raise);
        yield limiter.push(samples);
        done += samples.length;
        position += samples.length;
      }
    }
    yield limiter.finish();
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async read(from: number, count: number): Promise<Float32Array> {
    const samples = new Float32Array(count);
    const bytes = new Uint8Array(samples.buffer);
    for (let done = 0; done < bytes.length;) {
      const { bytesRead } = await this.file.read(
        bytes,
        done,
        bytes.length - done,
        from * BYTES_PER_SAMPLE + done,
      );
      if (bytesRead === 0) throw new Error('the mix has been cut short');
      done += bytesRead;
    }
    return samples;
  }
}

class MixWriter {
  readonly segments: Segment[] = [];
  peak = 0;
  private written = 0;

  constructor(
    private readonly file: FileHandle,
    private readonly task: RenditionTask,
  ) {}

  async append(source: RenditionSource, at: number): Promise<Failure | undefined> {
    if (source.kind === 'pause') return this.pause(Math.round(source.durationS * RATE_HZ));
    const found = await kindOfFile(source.path);
    if (!found) return { kind: 'undecodable', at, reason: 'no known signature' };
    const from = this.written;
    const meter = new LoudnessMeter(RATE_HZ);
    const write = async (samples: Float32Array): Promise<void> => {
      meter.add([samples]);
      for (let i = 0; i < samples.length; i += 1) {
        const level = Math.abs(samples[i]!);
        if (Number.isNaN(level)) throw new Error('a sample is no number');
        if (level > this.peak) this.peak = level;
      }
      await this.write(samples);
    };
    let resampler: Resampler | undefined;
    let rateHz = 0;
    try {
      for await (const { channels, sampleRateHz } of decodedPieces(source.path, found.kind)) {
        if (resampler && sampleRateHz !== rateHz) throw new Error('the sample rate changes within the file');
        rateHz = sampleRateHz;
        resampler ??= new Resampler(sampleRateHz, RATE_HZ);
        await write(resampler.push(mono(channels)));
        if (this.isTooLong()) return { kind: 'too-long' };
      }
      if (resampler) await write(resampler.finish());
    } catch (error) {
      return { kind: 'undecodable', at, reason: error instanceof Error ? error.message : String(error) };
    }
    const lufs = meter.integratedLufs();
    const gainDb = lufs === null ? 0 : Math.min(HIGHEST_GAIN_DB, this.task.targetLufs - lufs);
    this.segments.push({ samples: this.written - from, gain: amplitude(gainDb) });
    return this.isTooLong() ? { kind: 'too-long' } : undefined;
  }

  private async pause(samples: number): Promise<Failure | undefined> {
    for (let left = samples; left > 0; left -= CHUNK_SAMPLES)
      await this.write(new Float32Array(Math.min(left, CHUNK_SAMPLES)));
    this.segments.push({ samples, gain: 1 });
    return this.isTooLong() ? { kind: 'too-long' } : undefined;
  }

  private isTooLong(): boolean {
    return this.written > this.task.longestS * RATE_HZ;
  }

  private async write(samples: Float32Array): Promise<void> {
    if (samples.length === 0) return;
    const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
    await this.file.writeFile(bytes);
    this.written += samples.length;
  }
}

function mono(channels: readonly Float32Array[]): Float32Array {
  const [first, ...others] = channels;
  if (!first || others.length === 0) return first ?? new Float32Array(0);
  return first.map(
    (sample, i) => others.reduce((sum, channel) => sum + (channel[i] ?? 0), sample) / channels.length,
  );
}

/** Applies the gain and the fades at the segment's ends to a piece that begins `done` samples into it. */
function scale(samples: Float32Array, segment: Segment, done: number, raise: number): void {
  for (let i = 0; i < samples.length; i += 1) {
    const at = done + i;
    const fade = Math.min(1, (at + 1) / FADE_SAMPLES, (segment.samples - at) / FADE_SAMPLES);
    samples[i]! *= segment.gain * raise * fade;
  }
}

function amplitude(db: number): number {
  return 10 ** (db / 20);
}
