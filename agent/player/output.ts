import type { ClusterClock, Timer } from '../clock.js';
import { totalS, type PlayItem } from './item.js';
import type { LiveSource, Playback, Sink } from './sink.js';

/** The amplifier stays at the play's level for so long after its end: the tail of the sound is part of it. */
const TAIL_MS = 300;

export interface OutputPorts {
  clock: ClusterClock;
  sink: Sink;
  config(): { volumePercent: number };
}

/** The one output of the cluster: at most one item sounds, repeats included, at its volume, which is restored after the tail. */
export class Output {
  readonly #ports: OutputPorts;
  readonly #ended: (item: PlayItem, error?: Error) => void;
  #item: PlayItem | undefined;
  #playback: Playback | undefined;
  /** Seconds of the play before the file that sounds now began. */
  #baseS = 0;
  #tail: Timer | undefined;
  /** The silence between two repeats. */
  #gap: Timer | undefined;

  constructor(ports: OutputPorts, ended: (item: PlayItem, error?: Error) => void) {
    this.#ports = ports;
    this.#ended = ended;
  }

  get item(): PlayItem | undefined {
    return this.#item;
  }

  /** Begins an item where it was left. */
  begin(item: PlayItem): void {
    this.#item = item;
    this.#tail?.cancel();
    this.#tail = undefined;
    this.#next();
  }

  /** The configured volume is another one: it holds at once, but for a play that has its own, and the tail of one. */
  followVolume(): void {
    const { volumePercent } = this.#ports.config();
    if (this.#item === undefined ? this.#tail === undefined : this.#item.volumePercent === undefined)
      this.#ports.sink.setVolume(volumePercent);
  }

  /** Ends the sound; resolves to the seconds of the play that were heard. */
  async stop(): Promise<number> {
    const item = this.#item;
    const playback = this.#playback;
    if (item === undefined) return 0;
    const heardS = playback === undefined ? item.heardS : this.#baseS + playback.positionS();
    this.#gap?.cancel();
    this.#item = undefined;
    this.#playback = undefined;
    await playback?.stop();
    this.#restoreVolume();
    return heardS;
  }

  async close(): Promise<void> {
    await this.stop();
    this.#tail?.cancel();
  }

  /** One file after the other until the play has been heard to its end. */
  #next(): void {
    const item = this.#item;
    if (item === undefined) return;
    if (item.stream !== undefined) return this.#live(item, item.stream);
    const { durationS } = item.media;
    const loop = Math.floor(item.heardS / durationS + 1e-9);
    if (item.heardS >= totalS(item) - 1e-6) return this.#finish(item);
    this.#baseS = loop * durationS;
    const request = {
      playId: item.playId,
      file: item.file ?? '',
      durationS,
      fromS: Math.max(0, item.heardS - this.#baseS),
    };
    try {
      this.#ports.sink.setVolume(item.volumePercent ?? this.#ports.config().volumePercent);
      const playback = this.#ports.sink.play(request, (error) => {
        if (this.#playback !== playback) return;
        if (error !== undefined) return this.#finish(item, error);
        item.heardS = this.#baseS + durationS;
        this.#playback = undefined;
        const { gapS = 0 } = item;
        if (gapS === 0 || item.heardS >= totalS(item) - 1e-6) this.#next();
        else this.#gap = this.#ports.clock.after(gapS * 1000, () => this.#next());
      });
      this.#playback = playback;
    } catch (error) {
      this.#finish(item, error as Error);
    }
  }

  /** What is being said now; over when it ends, not at a length known before. */
  #live(item: PlayItem, source: LiveSource): void {
    const { sink } = this.#ports;
    this.#baseS = item.heardS;
    const limitS = Math.max(0, totalS(item) - item.heardS);
    try {
      sink.setVolume(item.volumePercent ?? this.#ports.config().volumePercent);
      if (sink.stream === undefined) throw new Error(`${sink.name} cannot play a live stream`);
      const playback = sink.stream({ playId: item.playId, source, limitS }, (error) => {
        if (this.#playback === playback) this.#finish(item, error);
      });
      this.#playback = playback;
    } catch (error) {
      this.#finish(item, error as Error);
    }
  }

  #finish(item: PlayItem, error?: Error): void {
    if ((error !== undefined || item.stream !== undefined) && this.#playback !== undefined) {
      item.heardS = this.#baseS + this.#playback.positionS();
    }
    this.#item = undefined;
    this.#playback = undefined;
    this.#restoreVolume();
    this.#ended(item, error);
  }

  #restoreVolume(): void {
    this.#tail?.cancel();
    this.#tail = this.#ports.clock.after(TAIL_MS, () => {
      this.#tail = undefined;
      if (this.#item === undefined) this.#ports.sink.setVolume(this.#ports.config().volumePercent);
    });
  }
}
