import { makeVerifier, matchesVerifier, newDeviceSecret } from './mosquitto-verifier.js';

test('what mosquitto_passwd 2.0.11 wrote is understood', async () => {
  // mosquitto_passwd -b file hgi-vt-001 'correct horse battery'
  const verifier =
    '$7$101$OO62kAPwbuEUr+Ne$zhCkLqWDkDTnQc5M1ragsSGWNDd2jpTC5/9vlQk6cj/F617fEOj0pRp0CXqzv+/1t01FrrvO2rGFg73G4h5D6A==';
  expect(await matchesVerifier('correct horse battery', verifier)).toBe(true);
  expect(await matchesVerifier('correct horse batterz', verifier)).toBe(false);
  expect(await matchesVerifier('', verifier)).toBe(false);
});

test('a verifier has the form of a password file, its own salt, and fits its secret only', async () => {
  const secret = newDeviceSecret();
  expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  const [one, two] = [await makeVerifier(secret), await makeVerifier(secret)];
  expect(one).toMatch(/^\$7\$101\$[A-Za-z0-9+/]{16}\$[A-Za-z0-9+/]{86}==$/);
  expect(one).not.toBe(two);
  expect(await matchesVerifier(secret, one)).toBe(true);
  expect(await matchesVerifier(newDeviceSecret(), one)).toBe(false);
});

test.each([
  '',
  'plain',
  '$6$salt$hash',
  '$7$0$AAAA$AAAA',
  '$7$9999999$AAAA$AAAA',
  '$7$101$AAAA$AAAA',
  '$7$101$AAAA$',
])('another form (%s) fits nothing', async (verifier) => {
  expect(await matchesVerifier('', verifier)).toBe(false);
});
