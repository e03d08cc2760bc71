import { AT_ONCE_LEAD_MS, GRACE_MS, outsideQuietHours, timingOf, TIMED_LEAD_MS } from './play-timing.js';

const ZONE = 'Asia/Ho_Chi_Minh';
const NIGHT = [{ from: '21:00', to: '05:00' }];
const at = (time: string) => Date.parse(`2026-03-02T${time}+07:00`);

describe('timingOf', () => {
  it('gives an order at once a minute to begin', () => {
    expect(timingOf(1000, undefined, 3000)).toEqual({
      startMs: 1000,
      notAfterMs: 1000 + AT_ONCE_LEAD_MS,
      overByMs: 1000 + AT_ONCE_LEAD_MS + 3000 + GRACE_MS,
    });
  });
  it('counts a timed play from its own time', () => {
    expect(timingOf(1000, 9_000_000, 3000)).toMatchObject({
      startMs: 9_000_000,
      notAfterMs: 9_000_000 + TIMED_LEAD_MS,
    });
  });
});

describe('outsideQuietHours', () => {
  const check = (time: string, lengthS: number) =>
    outsideQuietHours(timingOf(0, at(time), lengthS * 1000), lengthS * 1000, NIGHT, ZONE);

  it('lets a play of the day begin as late as any', () => {
    expect(check('17:00:00', 60)).toEqual({ ok: true, notAfterMs: at('17:05:00') });
  });
  it('lets one before the evening begin only so late that it ends in time', () => {
    expect(check('20:56:00', 60)).toEqual({ ok: true, notAfterMs: at('20:59:00') });
  });
  it('refuses one whose length reaches into quiet hours', () => {
    expect(check('20:59:30', 60)).toEqual({ ok: false, quietMs: at('21:00:00') });
  });
  it('refuses one within them, also when a late beginning would be allowed', () => {
    expect(check('04:58:00', 10)).toEqual({ ok: false, quietMs: at('04:58:00') });
  });
});
