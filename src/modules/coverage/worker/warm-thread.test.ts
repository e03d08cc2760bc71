import { WarmThread } from './warm-thread.js';

/** A thread whose program is given in the URL itself: what is done with each message is `source`. */
const threads: WarmThread<unknown, unknown>[] = [];
function thread(source: string): WarmThread<unknown, unknown> {
  const program = `import { parentPort } from 'node:worker_threads';
    let asked = 0;
    parentPort.on('message', ({ id, task }) => { asked++; ${source} });`;
  const made = new WarmThread<unknown, unknown>(
    new URL(`data:text/javascript,${encodeURIComponent(program)}`),
  );
  threads.push(made);
  return made;
}
afterEach(async () => {
  await Promise.all(threads.splice(0).map((one) => one.close()));
});

describe('a warm thread', () => {
  it('answers each task with its own answer, in one and the same thread', async () => {
    const warm = thread(`parentPort.postMessage({ id, kind: 'result', result: [task, asked] });`);
    expect(await Promise.all(['a', 'b', 'c'].map((task) => warm.ask(task)))).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
  });

  it('goes on after a task that failed', async () => {
    const warm = thread(
      `parentPort.postMessage(task === 'bad'
         ? { id, kind: 'failure', failure: { name: 'RangeError', message: 'too far', stack: null, details: {} } }
         : { id, kind: 'result', result: asked });`,
    );
    await expect(warm.ask('bad')).rejects.toMatchObject({ name: 'RangeError', message: 'too far' });
    expect(await warm.ask('good')).toBe(2);
  });

  it.each([
    ['throws', `throw new Error('broken');`, 'broken'],
    ['ends', `process.exit(3);`, 'exit code 3'],
  ])('that %s fails all that waits, and starts anew with the next task', async (_, fault, message) => {
    const warm = thread(
      `if (task === 'bad') { ${fault} } parentPort.postMessage({ id, kind: 'result', result: asked });`,
    );
    const [bad, behind] = await Promise.allSettled([warm.ask('bad'), warm.ask('behind')]);
    for (const { status, reason } of [bad, behind] as PromiseRejectedResult[]) {
      expect(status).toBe('rejected');
      expect(String(reason)).toContain(message);
    }
    expect(await warm.ask('good')).toBe(1);
  });

  it('rejects what cannot be told to a thread, and closes with tasks open', async () => {
    const warm = thread(``);
    await expect(warm.ask(() => 1)).rejects.toThrow('could not be cloned');
    const open = warm.ask('never answered');
    const failed = expect(open).rejects.toThrow('without an answer');
    await warm.close();
    await failed;
  });
});
