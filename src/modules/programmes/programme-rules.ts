import { fieldProblem, Problem, type FieldProblem } from '../../common/http/problem.js';
import type { Actor } from '../identity/index.js';
import type { RenditionItem, Voice } from '../media/index.js';
import { checkItems, type GivenItem } from './domain/items.js';
import { PROGRAMME_LIFE, statesAfter, stepBy, type ProgrammeState } from './domain/life-cycle.js';
import { lastStartMs } from './domain/recurrence.js';
import { canonicalSchedule, checkSchedule } from './domain/schedule.js';
import type { Author, Programme, ProgrammeContent } from './programme.types.js';

/** What somebody gives; what is left out stays as it is, or takes its default. */
export type GivenContent = Partial<Omit<ProgrammeContent, 'items'>> & { items?: GivenItem[] };

const NOTHING: ProgrammeContent = {
  title: '',
  class: 'NORMAL',
  target: null,
  items: [],
  volumePercent: null,
  onInterrupt: 'RESUME',
  onOverrun: 'FINISH',
  schedule: null,
};

/** The whole content after a change, in its one form. @throws Problem 400 with everything wrong in what was given */
export function contentFrom(given: GivenContent, before: ProgrammeContent = NOTHING): ProgrammeContent {
  const problems: FieldProblem[] = [];
  const title = (given.title ?? before.title).normalize('NFC').trim();
  if (title === '' || title.length > 200 || /\p{Cc}/u.test(title))
    problems.push(
      fieldProblem('title', 'TITLE', {
        en: 'title must have 1 to 200 characters, without control characters',
        vi: 'title phải có từ 1 đến 200 ký tự, không có ký tự điều khiển',
      }),
    );
  for (const { field, code, en, vi } of checkItems(given.items ?? []))
    problems.push(fieldProblem(field, code, { en, vi }));
  let schedule = given.schedule === undefined ? before.schedule : given.schedule;
  if (given.schedule) {
    const wrong = checkSchedule(given.schedule);
    for (const { field, code, en, vi } of wrong)
      problems.push(fieldProblem(`schedule.${field}`, code, { en, vi }));
    if (wrong.length === 0) schedule = canonicalSchedule(given.schedule);
  }
  if (problems.length > 0) throw Problem.invalid(problems);
  return {
    title,
    class: given.class ?? before.class,
    target: given.target === undefined ? before.target : given.target,
    items: given.items ? given.items.map(itemFrom) : before.items,
    volumePercent: given.volumePercent === undefined ? before.volumePercent : given.volumePercent,
    onInterrupt: given.onInterrupt ?? before.onInterrupt,
    onOverrun: given.onOverrun ?? before.onOverrun,
    schedule,
  };
}

/** An item that has been checked; whether there is such a voice is said when it is rendered. */
function itemFrom({
  kind,
  sha256 = '',
  text = '',
  voice,
  wordsPerMinute,
  durationS = 0,
}: GivenItem): RenditionItem {
  if (kind === 'audio') return { kind, sha256 };
  if (kind === 'pause') return { kind, durationS };
  return {
    kind,
    text: text.normalize('NFC'),
    ...(voice === undefined ? {} : { voice: voice as Voice }),
    ...(wordsPerMinute === undefined ? {} : { wordsPerMinute }),
  };
}

/** What a programme must say before it may be submitted. @throws Problem 400 with everything that is missing */
export function assertComplete({ items, target, schedule }: ProgrammeContent, nowMs: number): void {
  const problems: FieldProblem[] = [];
  const missing = (field: string) =>
    problems.push(
      fieldProblem(field, 'REQUIRED', {
        en: `a programme that is submitted must have ${field}`,
        vi: `chương trình khi trình duyệt phải có ${field}`,
      }),
    );
  if (items.every(({ kind }) => kind === 'pause')) missing('items');
  if (target === null) missing('target');
  if (schedule === null) missing('schedule');
  else if (!hasOccurrenceAfter(schedule, nowMs))
    problems.push(
      fieldProblem('schedule', 'PAST', {
        en: 'every occurrence of the schedule lies in the past',
        vi: 'mọi lần phát trong lịch đều đã qua',
      }),
    );
  if (problems.length > 0) throw Problem.invalid(problems);
}

export function hasOccurrenceAfter(
  schedule: NonNullable<ProgrammeContent['schedule']>,
  nowMs: number,
): boolean {
  const last = lastStartMs(schedule);
  // Null is a rule without end.
  return (schedule.rrule !== null && last === null) || (last !== null && last > nowMs);
}

/** @throws Problem 409 for a step that the table does not have, or that only time takes */
export function assertStep({ title, state }: Pick<Programme, 'title' | 'state'>, to: ProgrammeState): void {
  const by = stepBy(state, to);
  if (by !== undefined && by !== 'time') return;
  const next = statesAfter(state).filter((after) => stepBy(state, after) !== 'time');
  throw Problem.conflict('TRANSITION', {
    en: `The programme "${title}" is ${state}: it cannot become ${to}. ${next.length === 0 ? 'Nothing follows.' : `Next may be: ${next.join(', ')}.`}`,
    vi: `Chương trình "${title}" đang ở trạng thái ${state} (${PROGRAMME_LIFE[state].sentence.vi}): không thể chuyển sang ${to}. ${next.length === 0 ? 'Không còn trạng thái nào tiếp theo.' : `Có thể chuyển sang: ${next.join(', ')}.`}`,
  });
}

/** @throws Problem 409 when a change is based on another version than the one there is */
export function assertVersion(programme: Programme, version: number | undefined): void {
  if (version === undefined || version === programme.version) return;
  throw Problem.conflict('VERSION', {
    en: `This was changed meanwhile: it is at version ${programme.version}.`,
    vi: `Dữ liệu đã được người khác thay đổi: hiện ở phiên bản ${programme.version}.`,
  });
}

export function assertNoTemplate({ isTemplate }: Programme): void {
  if (!isTemplate) return;
  throw Problem.conflict('TEMPLATE', {
    en: 'A template is not played itself: copy it and submit the copy.',
    vi: 'Mẫu không được phát trực tiếp: hãy sao chép rồi trình duyệt bản sao.',
  });
}

/** Whoever wrote any of it does not approve it, and no program does. @throws Problem 403 */
export function assertMayApprove(actor: Actor, { authors }: Programme): void {
  if (actor.kind !== 'user')
    throw Problem.forbidden(
      {
        en: 'Only a person who has signed in approves programmes.',
        vi: 'Chỉ người đã đăng nhập mới được phê duyệt chương trình.',
      },
      'PERSON',
    );
  if (authors.some(({ kind, id }) => kind === actor.kind && id === actor.id))
    throw Problem.forbidden(
      {
        en: 'You wrote this programme: somebody else must approve it.',
        vi: 'Bạn là người soạn chương trình này: phải do người khác phê duyệt.',
      },
      'AUTHOR',
    );
}

/** The authors, with one more. */
export function withAuthor(authors: readonly Author[], { kind, id, name }: Author): Author[] {
  return authors.some((author) => author.kind === kind && author.id === id)
    ? [...authors]
    : [...authors, { kind, id, name }];
}
