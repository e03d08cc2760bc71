import type { ClusterClock } from '../clock.js';
import type { Playback, Sink, SinkRequest } from './sink.js';

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

  check(): Promise<string> {
    return Promise.resolve('No sound is put out');
  }
}

/** A playback that is over after the time the sound would take. */
export function timedPlayback(
  clock: ClusterClock,
  durationS: number,
  fromS: number,
  onEnd: () => void,
): Playback {
  const beganMs = clock.now();
  const timer = clock.after((durationS - fromS) * 1000, onEnd);
  const positionS = (): number =>
    Math.max(fromS, Math.min(durationS, fromS + (clock.now() - beganMs) / 1000));
  return {
    positionS,
    stop: () => {
      timer.cancel();
      return Promise.resolve();
    },
  };
}
