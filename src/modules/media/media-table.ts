import type { EntityManager } from 'typeorm';
import type { MediaAsset } from './media-asset.js';

const COLUMNS = `sha256, title, bytes, duration_s as "durationS", codec, content_type as "contentType",
  sample_rate_hz as "sampleRateHz", channels, loudness_lufs as "loudnessLufs", true_peak_dbtp as "truePeakDbtp", source, created_at as "createdAt", created_by as "createdBy"`;

/** False when there is a file with these bytes already. */
export async function insertMedia(manager: EntityManager, asset: MediaAsset): Promise<boolean> {
  const rows = await manager.query<{ sha256: string }[]>(
    `insert into media_assets (sha256, title, bytes, duration_s, codec, content_type, sample_rate_hz, channels, loudness_lufs,
                               true_peak_dbtp, source, created_at, created_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (sha256) do nothing returning sha256`,
    [
      asset.sha256,
      asset.title,
      asset.bytes,
      asset.durationS,
      asset.codec,
      asset.contentType,
      asset.sampleRateHz,
      asset.channels,
      asset.loudnessLufs,
      asset.truePeakDbtp,
      asset.source,
      asset.createdAt,
      asset.createdBy,
    ],
  );
  return rows.length > 0;
}

export async function findMedia(manager: EntityManager, sha256s: readonly string[]): Promise<MediaAsset[]> {
  return manager.query<MediaAsset[]>(`select ${COLUMNS} from media_assets where sha256 = any($1::text[])`, [
    sha256s,
  ]);
}

/** Newest first, those after (`at`, `sha256`) when given. Times are kept to the millisecond, so that they compare exactly. */
export async function listMedia(
  manager: EntityManager,
  limit: number,
  after: { at: Date; sha256: string } | undefined,
): Promise<MediaAsset[]> {
  return manager.query<MediaAsset[]>(
    `select ${COLUMNS} from media_assets
      where $1::timestamptz is null or (created_at, sha256) < ($1::timestamptz, $2::text)
      order by created_at desc, sha256 desc limit $3`,
    [after?.at ?? null, after?.sha256 ?? null, limit],
  );
}
