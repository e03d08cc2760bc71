import { appendToOutbox, leaseOutbox, settleOutbox } from '../../src/common/database/outbox.js';
import { Permits } from '../../src/mqtt/permits.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database.stop());

const topic = (name: string) => `phusong/v1/c/${name}/command`;

it('takes urgent messages before older ones, also of the same topic, and leaves these in their order', async () => {
  const { manager } = database.dataSource;
  await appendToOutbox(manager, [
    { topic: topic('one'), payload: { nr: 1 } },
    { topic: topic('two'), payload: { nr: 2 } },
    { topic: topic('one'), payload: { nr: 3 }, urgent: true },
    { topic: topic('one'), payload: { nr: 4 }, urgent: true },
  ]);
  const take = async (limit: number, urgentOnly?: boolean) => {
    const rows = await leaseOutbox(manager, limit, 30, urgentOnly);
    await settleOutbox(
      manager,
      rows.map(({ id }) => id),
      'published',
    );
    return rows.map(({ payload }) => (payload as { nr: number }).nr);
  };
  expect(await take(10, true)).toEqual([3]);
  expect(await take(1)).toEqual([4]);
  expect(await take(10, true)).toEqual([]);
  expect(await take(10)).toEqual([1, 2]);
});

it('lets an urgent message go before those that wait for a permit', async () => {
  const permits = new Permits(1);
  await permits.take();
  const order: string[] = [];
  const waiting = [
    permits.take().then(() => order.push('normal')),
    permits.take(true).then(() => order.push('urgent')),
  ];
  permits.give();
  await waiting[1];
  permits.give();
  await waiting[0];
  expect(order).toEqual(['urgent', 'normal']);
});
