import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import type { CommandMessage, PlanItem, PublicKey, Signature } from './messages/index.js';

/**
 * Emergencies are signed (rule 11): Ed25519 (RFC 8032) over the canonical JSON of the message without its `signature`,
 * behind the topic it is said on, so that what was signed for one commune cannot be said to a province.
 *
 *     signed bytes = UTF-8 of  topic + "\n" + canonical JSON
 *
 * Canonical JSON: no blanks, the members of objects sorted by the UTF-16 units of their names, strings and numbers as
 * JSON.stringify writes them (RFC 8785).
 */

export interface SigningKey {
  keyId: string;
  privateKey: KeyObject;
}

/** What a cluster makes of a signature. UNSIGNED: there is none. */
export type SignatureVerdict = 'VALID' | 'UNSIGNED' | 'BAD_SIGNATURE';

/** Of plain JSON data; undefined members are left out, as JSON leaves them out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value ?? null);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * What a cluster that knows a key obeys only with a signature: whatever sounds as EMERGENCY, and every stop, for a stop is
 * how an emergency is silenced. On anything else a signature may stand; one that stands must be right.
 */
export function mustBeSigned(message: CommandMessage | PlanItem): boolean {
  if (!('type' in message)) return message.class === 'EMERGENCY';
  if (message.type === 'play') return message.priority === 'EMERGENCY' || message.play.class === 'EMERGENCY';
  if (message.type === 'live') return message.priority === 'EMERGENCY' || message.live.class === 'EMERGENCY';
  return message.type === 'stop';
}

/** The same message with its signature, for this topic only. */
export function signed<T extends object>(
  topic: string,
  message: T,
  key: SigningKey,
): T & { signature: Signature } {
  const value = sign(null, signedBytes(topic, message), key.privateKey).toString('base64url');
  return { ...message, signature: { keyId: key.keyId, value } };
}

/** Whether a message said on this topic was signed by one of these keys. Never throws. */
export function signatureOf(
  topic: string,
  message: object & { signature?: unknown },
  keys: readonly PublicKey[],
): SignatureVerdict {
  const { signature } = message as { signature?: Signature };
  if (signature === undefined) return 'UNSIGNED';
  try {
    const key = keys.find(({ keyId }) => keyId === signature.keyId);
    if (key === undefined) return 'BAD_SIGNATURE';
    const value = Buffer.from(signature.value, 'base64url');
    // Another spelling of the same bytes, or more beside them, is not what was sent.
    const whole = canonicalJson({ keyId: key.keyId, value: value.toString('base64url') });
    if (canonicalJson(signature) !== whole) return 'BAD_SIGNATURE';
    return verify(null, signedBytes(topic, message), publicKeyObject(key), value) ? 'VALID' : 'BAD_SIGNATURE';
  } catch {
    return 'BAD_SIGNATURE';
  }
}

/** As it stands in `desired.keys`. The id is the first half of the SHA-256 of the key: equal keys have equal ids. */
export function publicKeyOf(key: KeyObject): PublicKey {
  const { x } = createPublicKey(key).export({ format: 'jwk' });
  if (x === undefined) throw new RangeError('not an Ed25519 key');
  const keyId = createHash('sha256')
    .update(Buffer.from(x, 'base64url'))
    .digest()
    .subarray(0, 16)
    .toString('hex');
  return { keyId, algorithm: 'Ed25519', publicKey: x };
}

/** Reading a key takes as long as checking a signature; there are only ever a few. */
const readKeys = new Map<string, KeyObject>();
const READ_AT_MOST = 64;

function publicKeyObject({ publicKey }: PublicKey): KeyObject {
  const known = readKeys.get(publicKey);
  if (known) return known;
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: publicKey }, format: 'jwk' });
  if (readKeys.size >= READ_AT_MOST) readKeys.clear();
  readKeys.set(publicKey, key);
  return key;
}

function signedBytes(topic: string, message: object): Buffer {
  const { signature: _own, ...rest } = message as { signature?: Signature };
  return Buffer.from(`${topic}\n${canonicalJson(rest)}`, 'utf8');
}
