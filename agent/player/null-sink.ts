import type { ClusterClock } from '../clock.js';
import type { Playback, Sink, SinkRequest, StreamRequest } from './sink.js';
import { streamPlayback, type StreamOutput } from './stream-playback.js';

/** Puts out nothing, but takes the real time to do so: for simulation and for tests. */
export class NullSink implements Sink {
  readonly name = 'null';
  readonly canSeek = true;
  /** Level last set, percent; null before. */
  volumePercent: number | null = null;
  readonly #clock: ClusterClock;

  constructor(clock: ClusterClock) {
    this.#clock = clock;
  }

  setVolume(percent: number): void {
    this.volumePercent = percent;
  }

  play({ durationS, fromS }: SinkRequest, onEnd: (error?: Error) => void): Playback {
    return timedPlayback(this.#clock, durationS, fromS, () => onEnd());
  }

  readonly stream = (request: StreamRequest, onEnd: (error?: Error) => void): Playback =>
    streamPlayback(this.#clock, request, NOWHERE, onEnd);

  check(): Promise<string> {
    return Promise.resolve('No sound is put out');
  }
}

const NOWHERE: StreamOutput = {
  write: () => Promise.resolve(),
  end: () => Promise.resolve(),
  abort: () => Promise.resolve(),
};

/** A playback that is over after the time the sound would take. */
export function timedPlayback(
  clock: ClusterClock,
  durationS: number,
  fromS: number,
  onEnd: () => void,
): Playback {
  const beganMs = clock.elapsedMs();
  const timer = clock.after((durationS - fromS) * 1000, onEnd);
  const positionS = (): number =>
    Math.max(fromS, Math.min(durationS, fromS + (clock.elapsedMs() - beganMs) / 1000));
  return {
    positionS,
    stop: () => {
      timer.cancel();
      return Promise.resolve();
    },
  };
}
