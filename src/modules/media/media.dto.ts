import { ApiProperty } from '@nestjs/swagger';
import { MEDIA_CODECS, type MediaCodec } from '../../contract/index.js';
import { MEDIA_SOURCES, type MediaAsset, type MediaSource } from './media-asset.js';

/** An audio file. */
export class MediaDto {
  @ApiProperty({ description: 'SHA-256 of the file, lower-case hex; the file is fetched as /media/{sha256}' })
  sha256: string;
  @ApiProperty() title: string;
  @ApiProperty({ type: 'integer' }) bytes: number;
  @ApiProperty({ description: 'Seconds, counted in decoded samples' }) durationS: number;
  @ApiProperty({ enum: MEDIA_CODECS }) codec: MediaCodec;
  @ApiProperty() contentType: string;
  @ApiProperty({ type: 'integer' }) sampleRateHz: number;
  @ApiProperty({ type: 'integer' }) channels: number;
  @ApiProperty({
    type: 'number',
    nullable: true,
    description: 'Integrated loudness (EBU R 128); null: not measured',
  })
  loudnessLufs: number | null;
  @ApiProperty({ type: 'number', nullable: true, description: 'Highest true peak; null: not measured' })
  truePeakDbtp: number | null;
  @ApiProperty({ enum: MEDIA_SOURCES }) source: MediaSource;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty() createdBy: string;
}

export function mediaDto(asset: MediaAsset): MediaDto {
  const {
    sha256,
    title,
    bytes,
    durationS,
    codec,
    contentType,
    sampleRateHz,
    channels,
    loudnessLufs,
    truePeakDbtp,
    source,
    createdBy,
  } = asset;
  return {
    sha256,
    title,
    bytes,
    durationS,
    codec,
    contentType,
    sampleRateHz,
    channels,
    loudnessLufs,
    truePeakDbtp,
    source,
    createdAt: asset.createdAt.toISOString(),
    createdBy,
  };
}

export const MEDIA_EXAMPLE: MediaDto = {
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  title: 'Thông báo lịch tiêm chủng',
  bytes: 264_644,
  durationS: 3,
  codec: 'wav',
  contentType: 'audio/wav',
  sampleRateHz: 16_000,
  channels: 1,
  loudnessLufs: -18.2,
  truePeakDbtp: -3.1,
  source: 'UPLOAD',
  createdAt: '2026-03-02T08:15:30.120Z',
  createdBy: 'nguyen.van.a',
};
