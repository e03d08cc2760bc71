import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { ClusterClock } from '../clock.js';
import type { Playback, Sink, SinkRequest, StreamRequest } from './sink.js';
import { streamPlayback } from './stream-playback.js';

export interface PlayerProgram {
  command: string;
  canSeek: boolean;
  arguments(request: SinkRequest, volumePercent: number): string[];
  /** To play what comes on its standard input. Absent: it cannot. */
  streamArguments?: (volumePercent: number) => string[];
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
    streamArguments: (volume) => [
      '--no-config',
      '--no-video',
      '--really-quiet',
      '--cache=no',
      `--volume=${volume}`,
      '-',
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
    streamArguments: (volume) => [
      '-nodisp',
      '-autoexit',
      '-loglevel',
      'error',
      '-volume',
      String(volume),
      '-i',
      'pipe:0',
    ],
  },
  { command: 'aplay', canSeek: false, arguments: ({ file }) => ['-q', '--', file] },
];

/** Plays through mpv, ffplay or aplay, whichever is installed. */
export class ProcessSink implements Sink {
  readonly name: string;
  readonly canSeek: boolean;
  readonly stream: Sink['stream'];
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
    const { streamArguments } = program;
    if (streamArguments !== undefined)
      this.stream = (request, onEnd) => this.#stream(streamArguments(this.#volumePercent), request, onEnd);
  }

  setVolume(percent: number): void {
    this.#volumePercent = percent;
  }

  play(request: SinkRequest, onEnd: (error?: Error) => void): Playback {
    const beganMs = this.#clock.elapsedMs();
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
        const heardS = request.fromS + (this.#clock.elapsedMs() - beganMs) / 1000;
        return Math.max(request.fromS, Math.min(request.durationS, heardS));
      },
      stop: () => {
        stopped = true;
        child.kill('SIGKILL');
        return gone;
      },
    };
  }

  #stream(given: string[], request: StreamRequest, onEnd: (error?: Error) => void): Playback {
    const { command } = this.#program;
    const child = spawn(command, given, { stdio: ['pipe', 'ignore', 'ignore'] });
    const gone = new Promise<Error | undefined>((resolve) => {
      child.once('error', resolve);
      child.once('exit', (code) =>
        resolve(code === 0 ? undefined : new Error(`${command} ended with code ${String(code)}`)),
      );
    });
    // A program that has ended takes nothing more; how it ended is told by `gone`.
    child.stdin.on('error', () => undefined);
    const fail = async (): Promise<never> => {
      throw (await gone) ?? new Error(`${command} ended before the stream`);
    };
    const failed = fail();
    failed.catch(() => undefined);
    return streamPlayback(
      this.#clock,
      request,
      {
        write: async (chunk) => {
          if (child.exitCode !== null || child.signalCode !== null) await failed;
          if (!child.stdin.write(chunk)) await Promise.race([failed, once(child.stdin, 'drain')]);
        },
        end: async () => {
          child.stdin.end();
          const error = await gone;
          if (error !== undefined) throw error;
        },
        abort: async () => {
          child.kill('SIGKILL');
          await gone;
        },
      },
      onEnd,
    );
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
