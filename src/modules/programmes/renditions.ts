import { Injectable } from '@nestjs/common';
import { Problem } from '../../common/http/problem.js';
import { MediaService, type MediaAsset } from '../media/index.js';
import type { Programme } from './programme.types.js';

/** The one audio file that a programme is heard as. */
@Injectable()
export class ProgrammeRenditions {
  constructor(private readonly media: MediaService) {}

  /** Of a programme whose items are one audio file, that file. @throws Problem 400 for any other */
  async of({ items }: Programme): Promise<MediaAsset> {
    const [item, ...more] = items;
    const asset = item?.kind === 'audio' && more.length === 0 ? await this.media.get(item.sha256) : undefined;
    if (asset) return asset;
    throw Problem.invalidField('items', 'ONE_AUDIO_FILE', {
      en: 'a programme that is submitted must be exactly one audio file',
      vi: 'chương trình khi trình duyệt phải gồm đúng một tệp âm thanh',
    });
  }
}
