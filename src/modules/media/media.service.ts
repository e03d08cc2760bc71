import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../../config/config.js';
import { currentContext } from '../../common/context/request-context.js';
import { type Tx, UnitOfWork } from '../../common/database/unit-of-work.js';
import { RESOURCE_CHANGED } from '../../common/events/event-bus.js';
import { decodeCursor, toPage, type Page } from '../../common/http/page.js';
import { type Bilingual, Problem } from '../../common/http/problem.js';
import { CONFIG } from '../../common/tokens.js';
import { AudioChecker } from './audio-check.js';
import type { AudioFault, DecodedAudio } from './domain/audio-verdict.js';
import type { MediaAsset, MediaSource } from './media-asset.js';
import { MediaFiles, type ReceivedFile } from './media-files.js';
import { findMedia, insertMedia, listMedia } from './media-table.js';

export interface NewMedia {
  title: string;
  source: MediaSource;
  /** Default: who acts in this request or job. */
  createdBy?: string;
}

const FAULTS: Record<AudioFault, Bilingual> = {
  UNDECODABLE: {
    en: 'The file is no audio that can be decoded (WAV, MP3, AAC, Opus or FLAC).',
    vi: 'Tệp không phải âm thanh giải mã được (WAV, MP3, AAC, Opus hoặc FLAC).',
  },
  EMPTY: { en: 'The file holds no sound at all.', vi: 'Tệp không chứa âm thanh nào.' },
  SILENT: {
    en: 'The file is silent: nothing in it is louder than -60 dBFS.',
    vi: 'Tệp im lặng: không có gì lớn hơn -60 dBFS.',
  },
  TOO_LONG: { en: 'The file is longer than 24 hours.', vi: 'Tệp dài hơn 24 giờ.' },
  TOO_COMPLEX: {
    en: 'Decoding the file takes more time or memory than it may.',
    vi: 'Giải mã tệp cần nhiều thời gian hoặc bộ nhớ hơn mức cho phép.',
  },
};

/** Audio files: taken in only when they decode to something to be heard, kept by hash, never changed. */
@Injectable()
export class MediaService {
  private readonly files: MediaFiles;
  private readonly checker = new AudioChecker();

  constructor(
    private readonly uow: UnitOfWork,
    @Inject(CONFIG) config: Config,
  ) {
    this.files = new MediaFiles(config.mediaDir, config.mediaMaxBytes);
  }

  /** Stores an audio file; one with the same bytes that is there already is returned as it is. @throws Problem 400, 413 */
  async store(source: Readable | Buffer, about: NewMedia): Promise<MediaAsset> {
    return (await this.take(source, about)).asset;
  }

  /** Like `store`, and says whether the file is new. */
  async take(source: Readable | Buffer, about: NewMedia): Promise<{ asset: MediaAsset; created: boolean }> {
    return this.accept(await this.receive(source), about);
  }

  /** The first half of `take`: the bytes, not yet looked at. Every received file must be accepted or discarded. */
  async receive(source: Readable | Buffer): Promise<ReceivedFile> {
    return this.files.receive(source);
  }

  async discard(received: ReceivedFile): Promise<void> {
    await this.files.discard(received);
  }

  /** The second half of `take`. The received file is gone afterwards, whatever happens. */
  async accept(received: ReceivedFile, about: NewMedia): Promise<{ asset: MediaAsset; created: boolean }> {
    try {
      const title = titleOf(about.title);
      const known = await this.get(received.sha256);
      if (known && (await this.files.has(known.sha256, known.bytes))) return { asset: known, created: false };
      const audio = await this.checked(received);
      // The file first: a row without its file would be a promise that cannot be kept, a file without its row is harmless.
      await this.files.keep(received);
      return await this.record(assetOf(received, audio, { ...about, title }));
    } finally {
      await this.files.discard(received);
    }
  }

  async get(sha256: string): Promise<MediaAsset | undefined> {
    return (await findMedia(this.uow.reader, [sha256]))[0];
  }

  /** Many at once, within another's transaction. Unknown hashes are missing from the map. */
  async findMany(tx: Tx, sha256s: readonly string[]): Promise<Map<string, MediaAsset>> {
    const assets = await findMedia(tx.manager, sha256s);
    return new Map(assets.map((asset) => [asset.sha256, asset]));
  }

  /** Newest first. */
  async list(limit: number, cursor: string | undefined): Promise<Page<MediaAsset>> {
    const [, at, sha256] = /^(\d{1,15}) ([0-9a-f]{64})$/.exec(decodeCursor(cursor) ?? '') ?? [];
    if (cursor !== undefined && sha256 === undefined) throw invalidCursor();
    const after = sha256 === undefined ? undefined : { at: new Date(Number(at)), sha256 };
    const rows = await listMedia(this.uow.reader, limit + 1, after);
    return toPage(rows, limit, (row) => `${row.createdAt.getTime()} ${row.sha256}`);
  }

  /** The bytes of a file from `start` to `end` inclusive; undefined when the folder does not hold it. */
  async read(asset: MediaAsset, start: number, end: number): Promise<Readable | undefined> {
    return this.files.read(asset.sha256, start, end);
  }

  /** Where a file lies that is there with all its bytes; for processes that read it. */
  async pathOf(asset: MediaAsset): Promise<string | undefined> {
    return (await this.files.has(asset.sha256, asset.bytes)) ? this.files.pathOf(asset.sha256) : undefined;
  }

  /** Does work in a folder of its own, which is gone afterwards. */
  async withWorkFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
    return this.files.withWorkFolder(work);
  }

  /** @throws Problem 400 */
  checkTitle(title: string): void {
    titleOf(title);
  }

  async removeAbandonedUploads(): Promise<number> {
    return this.files.removeAbandoned(new Date());
  }

  private async checked(received: ReceivedFile): Promise<DecodedAudio> {
    const verdict = await this.checker.check(received.path);
    if (verdict.ok) return verdict.audio;
    throw Problem.invalidField('file', verdict.fault, FAULTS[verdict.fault]);
  }

  private async record(asset: MediaAsset): Promise<{ asset: MediaAsset; created: boolean }> {
    const created = await this.uow.run(async (tx) => {
      if (!(await insertMedia(tx.manager, asset))) return false;
      const { sha256 } = asset;
      tx.emit(RESOURCE_CHANGED, {
        resource: 'media',
        id: sha256,
        action: 'create',
        before: null,
        after: { ...asset },
      });
      return true;
    });
    return { asset: created ? asset : ((await this.get(asset.sha256)) ?? asset), created };
  }
}

function titleOf(given: string): string {
  const title = given.normalize('NFC').trim();
  if (title !== '' && title.length <= 200 && !/\p{Cc}/u.test(title)) return title;
  throw Problem.invalidField('title', 'TITLE', {
    en: 'title must have 1 to 200 characters, without control characters',
    vi: 'title phải có từ 1 đến 200 ký tự, không có ký tự điều khiển',
  });
}

function invalidCursor(): Problem {
  return Problem.invalidField('cursor', 'CURSOR', {
    en: 'cursor must be the nextCursor of an earlier page',
    vi: 'cursor phải là nextCursor của trang trước',
  });
}

function assetOf(received: ReceivedFile, audio: DecodedAudio, about: NewMedia): MediaAsset {
  return {
    sha256: received.sha256,
    title: about.title,
    bytes: received.bytes,
    durationS: Math.round(audio.durationS * 1000) / 1000 || 0.001,
    codec: audio.kind.codec,
    contentType: audio.kind.contentType,
    sampleRateHz: audio.sampleRateHz,
    channels: audio.channels,
    loudnessLufs: hundredths(audio.loudnessLufs),
    truePeakDbtp: hundredths(audio.truePeakDbtp),
    source: about.source,
    createdAt: new Date(),
    createdBy: about.createdBy ?? currentContext()?.actor.name ?? 'system',
  };
}

function hundredths(value: number | null): number | null {
  return value === null ? null : Math.round(value * 100) / 100;
}
