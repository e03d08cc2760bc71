import type { MediaCodec } from '../../contract/index.js';

/** Where an audio file came from. A rendition is made here of items: audio, speech, pauses. */
export const MEDIA_SOURCES = ['UPLOAD', 'SYNTHESISED', 'RENDITION'] as const;
export type MediaSource = (typeof MEDIA_SOURCES)[number];

/** An audio file that has been decoded and may be played. Never changed: other bytes are another asset. */
export interface MediaAsset {
  /** Of the file's bytes, lower-case hex. */
  sha256: string;
  title: string;
  bytes: number;
  /** Counted in decoded samples, not read from a header. */
  durationS: number;
  codec: MediaCodec;
  contentType: string;
  sampleRateHz: number;
  channels: number;
  /** Integrated loudness (EBU R 128) and highest true peak; null when not measured, or silent throughout. */
  loudnessLufs: number | null;
  truePeakDbtp: number | null;
  source: MediaSource;
  createdAt: Date;
  createdBy: string;
}
