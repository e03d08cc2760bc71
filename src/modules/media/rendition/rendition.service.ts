import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '../../../common/database/unit-of-work.js';
import { Problem } from '../../../common/http/problem.js';
import { CONFIG } from '../../../common/tokens.js';
import type { Config } from '../../../config/config.js';
import type { Actor } from '../../identity/index.js';
import {
  LONGEST_RENDITION_S,
  type RecipeItem,
  type RenditionItem,
  type RenditionRecipe,
} from '../domain/rendition-item.js';
import type { MediaAsset } from '../media-asset.js';
import { MediaService } from '../media.service.js';
import { TaskRunner } from '../process/task-runner.js';
import { noSpeechEngine } from '../speech/espeak-engine.js';
import { SpeechEngine } from '../speech/speech-engine.js';
import { recipeItems } from './recipe.js';
import { findRendition, insertRendition, recipeOf } from './rendition-table.js';
import type { RenditionReport, RenditionSource, RenditionTask } from './rendition-task.js';

/** Raised whenever the same items come out as other bytes, so that what was made before is not taken for it. */
const RENDERER = 'phu-song 1';
/** For speech and processing together: an hour of sound takes about one minute of a processor, most sounds a second. */
const LONGEST_WORK_MS = 180_000;
const LIMITS = { timeoutMs: LONGEST_WORK_MS, maxBytesInMemory: 500 * 1024 * 1024, concurrency: 1 };

export interface Rendered {
  asset: MediaAsset;
  /** False when the same items had been rendered before. */
  created: boolean;
  recipe: RenditionRecipe;
}

/** Makes one audio file of items, as loud as every other. */
@Injectable()
export class RenditionService {
  private readonly runner = new TaskRunner<RenditionTask, RenditionReport>(
    new URL('./rendition-process.js', import.meta.url),
    LIMITS,
  );
  /** By recipe: the same asked for twice at the same time is made once. */
  private readonly underWay = new Map<string, Promise<{ asset: MediaAsset; created: boolean }>>();
  private readonly targetLufs: number;

  constructor(
    private readonly uow: UnitOfWork,
    private readonly media: MediaService,
    private readonly speech: SpeechEngine,
    @Inject(CONFIG) config: Config,
  ) {
    this.targetLufs = config.renditionLufs;
  }

  /**
   * The items behind each other as one MP3: one channel, one loudness, limited. The same items give the same asset, which
   * keeps its first title.
   * @throws Problem 400 naming the item, 503 without a speech engine where one is needed
   */
  async render(actor: Actor | null, title: string, items: readonly RenditionItem[]): Promise<MediaAsset> {
    return (await this.renderOnce(actor, title, items)).asset;
  }

  /** Like `render`, and says whether the asset is new. */
  async renderOnce(actor: Actor | null, title: string, items: readonly RenditionItem[]): Promise<Rendered> {
    const recipe = this.recipeFor(recipeItems(items));
    const recipeSha256 = createHash('sha256').update(JSON.stringify(recipe)).digest('hex');
    const known = await this.known(recipeSha256);
    if (known) return { asset: known, created: false, recipe };
    const before = this.underWay.get(recipeSha256);
    if (before) return { asset: (await before).asset, created: false, recipe };
    const work = this.make(actor, title, recipe, recipeSha256);
    this.underWay.set(recipeSha256, work);
    try {
      return { ...(await work), recipe };
    } finally {
      this.underWay.delete(recipeSha256);
    }
  }

  /** What an asset is made of; undefined when it was not made here. */
  async recipe(sha256: string): Promise<RenditionRecipe | undefined> {
    return recipeOf(this.uow.reader, sha256);
  }

  private recipeFor(items: RecipeItem[]): RenditionRecipe {
    const speaks = items.some((item) => item.kind === 'speech');
    const version = this.speech.version();
    if (speaks && version === undefined) throw noSpeechEngine();
    return {
      renderer: RENDERER,
      speechEngine: speaks ? (version ?? null) : null,
      targetLufs: this.targetLufs,
      items,
    };
  }

  private async known(recipeSha256: string): Promise<MediaAsset | undefined> {
    const sha256 = await findRendition(this.uow.reader, recipeSha256);
    const asset = sha256 === undefined ? undefined : await this.media.get(sha256);
    // One whose file has gone from the folder is made again.
    return asset && (await this.media.pathOf(asset)) !== undefined ? asset : undefined;
  }

  private async make(
    actor: Actor | null,
    title: string,
    recipe: RenditionRecipe,
    recipeSha256: string,
  ): Promise<{ asset: MediaAsset; created: boolean }> {
    const about = { title, source: 'RENDITION' as const, createdBy: actor?.name };
    this.media.checkTitle(title);
    return this.media.withWorkFolder(async (workFolder) => {
      const signal = AbortSignal.timeout(LONGEST_WORK_MS);
      const sources = await this.sources(recipe.items, workFolder, signal);
      const toPath = path.join(workFolder, 'rendition.mp3');
      const { targetLufs } = recipe;
      const task = { sources, targetLufs, longestS: LONGEST_RENDITION_S, workFolder, toPath };
      const report = await this.runner.run(task, signal);
      if (report.kind !== 'rendered') throw failure(report);
      const result = await this.media.take(createReadStream(toPath), about);
      await this.uow.run((tx) =>
        insertRendition(tx.manager, {
          recipeSha256,
          sha256: result.asset.sha256,
          recipe,
          createdAt: new Date(),
        }),
      );
      return result;
    });
  }

  private async sources(
    items: readonly RecipeItem[],
    workFolder: string,
    signal: AbortSignal,
  ): Promise<RenditionSource[]> {
    const sources: RenditionSource[] = [];
    for (const [i, item] of items.entries()) {
      if (item.kind === 'pause') sources.push(item);
      else if (item.kind === 'audio')
        sources.push({ kind: 'file', path: await this.audioFile(item.sha256, i) });
      else {
        const toPath = path.join(workFolder, `speech-${i}.wav`);
        const { spokenText: text, voice, wordsPerMinute } = item;
        await this.speech.speak({ text, voice, wordsPerMinute, toPath }, signal);
        sources.push({ kind: 'file', path: toPath });
      }
    }
    return sources;
  }

  private async audioFile(sha256: string, at: number): Promise<string> {
    const asset = await this.media.get(sha256);
    if (!asset)
      throw Problem.invalidField(`items.${at}.sha256`, 'UNKNOWN_MEDIA', {
        en: `there is no audio file ${sha256}`,
        vi: `không có tệp âm thanh ${sha256}`,
      });
    const file = await this.media.pathOf(asset);
    if (file !== undefined) return file;
    throw new Problem(503, 'UNAVAILABLE', {
      en: `The audio file ${sha256} is registered, but its bytes are not in this server’s media folder.`,
      vi: `Tệp âm thanh ${sha256} đã đăng ký nhưng không có trong thư mục media của máy chủ.`,
    });
  }
}

type Ended = Awaited<ReturnType<TaskRunner<RenditionTask, RenditionReport>['run']>>;

function failure(report: Exclude<Ended, { kind: 'rendered' }>): Problem {
  switch (report.kind) {
    case 'undecodable':
      return Problem.invalidField(`items.${report.at}`, 'UNDECODABLE', {
        en: `the audio cannot be decoded (${report.reason})`,
        vi: `không giải mã được âm thanh (${report.reason})`,
      });
    case 'silent':
      return Problem.invalidField('items', 'SILENT', {
        en: 'nothing in it is louder than -60 dBFS',
        vi: 'không có gì lớn hơn -60 dBFS',
      });
    case 'too-long':
      return Problem.invalidField('items', 'TOO_LONG', {
        en: `together they are longer than ${LONGEST_RENDITION_S} s`,
        vi: `tổng thời lượng dài hơn ${LONGEST_RENDITION_S} giây`,
      });
    case 'timeout':
    case 'aborted':
    case 'out-of-memory':
      return Problem.invalidField('items', 'TOO_COMPLEX', {
        en: 'rendering them takes more time or memory than it may',
        vi: 'xử lý cần nhiều thời gian hoặc bộ nhớ hơn mức cho phép',
      });
    case 'crashed':
      return new Problem(503, 'RENDITION_FAILED', {
        en: `Rendering failed (${report.reason}). Please try again.`,
        vi: `Xử lý âm thanh gặp lỗi (${report.reason}). Vui lòng thử lại.`,
      });
  }
}
