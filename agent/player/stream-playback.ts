import type { ClusterClock } from '../clock.js';
import type { Playback, StreamRequest } from './sink.js';

/** Where the bytes of a stream go. */
export interface StreamOutput {
  /** Resolves when more may come. */
  write(chunk: Uint8Array): Promise<void>;
  /** Nothing more comes; resolves when the last of it has been heard. */
  end(): Promise<void>;
  /** Silence now. */
  abort(): Promise<void>;
}

/** Plays a stream as it comes, until it ends, its time is over or it is stopped. */
export function streamPlayback(
  clock: ClusterClock,
  { source, limitS }: StreamRequest,
  output: StreamOutput,
  onEnd: (error?: Error) => void,
): Playback {
  const abort = new AbortController();
  let beganMs: number | undefined;
  let stopped = false;
  const limit = clock.after(limitS * 1000, () => abort.abort());
  const play = async (): Promise<void> => {
    for await (const chunk of source.chunks(abort.signal)) {
      beganMs ??= clock.now();
      await output.write(chunk);
      if (abort.signal.aborted) break;
    }
    if (!stopped) await output.end();
  };
  const end = (error?: Error): void => {
    limit.cancel();
    abort.abort();
    if (!stopped) onEnd(error);
  };
  play().then(
    () => end(),
    (error: unknown) => {
      void output.abort().catch(() => undefined);
      end(error as Error);
    },
  );
  return {
    positionS: () => (beganMs === undefined ? 0 : Math.min(limitS, (clock.now() - beganMs) / 1000)),
    stop: async () => {
      stopped = true;
      limit.cancel();
      abort.abort();
      await output.abort();
    },
  };
}
