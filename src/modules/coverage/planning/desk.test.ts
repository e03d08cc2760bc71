import { Worker } from 'node:worker_threads';
import { defaultParameters } from '../domain/index.js';
import { smallAreas, smallSites } from '../domain/fixtures/small-province.js';
import { buildGrid } from '../domain/grid.js';
import { WarningCollector } from '../domain/run-warning.js';
import { prepareTransmitters } from '../domain/transmitters.js';
import { Desk, deskFile, type Opening } from './desk.js';
import type { NetworkSource, QuestionOf } from './desk.types.js';

const parameters = defaultParameters({ resolution: 8 });
const grid = buildGrid(smallAreas(), parameters);
const prepared = prepareTransmitters(smallSites(4, 2), parameters, grid.projection, new WarningCollector());
const source: NetworkSource = { grid, parameters, prepared };
const opening = (key: string, opened: string[] = []): Opening => ({
  key,
  load: () => {
    opened.push(key);
    return Promise.resolve(source);
  },
});
const RANKING: QuestionOf<'criticality'> = {
  kind: 'criticality',
  view: { technology: null, operatorCode: null },
  weight: 'people',
  limit: 10,
};

/** Threads that are started, for a test to end them. */
const threads: Worker[] = [];
const start = (cancelled: SharedArrayBuffer): Worker => {
  const worker = new Worker(deskFile(import.meta.url), { workerData: { cancelled } });
  threads.push(worker);
  return worker;
};
const limits = { waiting: 2, questionMs: 200_000, bytes: 1e9 };
let desk: Desk;
beforeEach(() => {
  threads.length = 0;
  desk = new Desk(start, limits);
});
afterEach(() => desk.onModuleDestroy());

describe('the desk', () => {
  it('opens a network once, and lets the one go that was not asked about for longest', async () => {
    const opened: string[] = [];
    const asked = (key: string) => desk.ask(opening(key, opened), RANKING);
    const { answer } = await asked('a');
    expect(answer.all).toBe(4);
    await asked('b');
    await asked('a');
    await asked('c');
    await asked('d');
    expect(desk.state.networks.map(({ key }) => key)).toEqual(['a', 'c', 'd']);
    await asked('b');
    expect(opened).toEqual(['a', 'b', 'c', 'd', 'b']);
    expect(threads).toHaveLength(1);
  });

  it('lets few wait, one after the other', async () => {
    const first = desk.ask(opening('a'), RANKING);
    const second = desk.ask(opening('a'), RANKING);
    await expect(desk.ask(opening('a'), RANKING)).rejects.toMatchObject({
      status: 503,
      code: 'PLANNING_BUSY',
    });
    await Promise.all([first, second]);
    expect(desk.state.waiting).toBe(0);
  });

  it('starts anew when its thread dies, before or while it answers', async () => {
    await desk.ask(opening('a'), RANKING);
    await threads[0]?.terminate();
    expect(desk.state).toEqual({ running: false, waiting: 0, networks: [] });
    expect((await desk.ask(opening('a'), RANKING)).answer.all).toBe(4);
    const dying = desk.ask(
      {
        key: 'b',
        load: () =>
          Promise.resolve({ ...source, prepared: null } as unknown as NetworkSource).then((s) => ({
            ...s,
            prepared,
          })),
      },
      RANKING,
    );
    await Promise.all([
      expect(dying).rejects.toMatchObject({ status: 503, code: 'PLANNING_STOPPED' }),
      Promise.resolve().then(() => threads[1]?.terminate()),
    ]);
    expect((await desk.ask(opening('a'), RANKING)).answer.all).toBe(4);
    expect(threads.length).toBeGreaterThanOrEqual(3);
  });

  it('does not ask for somebody who left while waiting', async () => {
    const opened: string[] = [];
    const first = desk.ask(opening('a', opened), RANKING);
    const left = new AbortController();
    const second = desk.ask(opening('b', opened), RANKING, left.signal);
    left.abort();
    await expect(second).rejects.toMatchObject({ status: 499, code: 'CLIENT_GONE' });
    expect((await first).answer.all).toBe(4);
    expect((await desk.ask(opening('c', opened), RANKING)).answer.all).toBe(4);
    expect(opened).toEqual(['a', 'c']);
    expect(desk.state.waiting).toBe(0);
  });

  it('breaks off the question in hand when its asker leaves', async () => {
    // A thread that goes on with the first question until it is not wanted any more.
    const stubborn = `
      import { parentPort, workerData } from 'node:worker_threads';
      const unwanted = new Int32Array(workerData.cancelled);
      parentPort.on('message', ({ kind, id }) => {
        if (kind !== 'ask') return;
        while (id === 1 && Atomics.load(unwanted, 0) !== id) Atomics.wait(unwanted, 0, 0, 5);
        parentPort.postMessage({ kind: 'answer', id, answer: { all: id }, engine: { id: 'x', version: '1' } });
      });`;
    let started: () => void = () => undefined;
    const inHand = new Promise<void>((resolve) => (started = resolve));
    const patient = new Desk((cancelled) => {
      started();
      return new Worker(new URL(`data:text/javascript,${encodeURIComponent(stubborn)}`), {
        workerData: { cancelled },
      });
    }, limits);
    const left = new AbortController();
    const first = patient.ask(opening('a'), RANKING, left.signal);
    await inHand;
    left.abort();
    await expect(first).rejects.toMatchObject({ code: 'CLIENT_GONE' });
    expect((await patient.ask(opening('a'), RANKING)).answer.all).toBe(2);
    await patient.onModuleDestroy();
  });

  it('gives a thread up that takes too long', async () => {
    const endless = (): Worker =>
      new Worker(new URL(`data:text/javascript,${encodeURIComponent('setInterval(() => {}, 1000)')}`));
    const slow = new Desk(endless, { ...limits, questionMs: 50 });
    await expect(slow.ask(opening('a'), RANKING)).rejects.toMatchObject({
      status: 503,
      code: 'PLANNING_TIMEOUT',
    });
    expect(slow.state.running).toBe(false);
  });

  it('passes on what went wrong with a question, and goes on', async () => {
    const siting: QuestionOf<'siting'> = {
      kind: 'siting',
      view: { technology: '4G', operatorCode: null },
      weight: 'people',
      k: 1,
      template: { code: 't', lon: 105.55, lat: 9.75, structureHeightM: null, cells: [] },
      candidates: { lon: new Float64Array(20_001), lat: new Float64Array(20_001) },
      proveMs: 0,
    };
    await expect(desk.ask(opening('a'), siting)).rejects.toMatchObject({ code: 'siting.candidates' });
    const unread: Opening = { key: 'z', load: () => Promise.reject(new Error('no such grid')) };
    await expect(desk.ask(unread, RANKING)).rejects.toThrow('no such grid');
    expect((await desk.ask(opening('a'), RANKING)).answer.all).toBe(4);
    expect(threads).toHaveLength(1);
  });
});
