import { normalizePassword, passwordFault } from './password-rules.js';

test.each([
  ['short', 'hoa', 'minLength'],
  ['elevenchars', 'hoa', 'minLength'],
  ['x'.repeat(257), 'hoa', 'maxLength'],
  ['tran.thi.hoa', 'Tran.Thi.Hoa', 'USERNAME'],
  [' TRAN.THI.HOA ', 'tran.thi.hoa', 'USERNAME'],
])('%j is refused for %s: %s', (password, username, code) => {
  expect(passwordFault(password, username)?.code).toBe(code);
});

test.each(['twelve chars', 'x'.repeat(256), 'mưa dầm tháng bảy', 'tran.thi.hoa.2'])(
  '%j is accepted',
  (password) => {
    expect(passwordFault(password, 'tran.thi.hoa')).toBeUndefined();
  },
);

test('characters are counted as people see them: marks and pairs are no extra ones', () => {
  expect(passwordFault('ề'.normalize('NFD').repeat(11), 'hoa')?.code).toBe('minLength');
  expect(passwordFault('😀'.repeat(11), 'hoa')?.code).toBe('minLength');
  expect(passwordFault('😀'.repeat(12), 'hoa')).toBeUndefined();
});

test('one password, however it was typed', () => {
  const typed = 'mưa dầm tháng bảy';
  expect(normalizePassword(typed.normalize('NFD'))).toBe(normalizePassword(typed.normalize('NFC')));
});
