import type { MediaCodec } from '../../contract/index.js';

/** Where an audio file came from. */
export const MEDIA_SOURCES = ['UPLOAD', 'SYNTHESISED'] as const;
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
  source: MediaSource;
  createdAt: Date;
  createdBy: string;
}
