import { createHash } from 'node:crypto';

/** Namespace of play ids, made once for this protocol. */
const NAMESPACE = Buffer.from('6f2a7c1e4b0d5e93a8c14d7f20b6e935', 'hex');

/**
 * The id of a play: (broadcast, occurrence, cluster) as a name-based UUID (RFC 9562, version 5). Server and cluster
 * compute the same, so that a play ordered by area, by cluster and by plan is one play.
 */
export function playIdOf(broadcastId: string, occurrenceId: string, clusterId: string): string {
  const hash = createHash('sha1')
    .update(NAMESPACE)
    .update(`${broadcastId}/${occurrenceId}/${clusterId}`)
    .digest()
    .subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
