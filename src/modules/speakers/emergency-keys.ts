import { createPrivateKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG } from '../../common/tokens.js';
import type { Config } from '../../config/config.js';
import {
  buildTopic,
  publicKeyOf,
  signed,
  type PublicKey,
  type Signature,
  type SigningKey,
} from '../../contract/index.js';

/** More would not fit into `desired.keys`. */
const KEYS_AT_MOST = 8;
const BLOCK = /-----BEGIN PRIVATE KEY-----[^-]*-----END PRIVATE KEY-----/g;

/**
 * The keys by which emergencies are signed (docs/adr/0011-emergency-signing.md): those of a PEM file, which is made when there
 * is none. The first signs; the clusters are told of all.
 */
@Injectable()
export class EmergencyKeys {
  private read: SigningKey[] | undefined;

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'emergencyKeyFile'>) {}

  /** In the order of the file. */
  get keyIds(): string[] {
    return this.keys.map(({ keyId }) => keyId);
  }

  /** For `desired.keys` of a cluster. Each is vouched for by another, so that who knows one of them believes all. */
  publicKeys(clusterId: string): PublicKey[] {
    const topic = buildTopic({ kind: 'desired', clusterId });
    const [first, second] = this.keys;
    return this.keys.map((key) => {
      const plain = publicKeyOf(key.privateKey);
      const voucher = key === first ? second : first;
      return voucher ? signed(topic, plain, voucher) : plain;
    });
  }

  sign<T extends object>(topic: string, message: T): T & { signature: Signature } {
    return signed(topic, message, this.keys[0]);
  }

  private get keys(): readonly [SigningKey, ...SigningKey[]] {
    this.read ??= readOrMake(this.config.emergencyKeyFile);
    return this.read as [SigningKey, ...SigningKey[]];
  }
}

function readOrMake(file: string): SigningKey[] {
  if (!fs.existsSync(file)) make(file);
  const blocks = fs.readFileSync(file, 'utf8').match(BLOCK) ?? [];
  if (blocks.length === 0 || blocks.length > KEYS_AT_MOST)
    throw new Error(`${file}: expected 1 to ${KEYS_AT_MOST} Ed25519 private keys (PKCS #8, PEM)`);
  return blocks.map((block) => {
    const privateKey: KeyObject = createPrivateKey(block);
    if (privateKey.asymmetricKeyType !== 'ed25519')
      throw new Error(`${file}: holds a key that is not Ed25519`);
    return { keyId: publicKeyOf(privateKey).keyId, privateKey };
  });
}

/** Whole or not at all, and never over another's: of several processes that begin together one makes it. */
function make(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomUUID()}`;
  fs.writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  try {
    fs.linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(draft);
  }
}
