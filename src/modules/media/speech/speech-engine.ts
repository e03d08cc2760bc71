import type { Voice } from '../domain/rendition-item.js';

export interface SpeechVoice {
  id: Voice;
  name: { en: string; vi: string };
  /** BCP 47. */
  language: string;
}

export interface SpeechRequest {
  /** Words alone: no digit, sign or abbreviation is left to the engine. */
  text: string;
  voice: Voice;
  wordsPerMinute: number;
  /** Where the sound is written as WAV. */
  toPath: string;
}

/** Whatever turns words into sound. Injected by this class, so that a better engine can take its place. */
export abstract class SpeechEngine {
  /** Name and version: the same text in the same version is the same sound. Undefined when there is no engine. */
  abstract version(): string | undefined;
  /** Empty when there is no engine. */
  abstract voices(): SpeechVoice[];
  /** @throws Problem 503 without an engine, 400 when the text takes too long */
  abstract speak(request: SpeechRequest, signal?: AbortSignal): Promise<void>;
}
