import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exampleLiveOrder } from '../src/contract/index.js';
import { at, bench, item } from '../test/agent/player-bench.js';
import { SystemClock } from './clock.js';
import { LiveFeed } from './live-feed.js';
import { itemFromLive } from './player/item.js';
import type { LiveSource } from './player/sink.js';

describe('a live stream from the server', () => {
  let server: Server;
  let bodies: { text: string; broken: boolean }[];
  const feed = (): LiveFeed => {
    const { port } = server.address() as AddressInfo;
    return new LiveFeed({
      url: `http://127.0.0.1:${port}/live/x`,
      authorization: 'Basic eDp5',
      clock: new SystemClock(),
    });
  };
  const heard = async (from: LiveFeed): Promise<string> => {
    let text = '';
    for await (const chunk of from.chunks(new AbortController().signal)) {
      text += Buffer.from(chunk).toString('latin1');
    }
    return text;
  };

  beforeEach(async () => {
    bodies = [];
    server = createServer((request, response) => {
      const body = bodies.shift();
      if (body === undefined || request.headers.authorization !== 'Basic eDp5') {
        response.writeHead(410).end();
      } else if (body.broken) response.write(body.text, () => response.destroy());
      else response.end(body.text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => server.close());

  it('is taken up again where it breaks off, and ends when the server ends it', async () => {
    bodies = [
      { text: '', broken: true },
      { text: 'abc', broken: false },
    ];
    const stream = feed();
    expect(await heard(stream)).toBe('abc');
    expect(stream.sha256()).toBe(createHash('sha256').update('abc').digest('hex'));
  });

  it('says so when it is over before anything was heard', async () => {
    await expect(heard(feed())).rejects.toMatchObject({ code: 'STREAM_OVER' });
  });
});

describe('the player of a live stream', () => {
  const live = (source: LiveSource, limitS = 600) =>
    itemFromLive(
      {
        ...exampleLiveOrder,
        playId: 'live',
        stream: { codec: 'mp3', limitS },
        approvedAt: at(0),
      },
      'command',
      at(60),
      source,
    );
  /** Says one word each time it is listened to, and then nothing until it is ended. */
  class Microphone implements LiveSource {
    #end = (): void => undefined;
    readonly #ended = new Promise<void>((resolve) => (this.#end = resolve));

    async *chunks(signal: AbortSignal): AsyncGenerator<Uint8Array> {
      yield Buffer.from('word');
      await Promise.race([
        this.#ended,
        new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true })),
      ]);
    }

    sha256(): string {
      return 'f'.repeat(64);
    }

    end(): void {
      this.#end();
    }
  }

  it('is heard before what is planned, gives way to an EMERGENCY, comes back, and ends with its source', async () => {
    const { clock, engine, told } = bench();
    const microphone = new Microphone();
    engine.replacePlan([
      item('news', { class: 'PRIORITY', startAt: at(0), onInterrupt: 'DROP' }),
      item('flood', { class: 'EMERGENCY', startAt: at(20) }),
    ]);
    await clock.advance(5_000);
    engine.add(live(microphone));
    await clock.advance(60_000);
    microphone.end();
    await clock.advance(1_000);
    expect(told.map(({ play, kind }) => [play, kind])).toEqual([
      ['news', 'started'],
      ['news', 'interrupted'],
      ['live', 'started'],
      ['live', 'interrupted'],
      ['flood', 'started'],
      ['flood', 'finished'],
      ['live', 'resumed'],
      ['live', 'finished'],
    ]);
  });

  it('ends at its limit though its source goes on', async () => {
    const { clock, engine, told } = bench();
    engine.add(live(new Microphone(), 30));
    await clock.advance(100_000);
    expect(told.map(({ kind, atS }) => [kind, atS])).toEqual([
      ['started', 0],
      ['finished', 30],
    ]);
  });
});
