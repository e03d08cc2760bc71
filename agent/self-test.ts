import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AckMessage, ReportedMessage } from '../src/contract/index.js';
import type { ClusterClock } from './clock.js';
import type { Sink } from './player/sink.js';

type Checks = NonNullable<AckMessage['checks']>;

/** Tries what a play needs: storage, output, clock, media. */
export async function selfTest(ports: {
  folder: string;
  sink: Sink;
  clock: ClusterClock;
  media: ReportedMessage['media'];
}): Promise<Checks> {
  const { clock, folder, media, sink } = ports;
  const { synced, offsetMs } = clock.reading();
  return [
    await check('storage', async () => {
      const probe = join(folder, 'self-test');
      await writeFile(probe, 'probe');
      const read = await readFile(probe, 'utf8');
      await rm(probe);
      if (read !== 'probe') throw new Error('Read something else than was written');
      return 'Written and read back';
    }),
    await check('output', () => sink.check()),
    {
      name: 'clock',
      ok: synced,
      detail: `${clock.source()}, offset ${offsetMs === null ? 'unknown' : `${offsetMs} ms`}`,
    },
    {
      name: 'media',
      ok: media.missing.length === 0,
      detail: `${media.ready.length} ready, ${media.missing.length} missing`,
    },
  ];
}

async function check(name: string, run: () => Promise<string>): Promise<Checks[number]> {
  try {
    return { name, ok: true, detail: (await run()).slice(0, 300) };
  } catch (error) {
    return { name, ok: false, detail: (error as Error).message.slice(0, 300) };
  }
}
