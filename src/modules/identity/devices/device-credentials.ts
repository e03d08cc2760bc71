import { createHash, timingSafeEqual } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isClusterId } from '../../../contract/index.js';
import { type Tx, UnitOfWork } from '../../../common/database/unit-of-work.js';
import { EventBus, eventType, RESOURCE_CHANGED } from '../../../common/events/event-bus.js';
import { ExpiringCache } from '../expiring-cache.js';
import { makeVerifier, matchesVerifier, newDeviceSecret } from './mosquitto-verifier.js';

/** A cluster's credential was issued (an earlier one is void) or revoked. `deviceId` is the cluster's code. */
export const DEVICE_CREDENTIAL_CHANGED = eventType<{ deviceId: string; change: 'issued' | 'revoked' }>(
  'identity.device-credential-changed',
);

interface Row {
  deviceId: string;
  createdAt: Date;
  revokedAt: Date | null;
}

/** How long another process may go on believing a revoked credential. */
const BELIEVED_MS = 5_000;
const MAX_REMEMBERED = 10_000;
const BATCH = 500;
/** Fits no secret: 64 zero bytes are nobody's hash. */
const NO_VERIFIER = `$7$101$AAAAAAAAAAAAAAAA$${Buffer.alloc(64).toString('base64')}`;

const sha256 = (text: string) => createHash('sha256').update(text).digest();

/** The one credential each loudspeaker cluster has, for MQTT and for fetching its audio over HTTP. */
@Injectable()
export class DeviceCredentials {
  /** By device: the hash of the one secret that was found right. Wrong ones are never remembered. */
  private readonly verified = new ExpiringCache<Buffer>(MAX_REMEMBERED, BELIEVED_MS);

  constructor(
    private readonly uow: UnitOfWork,
    events: EventBus,
  ) {
    events.afterCommit(DEVICE_CREDENTIAL_CHANGED, (changes) => {
      for (const { deviceId } of changes) this.verified.forget(deviceId);
    });
  }

  /** A new secret for one cluster, shown this once; an earlier one is void with the commit. */
  async issue(tx: Tx, deviceId: string): Promise<string> {
    return (await this.issueMany(tx, [deviceId])).get(deviceId)!;
  }

  /** New secrets by cluster code. */
  async issueMany(tx: Tx, deviceIds: readonly string[]): Promise<Map<string, string>> {
    // One order for everybody, so that two batches at a time cannot lock each other out.
    const ids = [...new Set(deviceIds)].sort();
    const secrets = new Map<string, string>();
    for (let start = 0; start < ids.length; start += BATCH) {
      const batch = ids.slice(start, start + BATCH);
      const verifiers: string[] = [];
      for (const id of batch) {
        const secret = newDeviceSecret();
        secrets.set(id, secret);
        verifiers.push(await makeVerifier(secret));
      }
      await this.store(tx, batch, verifiers);
    }
    return secrets;
  }

  private async store(tx: Tx, ids: string[], verifiers: string[]): Promise<void> {
    const before = new Map((await this.lock(tx, ids)).map((row) => [row.deviceId, row]));
    const stored = await tx.manager.query<Row[]>(
      `insert into device_credentials (device_id, verifier)
       select * from unnest($1::text[], $2::text[])
       on conflict (device_id) do update
         set verifier = excluded.verifier, created_at = now(), revoked_at = null
       returning device_id as "deviceId", created_at as "createdAt", revoked_at as "revokedAt"`,
      [ids, verifiers],
    );
    for (const row of stored) {
      const earlier = before.get(row.deviceId);
      tx.emit(DEVICE_CREDENTIAL_CHANGED, { deviceId: row.deviceId, change: 'issued' });
      tx.emit(RESOURCE_CHANGED, {
        resource: 'device-credential',
        id: row.deviceId,
        action: earlier ? 'update' : 'create',
        before: earlier ?? null,
        after: row,
      });
    }
  }

  /** False when there was none to revoke. */
  async revoke(tx: Tx, deviceId: string): Promise<boolean> {
    const [before] = await this.lock(tx, [deviceId]);
    if (!before || before.revokedAt) return false;
    const [rows] = await tx.manager.query<[Row[], number]>(
      `update device_credentials set revoked_at = now() where device_id = $1
       returning device_id as "deviceId", created_at as "createdAt", revoked_at as "revokedAt"`,
      [deviceId],
    );
    tx.emit(DEVICE_CREDENTIAL_CHANGED, { deviceId, change: 'revoked' });
    tx.emit(RESOURCE_CHANGED, {
      resource: 'device-credential',
      id: deviceId,
      action: 'update',
      before,
      after: rows[0] ?? null,
    });
    return true;
  }

  /**
   * Whether this is the cluster's secret. A right one is remembered for 5 s: a revocation holds at once in this
   * process and within 5 s in every other.
   */
  async verify(deviceId: string, secret: string): Promise<boolean> {
    if (!isClusterId(deviceId)) return false;
    const given = sha256(secret);
    const remembered = await this.verified.get(deviceId, async () =>
      (await this.check(deviceId, secret)) ? given : undefined,
    );
    if (remembered === undefined) return false;
    if (timingSafeEqual(remembered, given)) return true;
    // Another secret than the remembered one is wrong, or it is the new one and another process has issued it.
    if (!(await this.check(deviceId, secret))) return false;
    this.verified.forget(deviceId);
    return true;
  }

  private async check(deviceId: string, secret: string): Promise<boolean> {
    const rows = await this.uow.reader.query<{ verifier: string }[]>(
      `select verifier from device_credentials where device_id = $1 and revoked_at is null`,
      [deviceId],
    );
    return matchesVerifier(secret, rows[0]?.verifier ?? NO_VERIFIER);
  }

  /** Every credential that holds, in the form of a Mosquitto password file's lines; by cluster code. */
  async exportVerifiers(): Promise<{ deviceId: string; verifier: string }[]> {
    return this.uow.reader.query<{ deviceId: string; verifier: string }[]>(
      `select device_id as "deviceId", verifier from device_credentials where revoked_at is null order by device_id`,
    );
  }

  private async lock(tx: Tx, ids: string[]): Promise<Row[]> {
    return await tx.manager.query<Row[]>(
      `select device_id as "deviceId", created_at as "createdAt", revoked_at as "revokedAt"
         from device_credentials where device_id = any($1) order by device_id for update`,
      [ids],
    );
  }
}
