/** One stretch of sound to be put out. */
export interface SinkRequest {
  playId: string;
  file: string;
  /** Length of the file, seconds. */
  durationS: number;
  /** Where to begin, seconds. */
  fromS: number;
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
  /** For the self-test: resolves to a sentence, rejects when nothing could be heard. */
  check(): Promise<string>;
}
