import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import {
  BROADCAST_CLASSES,
  FINAL_ACK_PHASES,
  isFinalRecord,
  isQuiet,
  ON_INTERRUPT,
  ON_OVERRUN,
  type PlanItem,
  type QuietHours,
} from '../../src/contract/index.js';
import { Life } from './life.js';
import { Witness } from './witness.js';

const START = '2026-03-02T20:55:00+07:00';
const timeZone = 'Asia/Ho_Chi_Minh';
const VOLUME = 40;
const COUNT = Number(process.env['TIMELINES'] ?? 60);

const play = fc.record({
  class: fc.constantFrom(...BROADCAST_CLASSES),
  rank: fc.integer({ min: 0, max: 1 }),
  durationS: fc.integer({ min: 2, max: 30 }),
  repeat: fc.integer({ min: 1, max: 2 }),
  gapS: fc.constantFrom(undefined, 3),
  volumePercent: fc.constantFrom(undefined, 55, 90),
  onInterrupt: fc.constantFrom(...ON_INTERRUPT),
  onOverrun: fc.constantFrom(undefined, ...ON_OVERRUN),
  /** How long it may still begin. */
  validS: fc.integer({ min: 1, max: 60 }),
});
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('plan' as const),
      play,
      inS: fc.integer({ min: -30, max: 90 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), nth: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('same' as const) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      play,
      copies: fc.integer({ min: 1, max: 3 }),
      byArea: fc.boolean(),
      urgent: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('now' as const), nth: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), nth: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), nth: fc.nat(20) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('net' as const),
      net: fc.constantFrom('UP' as const, 'FAILING' as const, 'DOWN' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('power' as const),
      offS: fc.integer({ min: 0, max: 40 }),
      synced: fc.boolean(),
      skewS: fc.constantFrom(0, 600, -600),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('clock' as const), synced: fc.boolean() }) },
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;
type Draft = typeof play extends fc.Arbitrary<infer T> ? T : never;
const timeline = fc.array(fc.record({ afterS: fc.integer({ min: 0, max: 25 }), event }), {
  minLength: 4,
  maxLength: 30,
});
const anyQuiet = fc.constantFrom<QuietHours[]>(
  [],
  [{ from: '21:00', to: '05:00' }],
  [{ from: '20:57', to: '20:59' }],
);

function nthOf<T>(list: readonly T[], nth: number): T | undefined {
  return list[nth % Math.max(1, list.length)];
}

/** The server's side of a timeline: what it says, and when. */
class Story {
  readonly life = new Life(START);
  readonly witness = new Witness(this.life);
  readonly #quietHours: QuietHours[];
  readonly #orders: Parameters<Life['order']>[0][] = [];
  readonly #stopped = new Set<string>();
  #plan: PlanItem[] = [];
  #version = 0;

  constructor(quietHours: QuietHours[]) {
    this.#quietHours = quietHours;
  }

  async tell({ kind, ...event }: Event): Promise<void> {
    const { life } = this;
    switch (kind) {
      case 'plan': {
        const { inS, play } = event as Extract<Event, { kind: 'plan' }>;
        this.#plan.push({ ...this.#play(play, inS), startAt: this.#at(inS) });
        return this.#publish();
      }
      case 'drop':
        this.#plan = this.#plan.filter((_, index) => index !== (event as { nth: number }).nth);
        return this.#publish();
      case 'same':
        if (life.desired !== undefined) life.publish(life.desired);
        return;
      case 'order': {
        const { play, copies, byArea, urgent } = event as Extract<Event, { kind: 'order' }>;
        return this.#order(
          this.#play({ ...play, class: urgent ? 'EMERGENCY' : play.class }, 0),
          copies,
          byArea,
        );
      }
      case 'now': {
        const item = nthOf(this.#plan, (event as { nth: number }).nth);
        if (item === undefined) return;
        const { startAt: _timed, ...order } = item;
        return this.#order({ ...order, notAfter: this.#at(30) }, 1, false);
      }
      case 'again': {
        const command = nthOf(this.#orders, (event as { nth: number }).nth);
        if (command !== undefined) life.order(command, 2);
        return;
      }
      case 'stop':
        return this.#stop((event as { nth: number }).nth);
      case 'net':
        return life.setNet((event as Extract<Event, { kind: 'net' }>).net);
      case 'power': {
        const { offS, synced, skewS } = event as Extract<Event, { kind: 'power' }>;
        life.cut();
        await this.pass(offS);
        return life.boot(synced, synced ? 0 : skewS * 1000);
      }
      case 'clock':
        return life.setClock((event as { synced: boolean }).synced);
    }
  }

  /** Second by second, so that every moment is looked at. */
  async pass(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      await this.life.clock.advance(1_000);
      this.look();
    }
  }

  /** What sounds is what should, and nothing else is told. */
  look(): void {
    const { life, witness } = this;
    const expected = witness.expected();
    const playing = [...new Set(life.written.map(({ playId }) => playId))].filter(
      (playId) => witness.stateOf(playId) === 'PLAYING',
    );
    if (life.power) expect(playing).toEqual(expected === undefined ? [] : [expected]);
    const sound = life.speaker?.sound;
    if (sound === undefined) {
      // Nothing but the silence between two repeats.
      if (expected !== undefined) expect(witness.play(expected)?.gapS).toBe(3);
      return;
    }
    const order = witness.play(sound.playId);
    expect([sound.playId, sound.volumePercent]).toEqual([expected, order?.volumePercent ?? VOLUME]);
    if (order?.class !== 'EMERGENCY')
      expect(isQuiet(this.#quietHours, timeZone, life.clock.now())).toBe(false);
  }

  #play(
    { durationS, validS, gapS, volumePercent, onOverrun, ...rest }: Draft,
    inS: number,
  ): Omit<PlanItem, 'startAt' | 'signature'> {
    return {
      ...rest,
      playId: randomUUID(),
      broadcastId: randomUUID(),
      occurrenceId: randomUUID(),
      approvedAt: this.#at(-600),
      media: this.life.media(durationS),
      notAfter: this.#at(inS + validS),
      ...(gapS === undefined ? {} : { gapS }),
      ...(volumePercent === undefined ? {} : { volumePercent }),
      ...(onOverrun === undefined ? {} : { onOverrun }),
    };
  }

  #publish(): void {
    this.#version += 1;
    this.life.publish({
      version: this.#version,
      at: this.#at(0),
      config: { volumePercent: VOLUME, quietHours: this.#quietHours, timeZone, areaChain: ['31318'] },
      plan: this.#plan.filter(({ playId }) => !this.#stopped.has(playId)),
      media: [],
      logWatermark: null,
      keys: [],
    });
  }

  #order(order: Omit<PlanItem, 'startAt' | 'signature'>, copies: number, byArea: boolean): void {
    const command = {
      id: randomUUID(),
      issuedAt: this.#at(0),
      notAfter: order.notAfter,
      priority: order.class,
      type: 'play' as const,
      play: order,
    };
    this.#orders.push(command);
    this.life.order(command, copies, byArea);
  }

  #stop(nth: number): void {
    const ids = [
      ...this.#plan.map(({ playId }) => playId),
      ...this.#orders.flatMap((c) => (c.type === 'play' ? [c.play.playId!] : [])),
    ];
    const playId = nthOf(ids, nth);
    if (playId === undefined) return;
    this.#stopped.add(playId);
    const envelope = {
      id: randomUUID(),
      issuedAt: this.#at(0.5),
      notAfter: this.#at(86_400),
      priority: 'NORMAL' as const,
    };
    this.life.order({ ...envelope, type: 'stop', target: { scope: 'PLAY', playId } });
    this.#publish();
  }

  #at(seconds: number): string {
    return new Date(this.life.clock.now() + seconds * 1000).toISOString();
  }

  begin(): Promise<void> {
    this.#publish();
    return this.life.boot(true, 0);
  }
}

describe('a cluster through any timeline of programmes, emergencies, losses of net and power, and duplicates', () => {
  it('lets the highest be heard, plays each once, keeps quiet hours, and loses no record', async () => {
    await fc.assert(
      fc.asyncProperty(anyQuiet, timeline, async (quietHours, events) => {
        const story = new Story(quietHours);
        const { life, witness } = story;
        try {
          await life.setNet('UP');
          await story.begin();
          for (const { afterS, event } of events) {
            await story.pass(afterS);
            await story.tell(event);
            await life.settle();
            story.look();
          }
          // In the end all is well again, and everything has its time.
          await life.setNet('DOWN');
          await life.setNet('UP');
          await life.setClock(true);
          await story.pass(400);

          expect(life.problems).toEqual([]);
          expect([life.speaker?.sound, life.speaker?.volumePercent]).toEqual([undefined, VOLUME]);
          expect(life.speaker?.most).toBeLessThanOrEqual(1);
          expect([...life.stored.values()].sort((a, b) => a.seq - b.seq)).toEqual(life.written);
          for (const playId of new Set(life.written.map((record) => record.playId))) {
            const records = life.written.filter((record) => record.playId === playId);
            const kinds = records.map(({ kind }) => kind);
            expect(kinds.filter((kind) => kind === 'started').length).toBeLessThanOrEqual(1);
            const unsynced = ({ kind, reason }: (typeof records)[number]) =>
              kind === 'refused' && reason === 'CLOCK_UNSYNCED';
            const lasting = records.filter((record) => isFinalRecord(record) && !unsynced(record));
            expect(lasting.length).toBeLessThanOrEqual(1);
            if (lasting.length === 0) expect(records.every(unsynced)).toBe(true);
            else expect(records.at(-1)).toBe(lasting[0]);
            const order = witness.play(playId)!;
            const heardMs = life.sounds
              .filter((sound) => sound.playId === playId)
              .reduce((sum, { fromMs, toMs }) => sum + toMs! - fromMs, 0);
            if (!kinds.includes('started')) expect(heardMs).toBe(0);
            const wholeMs = order.media.durationS * order.repeat * 1000;
            if (
              kinds.at(-1) === 'finished' &&
              !(kinds.includes('resumed') && order.onInterrupt === 'RESTART')
            )
              expect(heardMs).toBe(wholeMs);
          }
          for (const { playId } of witness.plan)
            expect([playId, life.written.some((record) => record.playId === playId)]).toEqual([playId, true]);
          for (const id of new Set(life.answers.map((ack) => ack.id))) {
            const words = life.answers.filter((ack) => ack.id === id);
            const end = words.findIndex(({ phase }) => FINAL_ACK_PHASES.has(phase));
            expect(end).toBeGreaterThanOrEqual(0);
            for (const word of words.slice(end)) expect(word).toEqual(words[end]);
          }
        } finally {
          life.remove();
        }
      }),
      { numRuns: COUNT },
    );
  }, 600_000);
});
