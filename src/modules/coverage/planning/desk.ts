import type { OnModuleDestroy } from '@nestjs/common';
import { Worker } from 'node:worker_threads';
import { clientGone } from '../../../common/http/client-gone.js';
import { Problem } from '../../../common/http/problem.js';
import { CoverageInputError } from '../domain/index.js';
import { plainError, type WorkerFailure } from '../worker/worker-task.js';
import type {
  Answers,
  DeskEngine,
  FromDesk,
  NetworkSource,
  QuestionOf,
  Question,
  ToDesk,
} from './desk.types.js';

/** Questions that may wait; whoever comes then is told to come again. */
export const MAX_WAITING = 16;
/** A question that takes longer has gone wrong: the thread is given up. */
const MAX_QUESTION_MS = 30_000;
/** Networks are kept open up to so many bytes, and one in any case. */
const MAX_BYTES = 160_000_000;
const MAX_NETWORKS = 3;
/** A thread that nobody has asked for so long is let go. */
const IDLE_MS = 15 * 60_000;

/** A network that may be open already. */
export interface Opening {
  /** The same key, the same network. */
  key: string;
  load: () => Promise<NetworkSource>;
}

export interface DeskState {
  /** Whether the thread runs. */
  running: boolean;
  waiting: number;
  networks: { key: string; cells: number; layers: number; bytes: number }[];
}

interface Thread {
  worker: Worker;
  unwanted: Int32Array;
  /** Open networks, the last used last. */
  networks: Map<string, { cells: number; layers: number; bytes: number }>;
  /** Ends the question in hand when the thread dies. */
  died: (error: Error) => void;
}

/** The thread died while a question was being answered. */
class DeskDiedError extends Error {}

/**
 * One warm thread with the networks that were last asked about, and a short queue before it. A thread that dies or hangs is replaced with the
 * next question.
 */
export class Desk implements OnModuleDestroy {
  private thread: Thread | undefined;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private questions = 0;
  private idle: NodeJS.Timeout | undefined;

  constructor(
    private readonly start: (cancelled: SharedArrayBuffer) => Worker = startThread,
    private readonly limits = { waiting: MAX_WAITING, questionMs: MAX_QUESTION_MS, bytes: MAX_BYTES },
  ) {}

  get state(): DeskState {
    const networks = [...(this.thread?.networks ?? [])].map(([key, network]) => ({ key, ...network }));
    return { running: this.thread !== undefined, waiting: this.waiting, networks };
  }

  /**
   * Throws 503 when too many are waiting, the thread died or it took too long; 400 for what cannot be answered. When the signal aborts, a
   * question that waits is not asked, and one in hand is broken off.
   */
  async ask<K extends Question['kind']>(
    opening: Opening,
    question: QuestionOf<K>,
    signal?: AbortSignal,
  ): Promise<{ answer: Answers[K]; engine: DeskEngine }> {
    if (this.waiting >= this.limits.waiting) throw busy();
    this.waiting++;
    const turn = this.last.then(async () => {
      if (signal?.aborted) throw clientGone();
      return this.answer(opening, question, signal);
    });
    this.last = turn.catch(() => undefined);
    try {
      return (await unlessAborted(turn, signal)) as { answer: Answers[K]; engine: DeskEngine };
    } finally {
      this.waiting--;
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.close();
  }

  private async answer(opening: Opening, question: Question, signal: AbortSignal | undefined) {
    clearTimeout(this.idle);
    // Whatever has to be read is read before the thread is busy.
    const source = this.thread?.networks.has(opening.key) ? undefined : await opening.load();
    if (signal?.aborted) throw clientGone();
    const thread = (this.thread ??= this.startThread());
    const id = ++this.questions;
    const cancel = (): void => void Atomics.store(thread.unwanted, 0, id);
    signal?.addEventListener('abort', cancel, { once: true });
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<{ answer: Answers[Question['kind']]; engine: DeskEngine }>(
        (resolve, reject) => {
          thread.died = reject;
          timer = setTimeout(() => {
            reject(tookTooLong());
            void this.close();
          }, this.limits.questionMs);
          thread.worker.removeAllListeners('message').on('message', (said: FromDesk) => {
            if (said.id !== id) return;
            if (said.kind === 'answer') resolve(said);
            else reject(toError(said.failure));
          });
          if (source) this.open(thread, opening.key, source);
          this.tell(thread, { kind: 'ask', id, key: opening.key, question });
        },
      );
    } catch (error) {
      if (error instanceof DeskDiedError) throw died();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', cancel);
      this.idle = setTimeout(() => void this.close(), IDLE_MS).unref();
      this.touch(opening.key);
    }
  }

  private open(thread: Thread, key: string, source: NetworkSource): void {
    const bytes = bytesOf(source);
    const { networks } = thread;
    let sum = [...networks.values()].reduce((total, network) => total + network.bytes, bytes);
    for (const [oldest, network] of networks) {
      if (networks.size < MAX_NETWORKS && sum <= this.limits.bytes) break;
      networks.delete(oldest);
      sum -= network.bytes;
      this.tell(thread, { kind: 'close', key: oldest });
    }
    networks.set(key, { cells: source.grid.cellCount, layers: source.prepared.layers.length, bytes });
    this.tell(thread, { kind: 'open', key, source });
  }

  private touch(key: string): void {
    const networks = this.thread?.networks;
    const network = networks?.get(key);
    if (!networks || !network) return;
    networks.delete(key);
    networks.set(key, network);
  }

  private tell(thread: Thread, message: ToDesk): void {
    thread.worker.postMessage(message);
  }

  private startThread(): Thread {
    const cancelled = new SharedArrayBuffer(4);
    const worker = this.start(cancelled);
    // It keeps nobody from ending.
    worker.unref();
    const thread: Thread = {
      worker,
      unwanted: new Int32Array(cancelled),
      networks: new Map(),
      died: () => undefined,
    };
    const gone = (error: Error): void => {
      if (this.thread === thread) this.thread = undefined;
      thread.died(error);
    };
    worker.on('error', (error) =>
      gone(new DeskDiedError('the planning desk’s thread broke down', { cause: error })),
    );
    worker.on('exit', () => gone(new DeskDiedError('the planning desk’s thread has ended')));
    return thread;
  }

  private async close(): Promise<void> {
    clearTimeout(this.idle);
    const { thread } = this;
    this.thread = undefined;
    await thread?.worker.terminate();
  }
}

/** Beside this file when that is compiled; under `dist` when it is run from its source, as tests do. */
export function deskFile(from: string): URL {
  return from.endsWith('.ts')
    ? new URL('../../../../dist/src/modules/coverage/planning/desk-worker.js', from)
    : new URL('./desk-worker.js', from);
}

function startThread(cancelled: SharedArrayBuffer): Worker {
  return new Worker(deskFile(import.meta.url), { workerData: { cancelled } });
}

/** Who does not want the answer any more need not wait until the thread has noticed. */
function unlessAborted<T>(turn: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return turn;
  return new Promise((resolve, reject) => {
    const leave = (): void => {
      reject(clientGone());
    };
    if (signal.aborted) leave();
    signal.addEventListener('abort', leave, { once: true });
    const stay = (): void => {
      signal.removeEventListener('abort', leave);
    };
    turn.then(resolve, reject).finally(stay).catch(reject);
  });
}

/** Levels and counts of each layer twice (changes that can be taken back), and the grid. */
function bytesOf({ grid, prepared }: NetworkSource): number {
  return grid.cellCount * (prepared.layers.length * 18 + 100) + prepared.transmitters.length * 600;
}

function toError(failure: WorkerFailure): Error {
  if (failure.name !== 'CoverageInputError') return plainError(failure);
  const { code = 'INPUT', messageEn = failure.message, messageVi = failure.message } = failure.details;
  return new CoverageInputError(code, messageEn, messageVi);
}

function busy(): Problem {
  return new Problem(503, 'PLANNING_BUSY', {
    en: 'Too many questions are waiting already. Please ask again in a moment.',
    vi: 'Đang có quá nhiều câu hỏi chờ tính. Vui lòng thử lại sau giây lát.',
  });
}
function died(): Problem {
  return new Problem(503, 'PLANNING_STOPPED', {
    en: 'The reckoning broke down. It starts anew with the next question.',
    vi: 'Việc tính toán bị dừng đột ngột. Hệ thống sẽ tự khởi động lại khi có câu hỏi tiếp theo.',
  });
}
function tookTooLong(): Problem {
  return new Problem(503, 'PLANNING_TIMEOUT', {
    en: 'The question took too long. Ask about fewer sites or a run of a lower resolution.',
    vi: 'Câu hỏi mất quá nhiều thời gian. Hãy giảm số trạm hoặc dùng lần tính có độ phân giải thấp hơn.',
  });
}
