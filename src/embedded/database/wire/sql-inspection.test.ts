import fc from 'fast-check';
import { inspectSql } from './sql-inspection.js';

const channels = (sql: string): (string | null)[] =>
  inspectSql(sql).listenChanges.map((change) => change.channel);

describe('inspectSql', () => {
  test.each([
    ['LISTEN news', ['news']],
    ['listen News; LISTEN "News"; listen "a""b"', ['news', 'News', 'a"b']],
    ['UNLISTEN *; UNLISTEN news', [null, 'news']],
    ['/* listen a /* b */ */ LISTEN c -- LISTEN d\n; LISTEN e', ['c', 'e']],
    ["SELECT 'listen x; it''s'; LISTEN y", ['y']],
    ["SELECT E'\\'; LISTEN x'; LISTEN y", ['y']],
    ['DO $$ LISTEN x; $$; DO $a$ $$ LISTEN x; $a$; LISTEN y', ['y']],
    ['SELECT $1::int; LISTEN y', ['y']],
    ['SELECT listen FROM t', []],
    ["SELECT 'unclosed LISTEN x", []],
  ])('%s', (sql, expected) => {
    expect(channels(sql)).toEqual(expected);
  });

  test.each([
    'COPY t FROM STDIN',
    'copy "t" (a, b)\nfrom /* x */ stdin with csv',
    'SELECT 1; COPY t FROM STDIN',
    'DISCARD ALL',
    'DEALLOCATE ALL',
    'deallocate prepare all',
  ])('refuses %s', (sql) => {
    expect(inspectSql(sql).refusal).toContain('not available on the embedded database');
  });

  test.each([
    'COPY t TO STDOUT',
    "COPY t FROM '/tmp/x'",
    "SELECT 'COPY t FROM STDIN'",
    'SELECT copy, "from" FROM stdin',
    'DEALLOCATE one',
    '-- COPY t FROM STDIN',
  ])('lets %s pass', (sql) => {
    expect(inspectSql(sql).refusal).toBeNull();
  });

  test('any text is read to its end', () => {
    const piece = fc.oneof(
      fc.constantFrom("'", '"', '$', '$$', '$a$', '/*', '*/', '--', ';', '\\', 'E', 'listen '),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(() => inspectSql(`listen a; ${pieces.join('')}`)).not.toThrow();
      }),
    );
  });

  test('a literal of any content hides what it holds', () => {
    fc.assert(
      fc.property(fc.string(), (content) => {
        const literal = `'${content.replaceAll("'", "''")} ; listen hidden; '`;
        expect(channels(`SELECT ${literal}; LISTEN seen`)).toEqual(['seen']);
      }),
    );
  });
});
