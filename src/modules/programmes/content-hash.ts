import { createHash } from 'node:crypto';
import { canonicalJson } from './domain/canonical.js';
import type { Programme } from './programme.types.js';

/** SHA-256 over everything that is played, and to whom and when: what an approver approves, and nothing else is played. */
export function contentHashOf(programme: Programme): string {
  const {
    title,
    class: kind,
    areaId,
    target,
    items,
    schedule,
    volumePercent,
    onInterrupt,
    onOverrun,
  } = programme;
  const { renditionSha256, durationS } = programme;
  const played = {
    title,
    class: kind,
    areaId,
    target,
    items,
    schedule,
    volumePercent,
    onInterrupt,
    onOverrun,
    renditionSha256,
    durationS,
  };
  return createHash('sha256').update(canonicalJson(played)).digest('hex');
}
