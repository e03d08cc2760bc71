/** Zero crossings of the sine on each side, at the lower of the two rates. */
const CROSSINGS = 20;
/** Share of the lower rate's half that passes; the rest is where the filter falls. */
const PASS_SHARE = 0.92;
/** Of the Kaiser window: about 80 dB down in what would fold back. */
const KAISER_BETA = 8;

/**
 * Brings one channel from one sample rate to another, piece by piece. Each output sample is a windowed sine over the
 * input; the sines for all positions that occur are reckoned once.
 */
export class Resampler {
  private readonly up: number;
  private readonly down: number;
  private readonly half: number;
  private readonly filters: Float32Array[];
  private buffer: Float32Array;
  /** Index in the whole input of the buffer's first sample; before the input lie `half` samples of silence. */
  private bufferFrom: number;
  /** Next output sample. */
  private next = 0;
  private taken = 0;

  constructor(fromHz: number, toHz: number) {
    const divisor = gcd(fromHz, toHz);
    this.up = toHz / divisor;
    this.down = fromHz / divisor;
    const cutoff = Math.min(1, toHz / fromHz) * (fromHz === toHz ? 1 : PASS_SHARE);
    this.half = Math.ceil(CROSSINGS * Math.max(1, fromHz / toHz));
    this.filters = fromHz === toHz ? [] : phasesOf(this.up, this.half, cutoff);
    this.buffer = new Float32Array(this.half);
    this.bufferFrom = -this.half;
  }

  push(samples: Float32Array): Float32Array {
    if (this.filters.length === 0) return samples;
    this.taken += samples.length;
    return this.run(samples, Infinity);
  }

  /** The rest, so that the whole is as long as the input was. */
  finish(): Float32Array {
    if (this.filters.length === 0) return new Float32Array(0);
    return this.run(new Float32Array(this.half + 1), Math.round((this.taken * this.up) / this.down));
  }

  private run(samples: Float32Array, before: number): Float32Array {
    const joined = new Float32Array(this.buffer.length + samples.length);
    joined.set(this.buffer);
    joined.set(samples, this.buffer.length);
    const known = this.bufferFrom + joined.length;
    const out = new Float32Array(Math.ceil(((samples.length + this.half + 2) * this.up) / this.down) + 1);
    let count = 0;
    for (; this.next < before; this.next += 1) {
      const at = this.next * this.down;
      const base = Math.floor(at / this.up);
      if (base + this.half >= known || count === out.length) break;
      const taps = this.filters[at % this.up]!;
      const from = base - this.half + 1 - this.bufferFrom;
      let sum = 0;
      for (let tap = 0; tap < taps.length; tap += 1) sum += taps[tap]! * joined[from + tap]!;
      out[count] = sum;
      count += 1;
    }
    const keepFrom = Math.floor((this.next * this.down) / this.up) - this.half + 1;
    const drop = Math.max(0, Math.min(joined.length, keepFrom - this.bufferFrom));
    this.buffer = joined.slice(drop);
    this.bufferFrom += drop;
    return out.subarray(0, count);
  }
}

/** For each position between two input samples the weights of the `2·half` samples about it. */
function phasesOf(count: number, half: number, cutoff: number): Float32Array[] {
  return Array.from({ length: count }, (_, phase) => {
    const offset = phase / count;
    const taps = Float64Array.from({ length: 2 * half }, (_unused, tap) => {
      const x = tap - half + 1 - offset;
      const sine = x === 0 ? cutoff : Math.sin(Math.PI * cutoff * x) / (Math.PI * x);
      return sine * kaiser(x / half);
    });
    const sum = taps.reduce((total, tap) => total + tap, 0);
    return Float32Array.from(taps, (tap) => tap / sum);
  });
}

function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : bessel0(KAISER_BETA * Math.sqrt(1 - x * x)) / bessel0(KAISER_BETA);
}

/** Modified Bessel function of order 0, by its series. */
function bessel0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > 1e-12 * sum; k += 1) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}
