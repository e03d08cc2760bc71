import { spawn, spawnSync } from 'node:child_process';
import type { ClusterClock } from '../clock.js';
import type { Playback, Sink, SinkRequest } from './sink.js';

export interface PlayerProgram {
  command: string;
  canSeek: boolean;
  arguments(request: SinkRequest, volumePercent: number): string[];
}

/** Players as found on Linux boards, the best first. aplay knows WAV only, and neither position nor volume. */
export const PLAYER_PROGRAMS: readonly PlayerProgram[] = [
  {
    command: 'mpv',
    canSeek: true,
    arguments: ({ file, fromS }, volume) => [
      '--no-config',
      '--no-video',
      '--really-quiet',
      `--start=${fromS}`,
      `--volume=${volume}`,
      '--',
      file,
    ],
  },
  {
    command: 'ffplay',
    canSeek: true,
    arguments: ({ file, fromS }, volume) => [
      '-nodisp',
      '-autoexit',
      '-loglevel',
      'error',
      '-ss',
      String(fromS),
      '-volume',
      String(volume),
      '-i',
      file,
    ],
  },
  { command: 'aplay', canSeek: false, arguments: ({ file }) => ['-q', '--', file] },
];

/** Plays through mpv, ffplay or aplay, whichever is installed. */
export class ProcessSink implements Sink {
  readonly name: string;
  readonly canSeek: boolean;
  readonly #clock: ClusterClock;
  readonly #program: PlayerProgram;
  #volumePercent = 100;

  /** Takes the first of the programs that is installed; throws when none is. */
  constructor(clock: ClusterClock, programs: readonly PlayerProgram[]) {
    const program = programs.find(({ command }) => isInstalled(command));
    if (program === undefined) {
      const names = programs.map(({ command }) => command).join(', ');
      throw new Error(`No audio player found (looked for ${names})`);
    }
    this.#clock = clock;
    this.#program = program;
    this.name = program.command;
    this.canSeek = program.canSeek;
  }

  setVolume(percent: number): void {
    this.#volumePercent = percent;
  }

  play(request: SinkRequest, onEnd: (error?: Error) => void): Playback {
    const beganMs = this.#clock.now();
    const child = spawn(this.#program.command, this.#program.arguments(request, this.#volumePercent), {
      stdio: 'ignore',
    });
    let stopped = false;
    let ended = false;
    const gone = new Promise<void>((resolve) => {
      const end = (error?: Error): void => {
        resolve();
        if (ended) return;
        ended = true;
        if (!stopped) onEnd(error);
      };
      child.once('error', end);
      child.once('exit', (code) => {
        end(code === 0 ? undefined : new Error(`${this.#program.command} ended with code ${String(code)}`));
      });
    });
    return {
      positionS: () => {
        const heardS = request.fromS + (this.#clock.now() - beganMs) / 1000;
        return Math.max(request.fromS, Math.min(request.durationS, heardS));
      },
      stop: () => {
        stopped = true;
        child.kill('SIGKILL');
        return gone;
      },
    };
  }

  check(): Promise<string> {
    return isInstalled(this.#program.command)
      ? Promise.resolve(`${this.#program.command} is there`)
      : Promise.reject(new Error(`${this.#program.command} is gone`));
  }
}

function isInstalled(command: string): boolean {
  return spawnSync('sh', ['-c', 'command -v "$0"', command], { stdio: 'ignore' }).status === 0;
}
