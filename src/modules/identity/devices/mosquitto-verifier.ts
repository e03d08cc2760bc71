import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/**
 * Passwords in the form of Mosquitto's own password file, `$7$iterations$salt$hash`: PBKDF2 with HMAC-SHA-512, a salt
 * of 12 and a hash of 64 bytes, both in base64 (mosquitto 2.0, `mosquitto_passwd.c` and `security_default.c`). One
 * verifier so serves the embedded broker, HTTP and a Mosquitto password file.
 *
 * 101 iterations are Mosquitto's default and few. That is right here: slow hashing makes guesses at passwords that
 * people choose expensive, and these secrets are 32 random bytes, which nobody guesses; while a province of clusters
 * that reconnects after a power cut is checked in a moment.
 */
const ITERATIONS = 101;
const SALT_BYTES = 12;
const HASH_BYTES = 64;
/** A verifier from elsewhere must not be able to keep the process busy. */
const MAX_ITERATIONS = 1_000_000;

const derive = promisify(pbkdf2);

/** 32 random bytes as base64url, 43 characters. */
export function newDeviceSecret(): string {
  return randomBytes(32).toString('base64url');
}

export async function makeVerifier(secret: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(secret, salt, ITERATIONS, HASH_BYTES, 'sha512');
  return `$7$${ITERATIONS}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** False also for a verifier of another form. */
export async function matchesVerifier(secret: string, verifier: string): Promise<boolean> {
  const parts = /^\$7\$(\d{1,7})\$([A-Za-z0-9+/]+=*)\$([A-Za-z0-9+/]+=*)$/.exec(verifier);
  const iterations = Number(parts?.[1]);
  if (!parts || iterations < 1 || iterations > MAX_ITERATIONS) return false;
  const expected = Buffer.from(parts[3]!, 'base64');
  if (expected.length !== HASH_BYTES) return false;
  const actual = await derive(secret, Buffer.from(parts[2]!, 'base64'), iterations, HASH_BYTES, 'sha512');
  return timingSafeEqual(actual, expected);
}
