import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CheckReport, CheckTask } from './audio-check-process.js';
import { faultOf, type AudioFault, type DecodedAudio } from './domain/audio-verdict.js';

export type AudioVerdict =
  { ok: true; audio: DecodedAudio } | { ok: false; fault: AudioFault; reason: string };

export interface AudioCheckLimits {
  timeoutMs: number;
  maxBytesInMemory: number;
  /** How many files are decoded at the same time; more wait. */
  concurrency: number;
}

const LIMITS: AudioCheckLimits = {
  timeoutMs: 60_000,
  maxBytesInMemory: 400 * 1024 * 1024,
  concurrency: 2,
};

/** Decodes files in processes of their own, with an end to their time and memory. */
export class AudioChecker {
  private running = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly limits: AudioCheckLimits;

  constructor(limits: Partial<AudioCheckLimits> = {}) {
    this.limits = { ...LIMITS, ...limits };
  }

  /** Says what a file is, or why it is no audio to be played. Rejects only when the check itself cannot be made. */
  async check(path: string): Promise<AudioVerdict> {
    if (this.running >= this.limits.concurrency)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.running += 1;
    try {
      return verdictOf(await this.inProcess(path));
    } finally {
      // The place is handed on, or given up when nobody waits for it.
      const next = this.waiting.shift();
      if (next) next();
      else this.running -= 1;
    }
  }

  private inProcess(path: string): Promise<CheckReport | { kind: 'timeout' }> {
    const task: CheckTask = { path, maxBytesInMemory: this.limits.maxBytesInMemory };
    return new Promise((resolve, reject) => {
      const child = fork(processFile(), [JSON.stringify(task)], {
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
        execArgv: [],
      });
      const timer = setTimeout(() => {
        resolve({ kind: 'timeout' });
        child.kill('SIGKILL');
      }, this.limits.timeoutMs);
      child.once('message', (report: CheckReport) => resolve(report));
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        clearTimeout(timer);
        // Nothing after a report changes anything; an end without one is the decoder's crash on this file.
        resolve({ kind: 'undecodable', reason: `the decoder ended with ${signal ?? `exit code ${code}`}` });
      });
    });
  }
}

function verdictOf(report: CheckReport | { kind: 'timeout' }): AudioVerdict {
  switch (report.kind) {
    case 'decoded': {
      const fault = faultOf(report.audio);
      return fault === undefined
        ? { ok: true, audio: report.audio }
        : { ok: false, fault, reason: fault.toLowerCase() };
    }
    case 'undecodable':
      return { ok: false, fault: 'UNDECODABLE', reason: report.reason };
    case 'timeout':
    case 'out-of-memory':
      return { ok: false, fault: 'TOO_COMPLEX', reason: report.kind };
  }
}

/** The compiled process file: beside this one, or in dist/ when this one runs from its source (tests). */
function processFile(): string {
  const here = fileURLToPath(new URL('./audio-check-process.js', import.meta.url));
  const file = import.meta.url.endsWith('.ts') ? here.replace('/src/modules/', '/dist/src/modules/') : here;
  if (!existsSync(file)) throw new Error(`${file} is missing: run "npm run build" first`);
  return file;
}
