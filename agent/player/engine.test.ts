import fc from 'fast-check';
import { at, bench, item, planItem, START_MS } from '../../test/agent/player-bench.js';
import { compareClaims } from '../../src/contract/index.js';
import { MediaError } from '../download.js';
import { itemFromCommand, itemFromPlan } from './item.js';

describe('the player', () => {
  it('begins on the second, repeats, and restores the volume after the tail', async () => {
    const { clock, engine, sink, told } = bench();
    engine.replacePlan([item('a', { repeat: 3, volumePercent: 90 })]);
    await clock.advance(60_000);
    expect(told).toEqual([
      { play: 'a', kind: 'started', atS: 10, heardS: 0 },
      { play: 'a', kind: 'finished', atS: 40, heardS: 30 },
    ]);
    expect(sink.volumes).toEqual([90, 90, 90, 40]);
  });

  it('follows the configured volume at once, but for a play that has its own', async () => {
    const config = { volumePercent: 40 };
    const { clock, engine, sink } = bench(config);
    const set = (volumePercent: number): void => {
      config.volumePercent = volumePercent;
      engine.configured();
    };
    engine.replacePlan([item('a', { volumePercent: 90 }), item('b', { startAt: at(30) })]);
    set(50);
    await clock.advance(12_000);
    set(60);
    await clock.advance(20_000);
    set(70);
    await clock.advance(60_000);
    expect(sink.volumes).toEqual([50, 90, 60, 60, 70, 70]);
  });

  it('restores no volume between two plays that follow each other at once', async () => {
    const { clock, engine, sink, kinds } = bench();
    engine.replacePlan([item('a', { rank: 2, volumePercent: 90 }), item('b', { volumePercent: 60 })]);
    await clock.advance(60_000);
    expect(sink.volumes).toEqual([90, 60, 40]);
    expect(kinds('b')).toEqual(['started', 'finished']);
  });

  it('resumes in the middle of a repeat, restarts, or drops, as the item says', async () => {
    const { clock, engine, told } = bench();
    engine.replacePlan([
      item('resume', { repeat: 2, rank: 3 }),
      item('alert', { class: 'EMERGENCY', startAt: at(23) }),
    ]);
    await clock.advance(100_000);
    expect(told.map(({ play, kind, atS, heardS, next }) => [play, kind, atS, heardS, next])).toEqual([
      ['resume', 'started', 10, 0, undefined],
      ['resume', 'interrupted', 23, 13, 'RESUME'],
      ['alert', 'started', 23, 0, undefined],
      ['alert', 'finished', 33, 10, undefined],
      ['resume', 'resumed', 33, 13, undefined],
      ['resume', 'finished', 40, 20, undefined],
    ]);
    for (const onInterrupt of ['RESTART', 'DROP'] as const) {
      const other = bench();
      other.engine.replacePlan([
        item('low', { onInterrupt }),
        item('alert', { class: 'EMERGENCY', startAt: at(13) }),
      ]);
      await other.clock.advance(100_000);
      const last = other.told.filter(({ play }) => play === 'low').at(-1);
      if (onInterrupt === 'DROP') expect(last).toMatchObject({ kind: 'interrupted', next: 'DROP', atS: 13 });
      else expect(last).toMatchObject({ kind: 'finished', atS: 33, heardS: 10 });
    }
  });

  it('restarts what it cannot resume because the output cannot seek, and says so', async () => {
    const { clock, engine, sink, told } = bench();
    Object.defineProperty(sink, 'canSeek', { value: false });
    engine.replacePlan([item('low'), item('alert', { class: 'EMERGENCY', startAt: at(13) })]);
    await clock.advance(100_000);
    expect(told[1]).toMatchObject({ kind: 'interrupted', next: 'RESTART' });
    expect(told.at(-1)).toMatchObject({ play: 'low', kind: 'finished', atS: 33 });
  });

  it('falls silent when quiet hours begin, but for an EMERGENCY', async () => {
    const { clock, engine, told } = bench({ quietHours: [{ from: '21:00', to: '05:00' }] });
    const media = { sha256: 'long', bytes: 1, durationS: 600 };
    engine.replacePlan([
      item('evening', { media, rank: 5 }),
      item('waiting', { notAfter: at(3600) }),
      item('night', { startAt: at(200), notAfter: at(260) }),
      item('flood', { class: 'EMERGENCY', startAt: at(300), notAfter: at(360) }),
    ]);
    await clock.advance(1_000_000);
    expect(told.map(({ play, kind, reason, atS }) => [play, kind, reason, atS])).toEqual([
      ['evening', 'started', undefined, 10],
      ['evening', 'stopped', 'QUIET_HOURS', 120],
      ['waiting', 'refused', 'QUIET_HOURS', 120],
      ['night', 'refused', 'QUIET_HOURS', 200],
      ['flood', 'started', undefined, 300],
      ['flood', 'finished', undefined, 310],
    ]);
  });

  it('tells a play that was kept waiting from one that came too late', async () => {
    const { clock, engine, told } = bench();
    engine.replacePlan([
      item('high', { rank: 9, media: { sha256: 'long', bytes: 1, durationS: 100 } }),
      item('low'),
      item('past', { startAt: at(-50), notAfter: at(-20) }),
    ]);
    await clock.advance(200_000);
    expect(told.filter(({ kind }) => kind === 'missed')).toMatchObject([
      { play: 'past', reason: 'TOO_LATE', atS: 0 },
      { play: 'low', reason: 'OUTRANKED' },
    ]);
  });

  it('waits for media until the time is over, and lets the next one sound meanwhile', async () => {
    const { clock, engine, missing, told } = bench();
    missing.set('media of never', new MediaError('MEDIA_UNAVAILABLE', '404', true));
    missing.set('media of late', new MediaError('MEDIA_UNAVAILABLE', '404', true));
    engine.replacePlan([
      item('never', { rank: 9 }),
      item('late', { rank: 5, notAfter: at(200) }),
      item('low'),
    ]);
    await clock.advance(15_000);
    missing.delete('media of late');
    await clock.advance(200_000);
    expect(told.filter(({ play }) => play === 'low')[0]).toMatchObject({ kind: 'started', atS: 10 });
    expect(told.filter(({ play }) => play === 'never')).toMatchObject([
      { kind: 'failed', reason: 'MEDIA_UNAVAILABLE' },
    ]);
    expect(told.find(({ play, kind }) => play === 'late' && kind === 'finished')).toBeDefined();
  });

  it('gives up at once on a command whose bytes are wrong', async () => {
    const { clock, engine, missing, told } = bench();
    missing.set('media of a', new MediaError('MEDIA_MISMATCH', 'other bytes', false));
    engine.add(itemFromCommand(planItem('a'), 'command', at(60)));
    await clock.advance(1_000);
    expect(told).toMatchObject([{ kind: 'failed', reason: 'MEDIA_MISMATCH', atS: 0 }]);
  });

  it('does not sound without a record, but for an EMERGENCY', async () => {
    const { clock, disk, engine, sink, told } = bench();
    disk.full = true;
    engine.replacePlan([item('a'), item('alert', { class: 'EMERGENCY', startAt: at(30) })]);
    await clock.advance(20_000);
    expect(sink.most).toBe(0);
    expect(told.at(-1)).toMatchObject({ play: 'a', kind: 'failed', reason: 'STORAGE' });
    await clock.advance(40_000);
    expect(sink.most).toBe(1);
    expect(told.at(-1)).toMatchObject({ play: 'alert', kind: 'finished' });
  });

  it('tells of an output that fails, and goes on', async () => {
    const { clock, engine, sink, kinds, told } = bench();
    sink.fail = new Error('no amplifier');
    engine.replacePlan([item('a'), item('b', { startAt: at(30) })]);
    await clock.advance(20_000);
    expect(told.at(-1)).toMatchObject({ play: 'a', kind: 'failed', reason: 'OUTPUT' });
    sink.fail = undefined;
    await clock.advance(60_000);
    expect(kinds('b')).toEqual(['started', 'finished']);
  });

  it('stops what it is told to, sounding or waiting, and lets the next one sound', async () => {
    const { clock, engine, kinds, told } = bench();
    engine.replacePlan([item('a', { rank: 9 }), item('b', { rank: 5 }), item('c')]);
    await clock.advance(12_000);
    expect(engine.stop(({ playId }) => playId !== 'c')).toBe(2);
    await clock.advance(60_000);
    expect(told.filter(({ kind }) => kind === 'stopped')).toMatchObject([
      { play: 'a', heardS: 2, reason: 'STOPPED' },
      { play: 'b', heardS: 0 },
    ]);
    expect(kinds('c')).toEqual(['started', 'finished']);
  });

  it('overlooks no play whose time comes while a sound is being ended', async () => {
    const { clock, engine, sink, told } = bench();
    sink.stopping = () => clock.skip(2_000);
    engine.replacePlan([item('a'), item('b', { startAt: at(13) })]);
    await clock.advance(12_000);
    engine.stop(({ playId }) => playId === 'a');
    await clock.advance(2_000);
    expect(told.at(-1)).toMatchObject({ play: 'b', kind: 'started', atS: 14 });
  });

  it('is silent and still after it is closed', async () => {
    const { clock, engine, sink, told } = bench();
    engine.replacePlan([item('a'), item('b', { startAt: at(30) })]);
    await clock.advance(12_000);
    await engine.close();
    await clock.advance(100_000);
    expect(sink.sounding).toBe(0);
    expect(told).toHaveLength(1);
  });

  it('keeps its rules for any plan', async () => {
    const anyItem = fc.record({
      class: fc.constantFrom('NORMAL' as const, 'PRIORITY' as const, 'EMERGENCY' as const),
      rank: fc.integer({ min: 0, max: 2 }),
      startS: fc.integer({ min: -20, max: 60 }),
      graceS: fc.integer({ min: 0, max: 60 }),
      durationS: fc.integer({ min: 1, max: 30 }),
      repeat: fc.integer({ min: 1, max: 2 }),
      onInterrupt: fc.constantFrom('RESUME' as const, 'RESTART' as const, 'DROP' as const),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(anyItem, { minLength: 1, maxLength: 6 }), async (drafts) => {
        const { clock, engine, faults, sink, told, kinds } = bench();
        const plan = drafts.map(({ startS, graceS, durationS, ...rest }, index) =>
          planItem(`play-${index}`, {
            ...rest,
            startAt: at(startS),
            notAfter: at(startS + graceS),
            media: { sha256: `m${index}`, bytes: 1, durationS },
          }),
        );
        engine.replacePlan(plan.map(itemFromPlan));
        // Twice the same plan, without what is over already, is the same plan.
        engine.replacePlan(plan.filter(({ playId }) => kinds(playId).length === 0).map(itemFromPlan));
        for (let second = 0; second < 60; second += 1) {
          await clock.advance(1_000);
          const { current } = engine;
          for (const other of plan) {
            const claim = engine.find(other.playId);
            if (claim === undefined || current === undefined || claim === current) continue;
            const due = Date.parse(other.startAt) <= clock.now();
            if (due) expect(compareClaims(current, claim)).toBeLessThan(0);
          }
        }
        await clock.advance(600_000);
        expect(faults).toEqual([]);
        expect([sink.most <= 1, sink.sounding]).toEqual([true, 0]);
        for (const { playId, startAt, notAfter } of plan) {
          const records = kinds(playId);
          expect(records.filter((kind) => kind === 'started').length).toBeLessThanOrEqual(1);
          const [first] = told.filter(({ play }) => play === playId);
          expect(first).toBeDefined();
          if (first?.kind === 'started') {
            expect(START_MS + first.atS * 1000).toBeGreaterThanOrEqual(Date.parse(startAt));
            expect(START_MS + first.atS * 1000).toBeLessThanOrEqual(Date.parse(notAfter));
          } else {
            expect(records).toEqual(['missed']);
          }
          const final = told.filter(({ play }) => play === playId).at(-1);
          const ended = final?.kind === 'finished' || final?.kind === 'missed' || final?.next === 'DROP';
          expect([playId, ended]).toEqual([playId, true]);
        }
      }),
      { numRuns: 60 },
    );
  });
});
