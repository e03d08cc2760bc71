import { isClockTrusted } from './clock-trust.js';

describe('a clock', () => {
  it('is trusted when it is synchronised and not known to be more than a minute off', () => {
    for (const offsetMs of [null, 0, 60_000, -60_000])
      expect(isClockTrusted({ synced: true, offsetMs })).toBe(true);
    for (const offsetMs of [60_001, -60_001, 600_000, -600_000])
      expect(isClockTrusted({ synced: true, offsetMs })).toBe(false);
    expect(isClockTrusted({ synced: false, offsetMs: 0 })).toBe(false);
    expect(isClockTrusted({ synced: false, offsetMs: null })).toBe(false);
  });
});
