/**
 * A short chime as 16-bit PCM WAV, made by computation alone, so that nothing has to be shipped or licensed and the
 * same bytes (and hash) come out everywhere.
 */

const SAMPLE_RATE_HZ = 16_000;
const DURATION_S = 3;
/** −3 dBFS: below −1 dBFS with room for what an amplifier adds. */
const PEAK = 10 ** (-3 / 20);
const ATTACK_S = 0.008;
const FADE_OUT_S = 0.15;

/** A falling major triad, G5 E5 C5, as station chimes have it. */
const NOTES = [
  { startS: 0, frequencyHz: 783.99 },
  { startS: 0.55, frequencyHz: 659.26 },
  { startS: 1.1, frequencyHz: 523.25 },
];
/** Partials of a struck bar: relative strength and how fast each fades (1/s). */
const PARTIALS = [
  { multiple: 1, strength: 1, decayPerS: 2.2 },
  { multiple: 2, strength: 0.28, decayPerS: 4 },
  { multiple: 4, strength: 0.1, decayPerS: 9 },
];

/** The chime: mono, 16 kHz, 3 s, peak −3 dBFS. */
export function makeChime(): Buffer {
  const samples = synthesise();
  const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  return pcm16Wav(
    samples.map((sample) => (sample / peak) * PEAK),
    SAMPLE_RATE_HZ,
  );
}

function synthesise(): Float64Array {
  const samples = new Float64Array(SAMPLE_RATE_HZ * DURATION_S);
  for (let i = 0; i < samples.length; i += 1) {
    const atS = i / SAMPLE_RATE_HZ;
    const fade = Math.min(1, (DURATION_S - atS) / FADE_OUT_S);
    let sum = 0;
    for (const { startS, frequencyHz } of NOTES) {
      const sinceS = atS - startS;
      if (sinceS < 0) continue;
      const attack = Math.min(1, sinceS / ATTACK_S);
      for (const { multiple, strength, decayPerS } of PARTIALS)
        sum +=
          attack *
          strength *
          Math.exp(-decayPerS * sinceS) *
          Math.sin(2 * Math.PI * frequencyHz * multiple * sinceS);
    }
    samples[i] = sum * fade;
  }
  return samples;
}

/** Mono samples of −1…1 as a WAV file (RIFF, format 1, 16 bit). Values outside are held at the limits. */
export function pcm16Wav(samples: Float64Array, sampleRateHz: number): Buffer {
  const bytes = samples.length * 2;
  const wav = Buffer.alloc(44 + bytes);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + bytes, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(sampleRateHz, 24);
  wav.writeUInt32LE(sampleRateHz * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(bytes, 40);
  samples.forEach((sample, i) =>
    wav.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32_767), 44 + 2 * i),
  );
  return wav;
}
