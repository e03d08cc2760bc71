import { staysBelow, TRUE_PEAK_LOOK_AHEAD, TRUE_PEAK_LOOK_BACK, truePeakAt } from './true-peak.js';

/** Samples looked over together before any point between them is reckoned. */
const STRETCH = 32;
const LOOK_AHEAD_S = 0.005;
/** How long the gain takes to come back, for the most part. */
const RELEASE_S = 0.15;

/**
 * Holds the true peak of one channel below a ceiling, piece by piece. The gain needed is known before the peak comes: its
 * lowest value over the look-ahead, let go slowly, then averaged over the look-ahead, is never above it at the peak and has
 * no corner to be heard.
 */
export class Limiter {
  private readonly window: number;
  private readonly release: number;
  private history: Float32Array = new Float32Array(TRUE_PEAK_LOOK_BACK);
  /** Input not yet given out, `window` − 1 samples long once running. */
  private readonly delay: Float32Array;
  private readonly needed: Float64Array;
  private readonly smooth: Float64Array;
  private lowestAt = -1;
  private held = 1;
  private sum: number;
  private count = 0;

  constructor(
    sampleRateHz: number,
    private readonly ceiling: number,
  ) {
    this.window = Math.max(2, Math.round(sampleRateHz * LOOK_AHEAD_S));
    this.release = 1 - Math.exp(-1 / (sampleRateHz * RELEASE_S));
    this.delay = new Float32Array(this.window);
    this.needed = new Float64Array(this.window).fill(1);
    this.smooth = new Float64Array(this.window).fill(1);
    this.sum = this.window;
  }

  /** Gives out the input from the beginning, later by what is being looked ahead at. */
  push(samples: Float32Array): Float32Array {
    const joined = new Float32Array(this.history.length + samples.length);
    joined.set(this.history);
    joined.set(samples, this.history.length);
    const end = joined.length - TRUE_PEAK_LOOK_AHEAD;
    const out = new Float32Array(Math.max(0, end - TRUE_PEAK_LOOK_BACK));
    let given = 0;
    let calmUntil = 0;
    let loudUntil = 0;
    for (let i = TRUE_PEAK_LOOK_BACK; i < end; i += 1) {
      if (i >= calmUntil && i >= loudUntil) {
        const to = Math.min(end, i + STRETCH);
        if (staysBelow(joined, i, to, this.ceiling)) calmUntil = to;
        else loudUntil = to;
      }
      const gain = this.gainFor(i < calmUntil ? 0 : truePeakAt(joined, i));
      const slot = this.count % this.window;
      this.delay[slot] = joined[i]!;
      this.count += 1;
      if (this.count < this.window) continue;
      out[given] = this.delay[this.count % this.window]! * gain;
      given += 1;
    }
    this.history = joined.slice(Math.max(0, end - TRUE_PEAK_LOOK_BACK));
    return out.subarray(0, given);
  }

  /** The rest, so that as many samples come out as went in. */
  finish(): Float32Array {
    return this.push(new Float32Array(this.window - 1 + TRUE_PEAK_LOOK_AHEAD));
  }

  /** The gain for the sample that lies `window` − 1 before the one with this peak. */
  private gainFor(peak: number): number {
    const slot = this.count % this.window;
    this.needed[slot] = peak > this.ceiling ? this.ceiling / peak : 1;
    if (this.lowestAt < 0 || this.count - this.lowestAt >= this.window) this.lowestAt = this.findLowest();
    else if (this.needed[slot] <= this.needed[this.lowestAt % this.window]!) this.lowestAt = this.count;
    const lowest = this.needed[this.lowestAt % this.window]!;
    this.held = lowest < this.held ? lowest : this.held + (lowest - this.held) * this.release;
    this.sum += this.held - this.smooth[slot]!;
    this.smooth[slot] = this.held;
    return this.sum / this.window;
  }

  private findLowest(): number {
    let at = this.count;
    for (let back = 1; back < Math.min(this.window, this.count + 1); back += 1)
      if (this.needed[(this.count - back) % this.window]! < this.needed[at % this.window]!)
        at = this.count - back;
    return at;
  }
}
