import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import type { BroadcastClass, OnInterrupt, OnOverrun } from '../../contract/index.js';
import type { Actor } from '../identity/index.js';
import { TIME_ZONE, type ClusterRef } from '../speakers/index.js';
import type { Announcement, AnnouncementTarget } from './broadcast.types.js';
import { outsideQuietHours, type PlayTiming } from './domain/play-timing.js';

/** An announcement with everything said that may be left out. */
export interface CompleteAnnouncement {
  title: string;
  sha256: string;
  target: AnnouncementTarget;
  class: BroadcastClass;
  volumePercent: number | null;
  repeat: number;
  startAt: Date | null;
  onInterrupt: OnInterrupt;
  onOverrun: OnOverrun;
  reason: string | null;
}

const FURTHEST_MS = 366 * 24 * 3600 * 1000;
/** A time that has just passed while the request was on its way is not refused. */
const TOLERANCE_MS = 5_000;
const LONGEST_MS = 24 * 3600 * 1000;

/** Fills in what was left out and checks what can be checked without asking anybody. @throws Problem 400 */
export function completed(input: Announcement, nowMs: number): CompleteAnnouncement {
  const complete: CompleteAnnouncement = {
    title: input.title.normalize('NFC').trim(),
    sha256: input.sha256,
    target: input.target,
    class: input.class ?? 'NORMAL',
    volumePercent: input.volumePercent ?? null,
    repeat: input.repeat ?? 1,
    startAt: input.startAt ?? null,
    onInterrupt: input.onInterrupt ?? 'RESUME',
    onOverrun: input.onOverrun ?? 'FINISH',
    reason: input.reason?.normalize('NFC').trim() || null,
  };
  const problems: FieldProblem[] = [];
  const { title, target, startAt } = complete;
  if (title === '' || title.length > 200)
    problems.push(
      fieldProblem('title', 'LENGTH', {
        en: 'title must have 1 to 200 characters',
        vi: 'title phải có từ 1 đến 200 ký tự',
      }),
    );
  const named = [...(target.clusterIds ?? []), ...(target.groupIds ?? []), ...(target.areas ?? [])];
  if ((target.all === true) === named.length > 0)
    problems.push(
      fieldProblem('target', 'TARGET', {
        en: 'target must say either all, or which clusters, groups or units',
        vi: 'target phải là tất cả (all), hoặc nêu cụm loa, nhóm hay đơn vị hành chính',
      }),
    );
  if (complete.class === 'EMERGENCY' && complete.reason === null)
    problems.push(
      fieldProblem('reason', 'REQUIRED', {
        en: 'an EMERGENCY must give its reason',
        vi: 'bản tin khẩn cấp phải nêu lý do',
      }),
    );
  const ahead = startAt === null ? 0 : startAt.getTime() - nowMs;
  if (!(ahead >= -TOLERANCE_MS && ahead <= FURTHEST_MS))
    problems.push(
      fieldProblem('startAt', 'TIME', {
        en: 'startAt must lie in the future, at most a year ahead',
        vi: 'startAt phải ở tương lai, không quá một năm',
      }),
    );
  if (problems.length > 0) throw Problem.invalid(problems);
  return complete;
}

/** @throws Problem 403 for an EMERGENCY by who may not. Null is the program itself. */
export function assertMayAnnounce(actor: Actor | null, { class: kind }: CompleteAnnouncement): void {
  if (kind !== 'EMERGENCY' || actor === null || actor.permissions.has('broadcasts:emergency')) return;
  throw Problem.forbidden({
    en: 'This needs the permission broadcasts:emergency.',
    vi: 'Thao tác này cần quyền broadcasts:emergency.',
  });
}

/** Milliseconds of the whole play. @throws Problem 400 */
export function lengthOf(announcement: CompleteAnnouncement, durationS: number): number {
  const lengthMs = durationS * 1000 * announcement.repeat;
  if (lengthMs <= LONGEST_MS) return lengthMs;
  throw Problem.invalidField('repeat', 'TOO_LONG', {
    en: 'the whole play, repeats included, must not be longer than 24 hours',
    vi: 'toàn bộ thời lượng phát, kể cả lặp lại, không được quá 24 giờ',
  });
}

/**
 * The latest beginning at each cluster, so that nothing is heard in its quiet hours; EMERGENCY alone passes.
 * @throws Problem 409 when a cluster would have to play in them
 */
export function latestBeginnings(
  clusters: readonly ClusterRef[],
  announcement: Pick<CompleteAnnouncement, 'class'>,
  timing: PlayTiming,
  lengthMs: number,
): Map<string, number> {
  const latest = new Map<string, number>();
  const quiet: string[] = [];
  let quietMs = Infinity;
  const found = new Map<string, ReturnType<typeof outsideQuietHours>>();
  for (const { id, quietHours } of clusters) {
    if (announcement.class === 'EMERGENCY') {
      latest.set(id, timing.notAfterMs);
      continue;
    }
    // Most clusters share their hours with all others.
    const key = JSON.stringify(quietHours);
    const result = found.get(key) ?? outsideQuietHours(timing, lengthMs, quietHours, TIME_ZONE);
    found.set(key, result);
    if (result.ok) latest.set(id, result.notAfterMs);
    else {
      quiet.push(id);
      quietMs = Math.min(quietMs, result.quietMs);
    }
  }
  if (quiet.length > 0) throw quietHoursProblem(quiet, quietMs);
  return latest;
}

function quietHoursProblem(clusterIds: readonly string[], quietMs: number): Problem {
  const at = new Intl.DateTimeFormat('en-GB', {
    timeZone: TIME_ZONE,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(quietMs);
  const [first] = clusterIds;
  const count = clusterIds.length;
  return Problem.conflict('QUIET_HOURS', {
    en: `It would be heard in the quiet hours of ${count} cluster(s), such as ${first}, at ${at}. Only EMERGENCY may.`,
    vi: `Nội dung sẽ phát trong giờ yên tĩnh của ${count} cụm loa, ví dụ ${first}, lúc ${at}. Chỉ bản tin khẩn cấp được phép.`,
  });
}
