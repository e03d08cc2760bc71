/** One stretch of sound to be put out. */
export interface SinkRequest {
  playId: string;
  file: string;
  /** Length of the file, seconds. */
  durationS: number;
  /** Where to begin, seconds. */
  fromS: number;
}

/** Sound that is being made now. */
export interface LiveSource {
  /** Its bytes, as they come, until it ends or the signal says so. */
  chunks(signal: AbortSignal): AsyncIterable<Uint8Array>;
  /** SHA-256 of what was taken so far. */
  sha256(): string;
}

export interface StreamRequest {
  playId: string;
  source: LiveSource;
  /** It is over by then, whatever still comes; seconds. */
  limitS: number;
}

export interface Playback {
  /** Seconds of the file that have been heard, `fromS` included. */
  positionS(): number;
  /** Ends the sound; resolves when it is silent. `onEnd` is not called after this. */
  stop(): Promise<void>;
}

/** Where sound goes. */
export interface Sink {
  readonly name: string;
  /** Whether it can begin in the middle of a file; if not, what is to be resumed is restarted. */
  readonly canSeek: boolean;
  /** Level of the amplifier; holds until it is set again. */
  setVolume(percent: number): void;
  /** Begins at once. `onEnd` is called once when the file is over, with the error that cut it short if there was one. */
  play(request: SinkRequest, onEnd: (error?: Error) => void): Playback;
  /** Plays a live stream, as `play` does a file. Absent: it cannot. */
  readonly stream?: (request: StreamRequest, onEnd: (error?: Error) => void) => Playback;
  /** For the self-test: resolves to a sentence, rejects when nothing could be heard. */
  check(): Promise<string>;
}
