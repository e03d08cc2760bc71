import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { runAsSystem } from '../context/request-context.js';
import type { DatabaseListener } from '../database/listener.js';
import type { Logger } from '../logging/logger.js';
import {
  endJob,
  enqueueJob,
  extendLease,
  JOBS_CHANNEL,
  leaseJob,
  type JobEnd,
  type JobRow,
} from './job-store.js';

export interface JobContext {
  job: JobRow;
  /** Aborted when the job is cancelled, its lease is lost, or the process stops. */
  signal: AbortSignal;
  /** 0–1 with a short note; stored at the next heartbeat. */
  progress: (fraction: number, note: string) => void;
}
export type JobHandler = (context: JobContext) => Promise<unknown>;

const LEASE_S = 15;
const HEARTBEAT_MS = 1_000;
const POLL_MS = 1_000;
const CONCURRENCY = 4;

/**
 * Takes due jobs by lease: a dead worker's job is taken over when its lease ends, and one that lost its lease can no
 * longer write the outcome.
 */
export class JobRunner {
  private readonly handlers = new Map<string, { handler: JobHandler; repeatS?: number }>();
  private readonly running = new Map<string, { done: Promise<void>; abort: AbortController }>();
  private timer: NodeJS.Timeout | undefined;
  private unlisten: (() => void) | undefined;
  private stopped = true;
  private taking: Promise<void> | undefined;
  private again = false;

  constructor(
    private readonly manager: () => EntityManager,
    private readonly listener: DatabaseListener,
    private readonly logger: Logger,
  ) {}

  /** What to do with jobs of a kind. Register before `start`. */
  handle(kind: string, handler: JobHandler): void {
    this.handlers.set(kind, { handler });
  }

  /** Something done again and again by one worker at a time, `everyS` seconds after it last ended. */
  repeat(kind: string, everyS: number, handler: JobHandler): void {
    this.handlers.set(kind, { handler, repeatS: everyS });
  }

  async start(): Promise<void> {
    this.stopped = false;
    for (const [kind, { repeatS }] of this.handlers)
      if (repeatS !== undefined) await enqueueJob(this.manager(), { kind, dedupeKey: 'repeat' });
    this.unlisten = this.listener.on(JOBS_CHANNEL, () => this.wake());
    this.timer = setInterval(() => this.wake(), POLL_MS);
    this.wake();
  }

  /** Asks running jobs to stop and waits for them; what is unfinished is taken up by whoever starts next. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    this.unlisten?.();
    await this.taking;
    for (const { abort } of this.running.values()) abort.abort(new Error('stopping'));
    await Promise.all([...this.running.values()].map(({ done }) => done));
  }

  private wake(): void {
    if (this.stopped) return;
    if (this.taking) {
      this.again = true;
      return;
    }
    this.taking = this.take()
      .catch((error: unknown) => this.logger.warn({ err: error }, 'jobs could not be taken; trying again'))
      .finally(() => {
        this.taking = undefined;
        if (this.again) {
          this.again = false;
          this.wake();
        }
      });
  }

  private async take(): Promise<void> {
    while (!this.stopped && this.running.size < CONCURRENCY) {
      const token = randomUUID();
      const job = await leaseJob(this.manager(), [...this.handlers.keys()], token, LEASE_S);
      if (!job) return;
      const abort = new AbortController();
      const done = runAsSystem(
        `job ${job.kind}`,
        () => this.run(job, token, abort),
        job.correlationId ?? undefined,
      ).finally(() => {
        this.running.delete(job.id);
        this.wake();
      });
      this.running.set(job.id, { done, abort });
    }
  }

  private async run(job: JobRow, token: string, abort: AbortController): Promise<void> {
    const progress = { fraction: 0, note: '' };
    let cancelled = false;
    const heartbeat = setInterval(() => {
      extendLease(this.manager(), job.id, token, LEASE_S, progress)
        .then((state) => {
          if (state === 'held') return;
          cancelled = state === 'cancel';
          abort.abort(new Error(cancelled ? 'cancelled' : 'the lease was lost'));
        })
        .catch((error: unknown) => this.logger.warn({ err: error, job: job.id }, 'a job heartbeat failed'));
    }, HEARTBEAT_MS);
    let end: JobEnd;
    const entry = this.handlers.get(job.kind);
    try {
      if (!entry) throw new Error(`no handler for ${job.kind}`);
      if (job.attempts > job.maxAttempts && entry.repeatS === undefined)
        throw new Error(job.error ?? 'given up: the worker died with it each time');
      const result = await entry.handler({
        job,
        signal: abort.signal,
        progress: (fraction, note) =>
          Object.assign(progress, { fraction: Math.min(1, Math.max(0, fraction)), note }),
      });
      end =
        entry.repeatS === undefined
          ? { state: 'done', result }
          : { state: 'queued', delayS: entry.repeatS, repeat: true };
    } catch (error) {
      end = this.failure(job, entry?.repeatS, error, cancelled);
    } finally {
      clearInterval(heartbeat);
    }
    await endJob(this.manager(), job.id, token, end).catch((error: unknown) =>
      this.logger.error(
        { err: error, job: job.id },
        'the end of a job could not be written; its lease will run out',
      ),
    );
  }

  private failure(job: JobRow, repeatS: number | undefined, error: unknown, cancelled: boolean): JobEnd {
    const message = error instanceof Error ? error.message : String(error);
    if (cancelled) return { state: 'cancelled', error: 'cancelled on request' };
    if (this.stopped) return { state: 'queued', error: 'the worker was stopped', delayS: 0 };
    this.logger.warn({ err: error, job: job.id, kind: job.kind, attempt: job.attempts }, 'a job failed');
    if (repeatS !== undefined) return { state: 'queued', delayS: repeatS, repeat: true };
    if (job.attempts < job.maxAttempts) return { state: 'queued', error: message, delayS: 2 ** job.attempts };
    return { state: 'failed', error: message };
  }
}
