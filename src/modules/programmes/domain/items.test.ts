import { audioOf, checkItems } from './items.js';

const sha256 = 'a'.repeat(64);

it('takes items of every kind with what they need', () => {
  expect(
    checkItems([
      { kind: 'audio', sha256 },
      { kind: 'pause', durationS: 2 },
      { kind: 'speech', text: 'Xin chào', wordsPerMinute: 140 },
    ]),
  ).toEqual([]);
});

it('names what is missing and what does not belong', () => {
  const found = checkItems([{ kind: 'audio' }, { kind: 'pause', durationS: 1, text: 'x' }]);
  expect(found.map(({ field, code }) => [field, code])).toEqual([
    ['items.0.sha256', 'REQUIRED'],
    ['items.1.text', 'NOT_OF_THIS_KIND'],
  ]);
});

it('finds each audio file once', () => {
  expect(audioOf([{ kind: 'audio', sha256 }, { kind: 'pause' }, { kind: 'audio', sha256 }])).toEqual([
    sha256,
  ]);
});
