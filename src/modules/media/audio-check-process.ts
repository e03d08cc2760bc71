import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import decode from 'audio-decode';
import { audioKindOf, id3Length, KIND_BYTES, type AudioKind } from './domain/audio-kind.js';
import type { DecodedAudio } from './domain/audio-verdict.js';
import { MpegFrames } from './domain/mpeg-frames.js';

/**
 * The process that decodes one uploaded file and ends. Decoders are complex and the file may be hostile: here it can
 * neither block nor kill the server. A thread decodes while this one watches how much memory that takes, which no
 * limit of the runtime does for memory outside of its heap.
 */
export interface CheckTask {
  path: string;
  /** How much more memory than before the decoding may be in use. */
  maxBytesInMemory: number;
}
export type CheckReport =
  | { kind: 'decoded'; audio: DecodedAudio }
  | { kind: 'undecodable'; reason: string }
  | { kind: 'out-of-memory' };

const CHUNK_BYTES = 64 * 1024;
const WATCH_MS = 10;
/** ISO/IEC 14496-14: the sample entry of MPEG-4 audio. Others (ALAC, Opus) are in such files too. */
const AAC_ENTRY = 'mp4a';

function main(): void {
  const task = JSON.parse(process.argv[2] ?? '') as CheckTask;
  const end = (report: CheckReport): void => {
    if (!process.send) process.exit(1);
    process.send(report, () => process.exit(0));
  };
  process.on('disconnect', () => process.exit(1));
  const before = process.memoryUsage.rss();
  const watch = setInterval(() => {
    if (process.memoryUsage.rss() - before < task.maxBytesInMemory) return;
    clearInterval(watch);
    // Not asked to end but ended: the thread may be in a loop, and every moment it takes more.
    process.send?.({ kind: 'out-of-memory' } satisfies CheckReport, () =>
      process.kill(process.pid, 'SIGKILL'),
    );
  }, WATCH_MS);
  const thread = new Worker(new URL(import.meta.url), { workerData: task });
  thread.once('message', end);
  thread.once('error', (error) =>
    end(
      (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? { kind: 'out-of-memory' }
        : { kind: 'undecodable', reason: error.message },
    ),
  );
}

async function check(path: string): Promise<CheckReport> {
  const found = await kindOf(path);
  if (!found) return { kind: 'undecodable', reason: 'no known signature' };
  try {
    return { kind: 'decoded', audio: await decodeFile(path, found.kind, found.audioBytes) };
  } catch (error) {
    if (error instanceof RangeError && /allocation|array length|memory/i.test(error.message))
      return { kind: 'out-of-memory' };
    return { kind: 'undecodable', reason: error instanceof Error ? error.message : String(error) };
  }
}

async function kindOf(path: string): Promise<{ kind: AudioKind; audioBytes: number } | undefined> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = new Uint8Array(KIND_BYTES);
    await file.read(head, 0, KIND_BYTES, 0);
    const tag = id3Length(head);
    if (tag > 0) await file.read(head.fill(0), 0, KIND_BYTES, tag);
    const kind = audioKindOf(head);
    return kind && { kind, audioBytes: Math.max(0, size - tag) };
  } finally {
    await file.close();
  }
}

/** Decodes piece by piece, so that hours of sound need no more memory than seconds. */
async function decodeFile(path: string, kind: AudioKind, audioBytes: number): Promise<DecodedAudio> {
  const audio: DecodedAudio = {
    kind,
    audioBytes,
    framedBytes: null,
    durationS: 0,
    sampleRateHz: 0,
    channels: 0,
    peak: 0,
  };
  const decoder = await decode[kind.decoder]();
  const take = ({ channelData, sampleRate }: { channelData: Float32Array[]; sampleRate: number }): void => {
    const [first] = channelData;
    if (first === undefined || first.length === 0) return;
    if (!(sampleRate > 0)) throw new Error('no sample rate');
    audio.sampleRateHz ||= sampleRate;
    audio.channels = Math.max(audio.channels, channelData.length);
    audio.durationS += first.length / sampleRate;
    for (const samples of channelData) audio.peak = peakOf(samples, audio.peak);
  };
  const frames = kind.decoder === 'mp3' ? new MpegFrames() : undefined;
  let hasAac = false;
  let tail = '';
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    if (kind.decoder === 'm4a' && !hasAac) {
      const text = tail + chunk.toString('latin1');
      hasAac = text.includes(AAC_ENTRY);
      tail = text.slice(1 - AAC_ENTRY.length);
    }
    frames?.take(chunk);
    take(await decoder(chunk));
  }
  take(await decoder());
  if (kind.decoder === 'm4a' && !hasAac) throw new Error('no AAC in this container');
  return { ...audio, framedBytes: frames?.framedBytes ?? null };
}

function peakOf(samples: Float32Array, peak: number): number {
  let highest = peak;
  for (let i = 0; i < samples.length; i += 1) {
    const level = Math.abs(samples[i]!);
    // Also true when the sample is no number, which then stays.
    if (!(level <= highest)) highest = level;
  }
  return highest;
}

if (isMainThread) main();
else void check((workerData as CheckTask).path).then((report) => parentPort?.postMessage(report));
