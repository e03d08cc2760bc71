import { filterMatches, hasWildcard } from './topic-filter.js';

describe('topic filters', () => {
  it.each([
    ['a/b', 'a/b', true],
    ['a/b', 'a/c', false],
    ['a/b', 'a/b/c', false],
    ['a/+', 'a/b', true],
    ['a/+', 'a/', true],
    ['a/+', 'a', false],
    ['a/+', 'a/b/c', false],
    ['+/+', '/b', true],
    ['+', '/b', false],
    ['a/+/c', 'a/b/c', true],
    ['a/+/c', 'a/b/d', false],
    ['a/#', 'a', true],
    ['a/#', 'a/b/c', true],
    ['a/#', 'ab', false],
    ['#', 'a/b', true],
    ['#', '$SYS/b', false],
    ['+/b', '$SYS/b', false],
    ['$SYS/#', '$SYS/b', true],
    ['/a', 'a', false],
  ])('%s and %s: %s', (filter, topic, matches) => {
    expect(filterMatches(filter, topic)).toBe(matches);
  });

  it('knows which mean more than one topic', () => {
    expect(['a/b', 'a/+', '#'].map(hasWildcard)).toEqual([false, true, true]);
  });
});
