import {
  computeRun,
  CoverageCancelledError,
  CoverageInputError,
  defaultParameters,
  type CoverageGrid,
  type CoverageSnapshot,
  type RunParameters,
  type RunResult,
  type RunView,
} from '../domain/index.js';
import { smallProvince } from '../domain/fixtures/small-province.js';
import { chooseEngine } from '../engine/index.js';
import { runInWorker, workerFile, type RunInWorkerOptions } from './run-in-worker.js';

const VIEWS: RunView[] = [
  { place: 'outdoor', probability: 0.5 },
  { place: 'indoor', probability: 0.9 },
  { place: 'vehicle', probability: 0.75 },
];
const OUTDOOR = VIEWS.slice(0, 1);

async function run(
  snapshot: CoverageSnapshot,
  parameters: RunParameters,
  views: RunView[],
  options: Partial<RunInWorkerOptions> = {},
): Promise<{ results: RunResult[]; made: CoverageGrid[] }> {
  const results: RunResult[] = [];
  const made: CoverageGrid[] = [];
  await runInWorker(snapshot, parameters, views, {
    onView: (result, view) => (results[view] = result),
    onGrid: (grid) => made.push(grid),
    ...options,
  });
  return { results, made };
}

/** Arrays as lists of numbers, exactly: those of a worker come from another realm. */
const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => {
      if (typeof member === 'number' && !Number.isFinite(member)) return String(member);
      if (typeof member === 'bigint') return String(member);
      return ArrayBuffer.isView(member) ? Array.from(member as Float64Array) : member;
    }),
  );

describe('runInWorker', () => {
  const snapshot = smallProvince();
  const parameters = defaultParameters({ resolution: 8 });
  const { engine } = chooseEngine();

  it('gives for each view what computeRun gives for it by itself, to the last bit', async () => {
    const { results, made } = await run(snapshot, parameters, VIEWS);
    expect(results).toHaveLength(VIEWS.length);
    for (const [v, view] of VIEWS.entries()) {
      const alone = computeRun(snapshot, { ...parameters, ...view }, {}, undefined, engine);
      expect(plain(results[v])).toEqual(plain(alone));
    }
    expect(made).toEqual([results[0]?.grid]);
    // Views are not the same by accident.
    expect(results[0]?.aggregates).not.toEqual(results[1]?.aggregates);
  });

  it('prepares once and tells how far each view is', async () => {
    const stages: string[] = [];
    await run(snapshot, parameters, VIEWS, {
      onProgress: ({ view, stage }) => {
        const line = `${view} ${stage}`;
        if (stages.at(-1) !== line) stages.push(line);
      },
    });
    expect(stages).toEqual([
      'null grid',
      'null transmitters',
      ...VIEWS.flatMap((_view, v) => [`${v} levels`, `${v} aggregates`]),
    ]);
  });

  it('uses a grid that fits and leaves the caller its own; makes a new one when it does not', async () => {
    const first = await run(snapshot, parameters, OUTDOOR);
    const [grid] = first.made;
    const again = await run(snapshot, parameters, VIEWS, { grid });
    expect(again.made).toEqual([]);
    for (const result of again.results) expect(result.grid).toBe(grid);
    expect(grid?.x.length).toBe(grid?.cellCount);
    const finer = await run(snapshot, defaultParameters({ resolution: 9 }), OUTDOOR, { grid });
    expect(finer.made.map(({ resolution }) => resolution)).toEqual([9]);
    expect(finer.results[0]?.grid).toBe(finer.made[0]);
  });

  it('hands input errors on in both languages', async () => {
    const wrong = run({ ...snapshot, areas: [] }, parameters, OUTDOOR);
    await expect(wrong).rejects.toBeInstanceOf(CoverageInputError);
    await expect(wrong).rejects.toMatchObject({
      code: 'grid.empty',
      messageVi: expect.stringContaining('ranh giới'),
    });
    await expect(run(snapshot, parameters, [{ place: 'outdoor', probability: 2 }])).rejects.toBeInstanceOf(
      CoverageInputError,
    );
  });

  it('rejects when the reckoning breaks', async () => {
    await expect(run(null as unknown as CoverageSnapshot, parameters, OUTDOOR)).rejects.toThrow(/null/);
  });

  it('rejects when a view cannot be used', async () => {
    const onView = (): void => {
      throw new Error('no room for it');
    };
    await expect(run(snapshot, parameters, VIEWS, { onView })).rejects.toThrow('no room for it');
  });

  it.each([
    ['in the middle of a view', smallProvince(200), 10, 'levels'],
    ['while it prepares', smallProvince(200), 10, 'grid'],
  ] as const)('is cancelled %s', async (_when, province, resolution, stage) => {
    const controller = new AbortController();
    let after = 0;
    const cancelled = run(province, defaultParameters({ resolution }), VIEWS, {
      signal: controller.signal,
      onProgress: (progress) => {
        if (controller.signal.aborted) after++;
        if (progress.stage === stage) controller.abort();
      },
    });
    await expect(cancelled).rejects.toBeInstanceOf(CoverageCancelledError);
    expect(after).toBe(0);
  });
});

describe('workerFile', () => {
  it('is beside compiled code and under dist for source', () => {
    expect(workerFile('file:///app/dist/src/modules/coverage/worker/run-in-worker.js').pathname).toBe(
      '/app/dist/src/modules/coverage/worker/coverage-worker.js',
    );
    expect(workerFile('file:///app/src/modules/coverage/worker/run-in-worker.ts').pathname).toBe(
      '/app/dist/src/modules/coverage/worker/coverage-worker.js',
    );
  });
});
