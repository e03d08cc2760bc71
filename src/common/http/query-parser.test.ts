import { parseQuery } from './query-parser.js';

test('parameters without a dot are read as they are, repeated ones as a list', () => {
  expect({ ...parseQuery('a=1&b=hai+ba%20b%E1%BB%91n&a=2&c') }).toEqual({
    a: ['1', '2'],
    b: 'hai ba bốn',
    c: '',
  });
});

test('parameters with a dot stand together, and never as a known parameter of another kind', () => {
  const read = parseQuery('attr.roof=tile&attr.height.min=3&limit=5&limit.x=6&.y=1');
  expect(JSON.parse(JSON.stringify(read))).toEqual({
    attr: { roof: 'tile', 'height.min': '3' },
    limit: ['5', { x: '6' }],
    '.y': '1',
  });
});

test('names of an object’s own workings are names like others', () => {
  const read = parseQuery('__proto__.polluted=1&__proto__=2&constructor.prototype=3');
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect(Object.keys(read).sort()).toEqual(['__proto__', 'constructor']);
});
