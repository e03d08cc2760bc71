import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Injectable } from '@nestjs/common';
import { Problem } from '../../../common/http/problem.js';
import { TaskRunner } from '../process/task-runner.js';
import { SpeechEngine, type SpeechRequest, type SpeechVoice } from './speech-engine.js';
import type { SpeechReport } from './speech-process.js';

const PACKAGE = 'espeak-ng';
/** Ten thousand characters are eleven minutes of speech, made in two seconds with 270 MB. */
const LIMITS = { timeoutMs: 60_000, maxBytesInMemory: 500 * 1024 * 1024, concurrency: 2 };

const SPOKEN_BY: SpeechVoice[] = [
  { id: 'vi', name: { en: 'Vietnamese, northern', vi: 'Tiếng Việt, giọng Bắc' }, language: 'vi' },
  {
    id: 'vi-vn-x-central',
    name: { en: 'Vietnamese, central', vi: 'Tiếng Việt, giọng Trung' },
    language: 'vi',
  },
  { id: 'vi-vn-x-south', name: { en: 'Vietnamese, southern', vi: 'Tiếng Việt, giọng Nam' }, language: 'vi' },
];

/** eSpeak NG in WebAssembly, from an optional package, in a process of its own (docs/adr/0010-speech.md). */
@Injectable()
export class EspeakEngine extends SpeechEngine {
  private readonly installed = installedVersion();
  private readonly runner = new TaskRunner<SpeechRequest, SpeechReport>(
    new URL('./speech-process.js', import.meta.url),
    LIMITS,
  );

  version(): string | undefined {
    return this.installed === undefined ? undefined : `${PACKAGE} ${this.installed}`;
  }

  voices(): SpeechVoice[] {
    return this.installed === undefined ? [] : SPOKEN_BY;
  }

  async speak(request: SpeechRequest, signal?: AbortSignal): Promise<void> {
    if (this.installed === undefined) throw noSpeechEngine();
    const report = await this.runner.run(request, signal);
    switch (report.kind) {
      case 'spoken':
        return;
      case 'no-engine':
        throw noSpeechEngine();
      case 'timeout':
      case 'out-of-memory':
      case 'aborted':
        throw Problem.invalidField('text', 'TOO_COMPLEX', {
          en: 'Speaking the text takes more time or memory than it may.',
          vi: 'Đọc văn bản cần nhiều thời gian hoặc bộ nhớ hơn mức cho phép.',
        });
      case 'unspoken':
      case 'crashed':
        throw new Problem(503, 'SPEECH_FAILED', {
          en: `The speech engine failed: ${report.reason || 'no sound came'}.`,
          vi: `Bộ đọc văn bản gặp lỗi: ${report.reason || 'không có âm thanh'}.`,
        });
    }
  }
}

export function noSpeechEngine(): Problem {
  return new Problem(503, 'NO_SPEECH_ENGINE', {
    en: `There is no speech engine on this server. Install the optional package (npm install ${PACKAGE}) and start it again, or use recorded audio.`,
    vi: `Máy chủ chưa có bộ đọc văn bản. Hãy cài gói tùy chọn (npm install ${PACKAGE}) rồi khởi động lại, hoặc dùng âm thanh thu sẵn.`,
  });
}

function installedVersion(): string | undefined {
  try {
    const path = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
  } catch {
    return undefined;
  }
}
