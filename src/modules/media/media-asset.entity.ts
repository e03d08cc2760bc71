import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { MediaCodec } from '../../contract/index.js';

/** Where an audio file came from. */
export const MEDIA_SOURCES = ['UPLOAD', 'SYNTHESISED'] as const;
export type MediaSource = (typeof MEDIA_SOURCES)[number];

/** An audio file that has been decoded and may be played. Never changed: other bytes are another asset. */
@Entity('media_assets')
export class MediaAsset {
  /** Of the file's bytes, lower-case hex. */
  @PrimaryColumn({ type: 'text' }) sha256: string;
  @Column({ type: 'text' }) title: string;
  @Column({ type: 'int' }) bytes: number;
  /** Counted in decoded samples, not read from a header. */
  @Column({ type: 'double precision' }) durationS: number;
  @Column({ type: 'text' }) codec: MediaCodec;
  @Column({ type: 'text' }) contentType: string;
  @Column({ type: 'int' }) sampleRateHz: number;
  @Column({ type: 'smallint' }) channels: number;
  @Column({ type: 'text' }) source: MediaSource;
  @Column({ type: 'timestamptz' }) createdAt: Date;
  @Column({ type: 'text' }) createdBy: string;
}
