import { writeFile } from 'node:fs/promises';
import { serveTask, type TaskLimits } from '../process/task-process.js';
import type { SpeechRequest } from './speech-engine.js';

/**
 * The process that speaks one text and ends. The engine is a program of its own under GPL-3: it is loaded nowhere else,
 * and can neither block nor kill the server.
 */
export type SpeechReport = { kind: 'spoken' } | { kind: 'no-engine' } | { kind: 'unspoken'; reason: string };

const TEXT = '/text.txt';
const SOUND = '/sound.wav';
const REASON_LENGTH = 500;

async function speak(request: SpeechRequest & TaskLimits): Promise<SpeechReport> {
  const engine = await import('espeak-ng/dist/espeak-ng.js').catch(() => undefined);
  if (!engine) return { kind: 'no-engine' };
  const complaints: string[] = [];
  const { FS } = await engine.default({
    // The text comes in a file (in UTF-8: -b 1), never as an argument: it may begin like an option.
    arguments: ['-b', '1', '-v', request.voice, '-s', `${request.wordsPerMinute}`, '-w', SOUND, '-f', TEXT],
    preRun: [(started) => started.FS.writeFile(TEXT, request.text)],
    print: () => undefined,
    printErr: (line) => void complaints.push(line),
  });
  const sound = soundOf(FS);
  if (!sound) return { kind: 'unspoken', reason: complaints.join(' ').slice(0, REASON_LENGTH) };
  await writeFile(request.toPath, sound);
  return { kind: 'spoken' };
}

function soundOf(files: { readFile(path: string): Uint8Array }): Uint8Array | undefined {
  try {
    return files.readFile(SOUND);
  } catch {
    return undefined;
  }
}

serveTask(import.meta.url, speak);
