import fc from 'fast-check';
import { Limiter } from '../../src/modules/media/domain/sound/limiter.js';
import { LoudnessMeter } from '../../src/modules/media/domain/sound/loudness.js';
import { Resampler } from '../../src/modules/media/domain/sound/resampler.js';
import { TruePeakMeter } from '../../src/modules/media/domain/sound/true-peak.js';
import { ebur128 } from './ebur128.js';

const tone = (rateHz: number, durationS: number, frequencyHz: number, amplitude: number, phase = 0) =>
  Float32Array.from(
    { length: Math.round(rateHz * durationS) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequencyHz * i) / rateHz + phase),
  );

/** Noise that comes and goes, with clicks: the same for the same seed. */
function rough(rateHz: number, durationS: number, seed: number): Float32Array {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return Float32Array.from({ length: Math.round(rateHz * durationS) }, (_, i) => {
    const swell = 0.02 + 0.4 * Math.abs(Math.sin((i / rateHz) * 0.9 + seed));
    return random() * swell + (random() > 0.9995 ? random() * 0.6 : 0);
  });
}

function pieces(samples: Float32Array, size: number): Float32Array[] {
  const parts: Float32Array[] = [];
  for (let from = 0; from < samples.length; from += size) parts.push(samples.subarray(from, from + size));
  return parts;
}
function joined(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
function loudnessOf(rateHz: number, samples: Float32Array, size = samples.length): number | null {
  const meter = new LoudnessMeter(rateHz);
  for (const piece of pieces(samples, size)) meter.add([piece]);
  return meter.integratedLufs();
}
function truePeakOf(samples: Float32Array, size = samples.length): number | null {
  const meter = new TruePeakMeter();
  for (const piece of pieces(samples, size)) meter.add(piece);
  return meter.finish();
}
function limited(rateHz: number, samples: Float32Array, ceiling: number, size: number): Float32Array {
  const limiter = new Limiter(rateHz, ceiling);
  return joined([...pieces(samples, size).map((piece) => limiter.push(piece)), limiter.finish()]);
}
const resampled = (from: number, to: number, samples: Float32Array, size: number): Float32Array => {
  const resampler = new Resampler(from, to);
  return joined([...pieces(samples, size).map((piece) => resampler.push(piece).slice()), resampler.finish()]);
};

describe('loudness', () => {
  it('is −23 LUFS for the tone of EBU Tech 3341, case 1', () => {
    const channel = tone(48_000, 20, 1000, 10 ** (-23 / 20));
    const meter = new LoudnessMeter(48_000);
    meter.add([channel, channel]);
    expect(meter.integratedLufs()).toBeCloseTo(-23, 1);
  });

  it('passes over the quiet parts, as EBU Tech 3341, case 3', () => {
    const level = (dbfs: number, durationS: number) => tone(48_000, durationS, 1000, 10 ** (dbfs / 20));
    const channel = joined([level(-36, 10), level(-23, 60), level(-36, 10)]);
    const meter = new LoudnessMeter(48_000);
    meter.add([channel, channel]);
    expect(meter.integratedLufs()).toBeCloseTo(-23, 1);
  });

  it.each([
    [8_000, 3],
    [22_050, 11],
    [24_000, 5],
    [44_100, 7],
    [48_000, 13],
  ])('is what ebur128 says, at %i Hz', async (rateHz, seed) => {
    const samples = rough(rateHz, 8, seed);
    const other = await ebur128(rateHz, samples);
    expect(loudnessOf(rateHz, samples, 1_234)).toBeCloseTo(other.integratedLufs, 1);
  });

  it('is unknown for silence, and known for what is shorter than a block', () => {
    expect(loudnessOf(24_000, new Float32Array(48_000))).toBeNull();
    expect(loudnessOf(24_000, new Float32Array(0))).toBeNull();
    expect(loudnessOf(24_000, tone(24_000, 0.2, 1000, 0.5))).toBeCloseTo(-9, 0);
  });
});

describe('the true peak', () => {
  it('sees what lies between the samples', () => {
    // A quarter of the rate, sampled at 45° and so on: each sample is 3 dB below the crest.
    const samples = tone(24_000, 1, 6_000, 0.5, Math.PI / 4).subarray(1_000, 23_000);
    const sample = samples.reduce((highest, value) => Math.max(highest, Math.abs(value)), 0);
    expect(20 * Math.log10(sample)).toBeCloseTo(-9.03, 1);
    expect(truePeakOf(samples)).toBeGreaterThan(-6.3);
    expect(truePeakOf(samples)).toBeLessThan(-5.4);
  });

  it('is near what ebur128 says, and the same in pieces', async () => {
    for (const seed of [1, 2, 3]) {
      const samples = rough(24_000, 4, seed);
      const { truePeakDbtp } = await ebur128(24_000, samples);
      expect(Math.abs(truePeakOf(samples)! - truePeakDbtp)).toBeLessThan(0.3);
      expect(truePeakOf(samples, 17)).toBe(truePeakOf(samples));
    }
  });

  it('is unknown for silence', () => {
    expect(truePeakOf(new Float32Array(1_000))).toBeNull();
  });
});

describe('the limiter', () => {
  it('never lets a peak through, whatever comes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.double({ min: 0.5, max: 12, noNaN: true }),
        async (seed, gain) => {
          const loud = rough(24_000, 1, seed).map((sample) => sample * gain);
          const out = limited(24_000, loud, 10 ** (-1 / 20), 1_000);
          expect(out).toHaveLength(loud.length);
          expect(truePeakOf(out) ?? -99).toBeLessThan(-0.9);
          expect((await ebur128(24_000, out)).truePeakDbtp).toBeLessThan(-0.5);
        },
      ),
      { numRuns: 20 },
    );
  });

  it('leaves alone what is low enough', () => {
    const quiet = tone(24_000, 1, 700, 0.5);
    const out = limited(24_000, quiet, 0.9, 777);
    out.forEach((sample, i) => expect(Math.abs(sample - quiet[i]!)).toBeLessThan(1e-6));
  });

  it('gives the same for any division into pieces', () => {
    const loud = rough(24_000, 0.5, 9).map((sample) => sample * 5);
    const whole = limited(24_000, loud, 0.8, loud.length);
    for (const size of [1, 13, 4_096]) expect(limited(24_000, loud, 0.8, size)).toEqual(whole);
  });
});

describe('resampling', () => {
  it.each([8_000, 11_025, 16_000, 22_050, 32_000, 44_100, 48_000, 96_000, 24_000])(
    'keeps a tone and its length, from %i Hz',
    (rateHz) => {
      const out = resampled(rateHz, 24_000, tone(rateHz, 1, 1_000, 0.5), 5_000);
      expect(out).toHaveLength(24_000);
      const wanted = tone(24_000, 1, 1_000, 0.5);
      const worst = out
        .subarray(500, 23_500)
        .reduce((most, sample, i) => Math.max(most, Math.abs(sample - wanted[i + 500]!)), 0);
      expect(worst).toBeLessThan(1e-3);
    },
  );

  it('takes out what the lower rate cannot carry', () => {
    const out = resampled(48_000, 24_000, tone(48_000, 1, 15_000, 0.5), 3_000);
    expect(out.subarray(500, 23_500).every((sample) => Math.abs(sample) < 1e-3)).toBe(true);
  });

  it('gives the same for any division into pieces', () => {
    const samples = rough(22_050, 0.3, 4);
    const whole = resampled(22_050, 24_000, samples, samples.length);
    for (const size of [1, 7, 2_000]) expect(resampled(22_050, 24_000, samples, size)).toEqual(whole);
  });
});
