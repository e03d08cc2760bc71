import { pcm16Wav } from '../../src/modules/media/domain/chime.js';

const SAMPLE_RATE_HZ = 8_000;

/** A tone as WAV; another frequency is another file. */
export function toneWav(durationS: number, frequencyHz: number, amplitude = 0.5): Buffer {
  const samples = Float64Array.from(
    { length: Math.round(durationS * SAMPLE_RATE_HZ) },
    (_, i) => amplitude * Math.sin((2 * Math.PI * frequencyHz * i) / SAMPLE_RATE_HZ),
  );
  return pcm16Wav(samples, SAMPLE_RATE_HZ);
}

/** A WAV whose header claims 65,535 channels of one byte in frames of one byte: decoding it asks for gigabytes. */
export function manyChannelsWav(): Buffer {
  const wav = Buffer.alloc(44 + 2_000_000, 0x55);
  toneWav(0.01, 440).copy(wav, 0, 0, 44);
  wav.writeUInt16LE(65_535, 22);
  wav.writeUInt16LE(1, 32);
  wav.writeUInt16LE(8, 34);
  wav.writeUInt32LE(wav.length - 44, 40);
  return wav;
}

/** Begins like MPEG audio, goes on as noise. */
export function notReallyMp3(): Buffer {
  const bytes = Buffer.alloc(200_000);
  let state = 12_345;
  for (let i = 0; i < bytes.length; i += 1) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    bytes[i] = state >>> 24;
  }
  bytes.set([0xff, 0xfb, 0x90, 0x64]);
  return bytes;
}
