import { addressKind, resolveTarget, TargetRefused, urlFault } from './address-guard.js';

test.each([
  ['8.8.8.8', 'public'],
  ['203.162.4.190', 'public'],
  ['2001:4860:4860::8888', 'public'],
  ['10.1.2.3', 'private'],
  ['127.0.0.1', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['::1', 'private'],
  ['fd00::1', 'private'],
  ['0.0.0.0', 'never'],
  ['100.64.0.1', 'never'],
  ['169.254.169.254', 'never'],
  ['198.18.0.1', 'never'],
  ['224.0.0.1', 'never'],
  ['255.255.255.255', 'never'],
  ['::', 'never'],
  ['fe80::1', 'never'],
  ['fe80::1%eth0', 'never'],
  ['ff02::1', 'never'],
  ['::ffff:127.0.0.1', 'never'],
  ['::ffff:8.8.8.8', 'never'],
  ['64:ff9b::7f00:1', 'never'],
  ['2002:7f00:1::', 'never'],
  ['2001:0:7f00:1::', 'never'],
  ['2001:db8::1', 'never'],
  ['somebody', 'never'],
] as const)('%s is %s', (address, kind) => {
  expect(addressKind(address)).toBe(kind);
});

test.each([
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://0x7f.1/',
  'https://0177.0.0.1/',
  'https://[::1]/',
  'https://[::ffff:10.0.0.1]/',
  'https://localhost/',
  'https://169.254.169.254/latest/meta-data',
])('%s is refused however it is written', async (text) => {
  expect(urlFault(text, false)).toBeUndefined();
  await expect(resolveTarget(new URL(text), false)).rejects.toThrow(TargetRefused);
});

test('private receivers are possible where they are allowed, the metadata of a cloud never', async () => {
  expect(await resolveTarget(new URL('http://127.0.0.1:9/'), true)).toEqual({
    address: '127.0.0.1',
    family: 4,
  });
  expect(await resolveTarget(new URL('https://8.8.8.8/'), false)).toEqual({ address: '8.8.8.8', family: 4 });
  await expect(resolveTarget(new URL('http://169.254.169.254/'), true)).rejects.toThrow(TargetRefused);
  await expect(resolveTarget(new URL('http://8.8.8.8/'), true)).rejects.toThrow(/use https/);
});

test.each([
  ['http://example.org/', false],
  ['ftp://example.org/', true],
  ['file:///etc/passwd', true],
  ['https://user:secret@example.org/', true],
  ['https://example.org/#x', true],
  ['not an address', true],
])('%s cannot be a receiver', (text, allowPrivate) => {
  expect(urlFault(text, allowPrivate)).toEqual({
    en: expect.any(String) as string,
    vi: expect.any(String) as string,
  });
});
