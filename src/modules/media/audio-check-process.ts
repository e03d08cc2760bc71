import { decodedPieces, kindOfFile, type KindOfFile } from './audio-decoding.js';
import { HIGHEST_SAMPLE_RATE_HZ, MOST_CHANNELS, type DecodedAudio } from './domain/audio-verdict.js';
import { MpegFrames } from './domain/mpeg-frames.js';
import { LoudnessMeter } from './domain/sound/loudness.js';
import { TruePeakMeter } from './domain/sound/true-peak.js';
import { serveTask, type TaskLimits } from './process/task-process.js';

/**
 * The process that decodes one uploaded file and ends. Decoders are complex and the file may be hostile: here it can
 * neither block nor kill the server.
 */
export interface CheckTask {
  path: string;
}
export type CheckReport = { kind: 'decoded'; audio: DecodedAudio } | { kind: 'undecodable'; reason: string };

async function check({ path }: CheckTask & TaskLimits): Promise<CheckReport> {
  const found = await kindOfFile(path);
  if (!found) return { kind: 'undecodable', reason: 'no known signature' };
  return { kind: 'decoded', audio: await decodeFile(path, found) };
}

async function decodeFile(path: string, { kind, audioBytes }: KindOfFile): Promise<DecodedAudio> {
  const audio = { durationS: 0, sampleRateHz: 0, channels: 0, peak: 0 };
  const frames = kind.decoder === 'mp3' ? new MpegFrames() : undefined;
  let loudness: LoudnessMeter | undefined;
  const peaks: TruePeakMeter[] = [];
  for await (const piece of decodedPieces(path, kind, (chunk) => frames?.take(chunk))) {
    audio.sampleRateHz ||= piece.sampleRateHz;
    audio.channels = Math.max(audio.channels, piece.channels.length);
    audio.durationS += piece.channels[0]!.length / piece.sampleRateHz;
    for (const samples of piece.channels) audio.peak = peakOf(samples, audio.peak);
    // What will not be taken is not measured: it may claim thousands of channels.
    if (audio.channels > MOST_CHANNELS || audio.sampleRateHz > HIGHEST_SAMPLE_RATE_HZ) continue;
    loudness ??= new LoudnessMeter(piece.sampleRateHz);
    loudness.add(piece.channels);
    piece.channels.forEach((samples, i) => (peaks[i] ??= new TruePeakMeter()).add(samples));
  }
  const truePeaks = peaks.map((meter) => meter.finish()).filter((peak) => peak !== null);
  return {
    ...audio,
    kind,
    audioBytes,
    framedBytes: frames?.framedBytes ?? null,
    loudnessLufs: finite(loudness?.integratedLufs() ?? null),
    truePeakDbtp: finite(truePeaks.length === 0 ? null : Math.max(...truePeaks)),
  };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
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

serveTask(import.meta.url, check);
