/** One stage of a filter with two poles and two zeros, as difference equation coefficients. */
interface Biquad {
  b0: number;
  b1: number;
  b2: number;
  a1: number;
  a2: number;
}

/** Gating blocks of 400 ms, one beginning every 100 ms (ITU-R BS.1770-5, annex 1). */
const STEPS_PER_BLOCK = 4;
const STEP_S = 0.1;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;
const OFFSET_LUFS = -0.691;
/** Of five and six channels in the order L R C (LFE) Ls Rs; in any other number each counts once. */
const CHANNEL_WEIGHTS: Record<number, readonly number[]> = {
  5: [1, 1, 1, 1.41, 1.41],
  6: [1, 1, 1, 0, 1.41, 1.41],
};

/**
 * Integrated loudness after ITU-R BS.1770-5 and EBU R 128, of sound that is given piece by piece: hours need no more
 * memory than seconds, but for one number every 100 ms.
 */
export class LoudnessMeter {
  private readonly stages: readonly [Biquad, Biquad];
  private readonly stepSamples: number;
  private readonly state: Float64Array[] = [];
  /** Weighted energy of each whole step, and what the present one has so far. */
  private readonly steps: number[] = [];
  private energy = 0;
  private filled = 0;
  private totalEnergy = 0;
  private totalSamples = 0;

  constructor(sampleRateHz: number) {
    this.stages = kWeighting(sampleRateHz);
    this.stepSamples = Math.max(1, Math.round(sampleRateHz * STEP_S));
  }

  /** Samples of −1…1, one array per channel, all of the same length. */
  add(channels: readonly Float32Array[]): void {
    const length = channels[0]?.length ?? 0;
    const weights = CHANNEL_WEIGHTS[channels.length];
    while (this.state.length < channels.length) this.state.push(new Float64Array(4));
    for (let from = 0; from < length;) {
      const to = Math.min(length, from + this.stepSamples - this.filled);
      channels.forEach((samples, i) => {
        this.energy += (weights?.[i] ?? 1) * this.weighted(samples, from, to, this.state[i]!);
      });
      this.filled += to - from;
      this.totalSamples += to - from;
      from = to;
      if (this.filled === this.stepSamples) this.endStep();
    }
  }

  /**
   * LUFS; null when nothing rises above −70 LUFS. What is shorter than one block is measured as one.
   */
  integratedLufs(): number | null {
    const blocks: number[] = [];
    for (let i = STEPS_PER_BLOCK; i <= this.steps.length; i += 1) {
      let sum = 0;
      for (let step = i - STEPS_PER_BLOCK; step < i; step += 1) sum += this.steps[step]!;
      blocks.push(sum / (STEPS_PER_BLOCK * this.stepSamples));
    }
    if (blocks.length === 0 && this.totalSamples > 0)
      blocks.push((this.totalEnergy + this.energy) / this.totalSamples);
    const audible = blocks.filter((energy) => lufsOf(energy) >= ABSOLUTE_GATE_LUFS);
    if (audible.length === 0) return null;
    const gate = lufsOf(mean(audible)) + RELATIVE_GATE_LU;
    return lufsOf(mean(audible.filter((energy) => lufsOf(energy) >= gate)));
  }

  private endStep(): void {
    this.steps.push(this.energy);
    this.totalEnergy += this.energy;
    this.energy = 0;
    this.filled = 0;
  }

  /** The energy of a part of a channel behind both filters; `z` is what they remember of it. */
  private weighted(samples: Float32Array, from: number, to: number, z: Float64Array): number {
    const [p, q] = this.stages;
    let [z0, z1, z2, z3] = z as unknown as [number, number, number, number];
    let energy = 0;
    for (let i = from; i < to; i += 1) {
      const x = samples[i]!;
      const y = p.b0 * x + z0;
      z0 = p.b1 * x - p.a1 * y + z1;
      z1 = p.b2 * x - p.a2 * y;
      const k = q.b0 * y + z2;
      z2 = q.b1 * y - q.a1 * k + z3;
      z3 = q.b2 * y - q.a2 * k;
      energy += k * k;
    }
    z[0] = z0;
    z[1] = z1;
    z[2] = z2;
    z[3] = z3;
    return energy;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function lufsOf(energy: number): number {
  return OFFSET_LUFS + 10 * Math.log10(energy);
}

/**
 * The two filters of BS.1770 for any sample rate: the head as a shelf, then the RLB high pass. The recommendation gives
 * coefficients for 48 kHz alone; these are their analogue prototypes (as in libebur128), put through the bilinear
 * transform.
 */
function kWeighting(sampleRateHz: number): readonly [Biquad, Biquad] {
  const shelfK = Math.tan((Math.PI * 1681.974450955533) / sampleRateHz);
  const shelfQ = 0.7071752369554196;
  const high = 10 ** (3.999843853973347 / 20);
  const band = high ** 0.4996667741545416;
  const shelfA0 = 1 + shelfK / shelfQ + shelfK * shelfK;
  const shelf: Biquad = {
    b0: (high + (band * shelfK) / shelfQ + shelfK * shelfK) / shelfA0,
    b1: (2 * (shelfK * shelfK - high)) / shelfA0,
    b2: (high - (band * shelfK) / shelfQ + shelfK * shelfK) / shelfA0,
    a1: (2 * (shelfK * shelfK - 1)) / shelfA0,
    a2: (1 - shelfK / shelfQ + shelfK * shelfK) / shelfA0,
  };
  const passK = Math.tan((Math.PI * 38.13547087602444) / sampleRateHz);
  const passQ = 0.5003270373238773;
  const passA0 = 1 + passK / passQ + passK * passK;
  const pass: Biquad = {
    b0: 1,
    b1: -2,
    b2: 1,
    a1: (2 * (passK * passK - 1)) / passA0,
    a2: (1 - passK / passQ + passK * passK) / passA0,
  };
  return [shelf, pass];
}
