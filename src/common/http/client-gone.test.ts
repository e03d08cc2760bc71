import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { get } from 'node:http';
import { ClientGone } from './client-gone.js';

const signals: AbortSignal[] = [];
let called: () => void = () => undefined;

@Controller()
class Slow {
  @Get('quick')
  quick(@ClientGone() gone: AbortSignal): string {
    signals.push(gone);
    return 'done';
  }

  /** Answers when the caller is gone, and only then. */
  @Get('slow')
  slow(@ClientGone() gone: AbortSignal): Promise<string> {
    signals.push(gone);
    called();
    return new Promise((resolve) =>
      gone.addEventListener('abort', () => {
        resolve('too late');
      }),
    );
  }
}

@Module({ controllers: [Slow] })
class SlowModule {}

describe('a caller that hangs up', () => {
  let app: NestFastifyApplication;
  let port: number;
  beforeEach(async () => {
    signals.length = 0;
    app = await NestFactory.create<NestFastifyApplication>(SlowModule, new FastifyAdapter(), {
      logger: false,
    });
    await app.listen(0, '127.0.0.1');
    port = Number(new URL(await app.getUrl()).port);
  });

  it('is told to the work that it waits for', async () => {
    const inHand = new Promise<void>((resolve) => (called = resolve));
    const request = get({ port, host: '127.0.0.1', path: '/slow', agent: false });
    request.on('error', () => undefined);
    await inHand;
    const [signal] = signals as [AbortSignal];
    expect(signal.aborted).toBe(false);
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => {
        resolve();
      });
    });
    request.destroy();
    await aborted;
    expect(signal.aborted).toBe(true);
    await app.close();
  });

  it('is not one that has its answer', async () => {
    const closed = new Promise<string>((resolve, reject) => {
      const request = get({ port, host: '127.0.0.1', path: '/quick', agent: false }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (part: string) => (body += part));
        response.on('close', () => {
          resolve(body);
        });
      });
      request.on('error', reject);
    });
    expect(await closed).toBe('done');
    // The server has let go of the connection, too.
    await app.close();
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });
});
