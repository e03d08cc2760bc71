import type { LogKind, PlanItem } from '../../src/contract/index.js';
import type { MediaError } from '../../agent/download.js';
import { PlayEngine, type PlayerConfig, type RecordDetail } from '../../agent/player/engine.js';
import { itemFromPlan, type PlayItem } from '../../agent/player/item.js';
import { NullSink } from '../../agent/player/null-sink.js';
import type { Playback, Sink, SinkRequest } from '../../agent/player/sink.js';
import { ManualClock } from './manual-clock.js';

const START = '2026-03-02T20:58:00+07:00';
export const START_MS = Date.parse(START);
/** So many seconds after the bench's clock began. */
export const at = (seconds: number): string => new Date(START_MS + seconds * 1000).toISOString();

/** A record as it was written. */
export interface Told extends RecordDetail {
  play: string;
  kind: LogKind;
  atS: number;
  heardS: number;
}

/** The null sink, counting what sounds at once and noting the volumes that are set. */
class WatchedSink extends NullSink implements Sink {
  sounding = 0;
  most = 0;
  readonly volumes: number[] = [];
  fail: Error | undefined;
  /** Called while a sound is being ended. */
  stopping = (): void => undefined;

  override setVolume(percent: number): void {
    this.volumes.push(percent);
  }

  override play(request: SinkRequest, onEnd: (error?: Error) => void): Playback {
    if (this.fail !== undefined) throw this.fail;
    this.sounding += 1;
    this.most = Math.max(this.most, this.sounding);
    const playback = super.play(request, (error) => {
      this.sounding -= 1;
      onEnd(error);
    });
    return {
      positionS: () => playback.positionS(),
      stop: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        this.stopping();
        this.sounding -= 1;
        await playback.stop();
      },
    };
  }
}

/** The player over a clock held in hand and a sink that watches. */
export function bench(config: Partial<PlayerConfig> = {}) {
  const clock = new ManualClock(START);
  const sink = new WatchedSink(clock);
  const told: Told[] = [];
  const faults: unknown[] = [];
  const missing = new Map<string, MediaError>();
  const disk = { full: false };
  const engine = new PlayEngine({
    clock,
    sink,
    media: {
      has: (sha256) => !missing.has(sha256),
      prepare: ({ sha256 }) => {
        const error = missing.get(sha256);
        return error === undefined ? Promise.resolve(`/media/${sha256}`) : Promise.reject(error);
      },
    },
    config: () => ({ volumePercent: 40, quietHours: [], timeZone: 'Asia/Ho_Chi_Minh', ...config }),
    record: (item, kind, detail) => {
      told.push({
        play: item.playId,
        kind,
        atS: (clock.now() - START_MS) / 1000,
        heardS: item.heardS,
        ...detail,
      });
      return !disk.full;
    },
    changed: () => undefined,
    fault: (error) => faults.push(error),
  });
  const kinds = (play: string): LogKind[] => told.filter((one) => one.play === play).map(({ kind }) => kind);
  return { clock, sink, told, faults, missing, disk, engine, kinds };
}

export function planItem(playId: string, change: Partial<PlanItem> = {}): PlanItem {
  return {
    playId,
    broadcastId: 'b',
    occurrenceId: 'o',
    class: 'NORMAL',
    rank: 1,
    approvedAt: '2026-03-01T00:00:00Z',
    media: { sha256: `media of ${playId}`, bytes: 1, durationS: 10 },
    startAt: at(10),
    notAfter: at(60),
    onInterrupt: 'RESUME',
    repeat: 1,
    ...change,
  };
}

export const item = (playId: string, change: Partial<PlanItem> = {}): PlayItem =>
  itemFromPlan(planItem(playId, change));
