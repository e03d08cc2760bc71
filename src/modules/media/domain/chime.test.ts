import decode from 'audio-decode';
import { makeChime } from './chime.js';

describe('the chime', () => {
  it('is the same bytes each time', () => {
    expect(makeChime().equals(makeChime())).toBe(true);
  });

  it('decodes to about three seconds of mono sound at 16 kHz, below -1 dBFS and not silent', async () => {
    const { channelData, sampleRate } = await decode(makeChime());
    const [samples] = channelData;
    expect(channelData).toHaveLength(1);
    expect(sampleRate).toBe(16_000);
    expect(samples!.length / sampleRate).toBeCloseTo(3, 3);
    const peak = samples!.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
    expect(20 * Math.log10(peak)).toBeLessThan(-1);
    expect(20 * Math.log10(peak)).toBeGreaterThan(-6);
  });

  it('begins and ends without a click', async () => {
    const [samples] = (await decode(makeChime())).channelData;
    expect(Math.abs(samples![0]!)).toBeLessThan(0.01);
    expect(Math.abs(samples!.at(-1)!)).toBeLessThan(0.01);
  });
});
