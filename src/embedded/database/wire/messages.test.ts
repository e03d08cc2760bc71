import fc from 'fast-check';
import { MessageReader, ProtocolViolation, int32, message, query } from './messages.js';

describe('MessageReader', () => {
  test('gives the same messages however the bytes are cut', () => {
    const texts = fc.array(fc.string({ maxLength: 40 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(60)), (sqls, cuts) => {
        const bytes = Buffer.concat(sqls.map((sql) => query(sql)));
        const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
        const reader = new MessageReader();
        const got: string[] = [];
        edges.forEach((edge, i) => {
          reader.push(bytes.subarray(edges[i - 1] ?? 0, edge));
          for (let next = reader.nextMessage(); next; next = reader.nextMessage())
            got.push(next.bytes.toString('hex'));
        });
        expect(got).toEqual(sqls.map((sql) => query(sql).toString('hex')));
      }),
    );
  });

  test('refuses lengths that cannot be', () => {
    const short = new MessageReader();
    short.push(Buffer.concat([Buffer.from('Q'), int32(3)]));
    expect(() => short.nextMessage()).toThrow(ProtocolViolation);
    const huge = new MessageReader();
    huge.push(Buffer.concat([Buffer.from('Q'), int32(2 ** 31 - 1)]));
    expect(() => huge.nextMessage()).toThrow(ProtocolViolation);
    const startUp = new MessageReader();
    startUp.push(Buffer.from('GET / HTTP/1.1'));
    expect(() => startUp.nextStartup()).toThrow(ProtocolViolation);
  });

  test('writes the length without the type byte', () => {
    expect(message('X').toString('hex')).toBe('5800000004');
    expect(query('a').toString('hex')).toBe('51000000066100');
  });
});
