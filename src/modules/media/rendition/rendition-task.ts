/** What is put together, in this order. Files are audio of any kind taken in, speech among it. */
export type RenditionSource = { kind: 'file'; path: string } | { kind: 'pause'; durationS: number };

export interface RenditionTask {
  sources: RenditionSource[];
  targetLufs: number;
  longestS: number;
  /** A folder for what is needed on the way; the caller removes it. */
  workFolder: string;
  /** Where the MP3 is written. */
  toPath: string;
}

export type RenditionReport =
  | { kind: 'rendered' }
  /** `at` is the source's place in the task. */
  | { kind: 'undecodable'; at: number; reason: string }
  | { kind: 'silent' }
  | { kind: 'too-long' };
