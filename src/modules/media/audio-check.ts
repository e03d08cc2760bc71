import type { CheckReport, CheckTask } from './audio-check-process.js';
import { faultOf, type AudioFault, type DecodedAudio } from './domain/audio-verdict.js';
import { TaskRunner, type TaskEnd } from './process/task-runner.js';

export type AudioVerdict =
  { ok: true; audio: DecodedAudio } | { ok: false; fault: AudioFault; reason: string };

const LIMITS = { timeoutMs: 60_000, maxBytesInMemory: 400 * 1024 * 1024, concurrency: 2 };

/** Decodes files in processes of their own, with an end to their time and memory. */
export class AudioChecker {
  private readonly runner = new TaskRunner<CheckTask, CheckReport>(
    new URL('./audio-check-process.js', import.meta.url),
    LIMITS,
  );

  /** Says what a file is, or why it is no audio to be played. Rejects only when the check itself cannot be made. */
  async check(path: string): Promise<AudioVerdict> {
    return verdictOf(await this.runner.run({ path }));
  }
}

function verdictOf(report: TaskEnd<CheckReport>): AudioVerdict {
  switch (report.kind) {
    case 'decoded': {
      const fault = faultOf(report.audio);
      return fault === undefined
        ? { ok: true, audio: report.audio }
        : { ok: false, fault, reason: fault.toLowerCase() };
    }
    case 'undecodable':
    // A decoder that crashes on a file cannot decode it.
    case 'crashed':
      return { ok: false, fault: 'UNDECODABLE', reason: report.reason };
    case 'timeout':
    case 'aborted':
    case 'out-of-memory':
      return { ok: false, fault: 'TOO_COMPLEX', reason: report.kind };
  }
}
