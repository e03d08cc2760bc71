/** Between two samples the sound is reckoned at three more points (ITU-R BS.1770-5, annex 2: four times the rate). */
const PHASES = 4;
const TAPS = 24;
/** Where the middle of the filter lies: the points reckoned are those up to one sample after this one. */
const CENTRE = TAPS / 2 - 1;

/** A windowed sine for each point between two samples, so that together they hand a constant on unchanged. */
const FILTERS: readonly Float64Array[] = Array.from({ length: PHASES - 1 }, (_, phase) => {
  const offset = (phase + 1) / PHASES;
  const taps = Float64Array.from({ length: TAPS }, (_unused, tap) => {
    const x = tap - CENTRE - offset;
    const window = 0.5 + 0.5 * Math.cos((Math.PI * x) / (TAPS / 2));
    return (Math.sin(Math.PI * x) / (Math.PI * x)) * window;
  });
  const sum = taps.reduce((total, tap) => total + tap, 0);
  return taps.map((tap) => tap / sum);
});
/** No point between samples is further out than this times the highest of the samples it is reckoned from. */
const HIGHEST_GAIN = Math.max(...FILTERS.map((taps) => taps.reduce((sum, tap) => sum + Math.abs(tap), 0)));

/** How many samples after a sample must be known to say its peak. */
export const TRUE_PEAK_LOOK_AHEAD = TAPS - 1 - CENTRE;
/** How many samples before it. */
export const TRUE_PEAK_LOOK_BACK = CENTRE;

/** The highest absolute value from sample `at` up to the next one. Samples from `at` − look-back to `at` + look-ahead must be there. */
export function truePeakAt(samples: Float32Array, at: number): number {
  let highest = Math.abs(samples[at]!);
  const from = at - CENTRE;
  for (let phase = 0; phase < PHASES - 1; phase += 1) {
    const taps = FILTERS[phase]!;
    let sum = 0;
    for (let tap = 0; tap < TAPS; tap += 1) sum += taps[tap]! * samples[from + tap]!;
    const level = Math.abs(sum);
    if (level > highest) highest = level;
  }
  return highest;
}

/**
 * Whether no true peak from `from` to `to` can be above `limit`, told from the samples alone: so for most of any sound the
 * points between need not be reckoned.
 */
export function staysBelow(samples: Float32Array, from: number, to: number, limit: number): boolean {
  const end = to + TRUE_PEAK_LOOK_AHEAD;
  for (let i = from - CENTRE; i < end; i += 1)
    // Also false when the sample is no number.
    if (!(Math.abs(samples[i]!) * HIGHEST_GAIN <= limit)) return false;
  return true;
}

/** The highest true peak of one channel given piece by piece. */
export class TruePeakMeter {
  /** 1 = full scale. */
  peak = 0;
  private tail = new Float32Array(TAPS - 1);

  add(samples: Float32Array): void {
    const joined = new Float32Array(this.tail.length + samples.length);
    joined.set(this.tail);
    joined.set(samples, this.tail.length);
    const end = joined.length - TRUE_PEAK_LOOK_AHEAD;
    for (let from = CENTRE; from < end; from += TAPS) {
      const to = Math.min(end, from + TAPS);
      if (staysBelow(joined, from, to, this.peak)) continue;
      for (let i = from; i < to; i += 1) this.peak = Math.max(this.peak, truePeakAt(joined, i));
    }
    this.tail = joined.slice(joined.length - (TAPS - 1));
  }

  /** dBTP, with the last samples followed by silence; null when there is nothing but silence. */
  finish(): number | null {
    this.add(new Float32Array(TAPS));
    return this.peak > 0 ? 20 * Math.log10(this.peak) : null;
  }
}
