import { randomUUID } from 'node:crypto';
import { currentContext } from '../../src/common/context/request-context.js';
import { InboundRouter, type InboundServices } from '../../src/mqtt/inbound.js';
import { logger } from '../speakers/support.js';

type Call = { what: string; ids: string[]; correlationId?: string };

/** The router over services that note what they are called with, and fail as told. */
function routerOver(fail: (call: Call) => Error | undefined) {
  const calls: Call[] = [];
  const letters: string[] = [];
  const note =
    (what: string) =>
    async (items: { clusterId: string }[] | string[]): Promise<string[]> => {
      const ids = items.map((item) => (typeof item === 'string' ? item : item.clusterId));
      const call = { what, ids, correlationId: currentContext()?.correlationId };
      const error = fail(call);
      if (error) throw error;
      calls.push(call);
      return [];
    };
  const services = {
    twins: { onStates: note('state'), onSignOfLife: note('life') },
    commands: {
      onAcks: async (items: { clusterId: string }[]) => {
        await note('ack')(items);
        return 0;
      },
    },
    badMessages: {
      record: async (list: { code: string }[]) => void letters.push(...list.map(({ code }) => code)),
    },
  } as unknown as InboundServices;
  return { router: new InboundRouter(services, logger), calls, letters };
}

const state = (id: string) => ({
  topic: `phusong/v1/c/${id}/state`,
  payload: Buffer.from(JSON.stringify({ online: true, session: randomUUID(), at: new Date().toISOString() })),
  retained: false,
});
const ack = (id: string, correlationId: string) => ({
  topic: `phusong/v1/c/${id}/ack`,
  payload: Buffer.from(
    JSON.stringify({ id: randomUUID(), phase: 'STARTED', at: new Date().toISOString(), correlationId }),
  ),
  retained: false,
});
const away = () =>
  Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', syscall: 'connect' });

describe('the inbound router', () => {
  it('tries again what fails because the database is away, and loses nothing', async () => {
    let failures = 3;
    const { router, calls, letters } = routerOver(() => (failures-- > 0 ? away() : undefined));
    await Promise.all(['aaa', 'bbb', 'ccc'].map((id) => router.take(state(id))));
    await router.idle();
    expect(calls.flatMap(({ ids }) => ids).sort()).toEqual(['aaa', 'bbb', 'ccc']);
    expect(letters).toEqual([]);
  });

  it('singles out the message that fails by itself', async () => {
    const { router, calls, letters } = routerOver(({ ids }) =>
      ids.includes('bad') ? new Error('no') : undefined,
    );
    await Promise.all(['aaa', 'bad', 'ccc'].map((id) => router.take(state(id))));
    await router.idle();
    expect(calls.flatMap(({ ids }) => ids).sort()).toEqual(['aaa', 'ccc']);
    expect(letters).toEqual(['HANDLER_FAILED']);
  });

  it('handles what belongs to one request together, under its correlation id', async () => {
    const { router, calls } = routerOver(() => undefined);
    const ids = Array.from({ length: 120 }, (_, i) => `cluster-${i}`);
    await Promise.all(ids.map((id, i) => router.take(ack(id, i % 2 ? 'request-one' : 'request-two'))));
    await router.idle();
    const acks = calls.filter(({ what }) => what === 'ack');
    expect(acks.map(({ correlationId }) => correlationId).sort()).toEqual(['request-one', 'request-two']);
    expect(acks.map(({ ids: list }) => list.length)).toEqual([60, 60]);
  });

  it('does not listen to what the server itself says, nor to nonsense', async () => {
    const { router, calls, letters } = routerOver(() => undefined);
    const at = new Date().toISOString();
    const own = Buffer.from(JSON.stringify({ online: true, at }));
    await router.take({ topic: 'phusong/v1/server/state', payload: own, retained: false });
    await router.take({ topic: 'somewhere/else', payload: Buffer.alloc(0), retained: false });
    await router.take({ topic: 'phusong/v1/c/abc/state', payload: Buffer.from('{'), retained: false });
    await router.idle();
    expect(calls).toEqual([]);
    expect(letters.sort()).toEqual(['NOT_JSON', 'UNEXPECTED', 'UNKNOWN_TOPIC']);
  });
});
