import { join } from 'node:path';
import type { ClusterClock } from '../clock.js';
import { NullSink } from './null-sink.js';
import { PLAYER_PROGRAMS, ProcessSink } from './process-sink.js';
import type { Sink } from './sink.js';
import { WavSink } from './wav-sink.js';

export const SINK_NAMES = ['null', 'wav', 'process', 'mpv', 'ffplay', 'aplay'] as const;
export type SinkName = (typeof SINK_NAMES)[number];

/** The output of a name; `process` takes the first player that is installed. WAV files go to `out/` in the state folder. */
export function createSink(name: SinkName, clock: ClusterClock, stateFolder: string): Sink {
  switch (name) {
    case 'null':
      return new NullSink(clock);
    case 'wav':
      return new WavSink(clock, join(stateFolder, 'out'));
    case 'process':
      return new ProcessSink(clock, PLAYER_PROGRAMS);
    default:
      return new ProcessSink(
        clock,
        PLAYER_PROGRAMS.filter(({ command }) => command === name),
      );
  }
}
