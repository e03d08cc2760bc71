import type { AudioKind } from './audio-kind.js';

/** What decoding a whole file found. */
export interface DecodedAudio {
  kind: AudioKind;
  /** Bytes of the file without a tag at its beginning. */
  audioBytes: number;
  /** Of MPEG audio: how much of that is frames following each other; null where the decoder proves it by check sums. */
  framedBytes: number | null;
  durationS: number;
  sampleRateHz: number;
  channels: number;
  /** Highest sample, 1 = full scale; NaN when a sample is no number. */
  peak: number;
  /** Integrated loudness after EBU R 128; null when nothing rises above −70 LUFS, or when it was not measured. */
  loudnessLufs: number | null;
  truePeakDbtp: number | null;
}

/** Why a file is not taken. */
export type AudioFault =
  /** No decoder makes sound of it. */
  | 'UNDECODABLE'
  /** It decodes to nothing at all. */
  | 'EMPTY'
  | 'SILENT'
  | 'TOO_LONG'
  /** Decoding needs more time or memory than a file of its size may. */
  | 'TOO_COMPLEX';

/** −60 dBFS: what never rises above it is not heard from a horn. */
const SILENCE_PEAK = 1e-3;
/** The longest play of the cluster protocol. */
const LONGEST_S = 86_400;
export const HIGHEST_SAMPLE_RATE_HZ = 384_000;
export const MOST_CHANNELS = 8;
/** A stream of frames of which less than this is frames is something else. */
const LOWEST_FRAMED_SHARE = 0.5;

/** The fault of a decoded file, or undefined when it may be stored. */
export function faultOf(audio: DecodedAudio): AudioFault | undefined {
  if (audio.durationS === 0 || audio.channels === 0) return 'EMPTY';
  if (!Number.isFinite(audio.peak) || !Number.isFinite(audio.durationS)) return 'UNDECODABLE';
  if (audio.sampleRateHz > HIGHEST_SAMPLE_RATE_HZ || audio.channels > MOST_CHANNELS) return 'UNDECODABLE';
  if (audio.framedBytes !== null && audio.framedBytes < LOWEST_FRAMED_SHARE * audio.audioBytes)
    return 'UNDECODABLE';
  if (audio.durationS > LONGEST_S) return 'TOO_LONG';
  if (audio.peak < SILENCE_PEAK) return 'SILENT';
  return undefined;
}
