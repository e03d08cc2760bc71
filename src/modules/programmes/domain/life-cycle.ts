interface Bilingual {
  en: string;
  vi: string;
}

export const PROGRAMME_STATES = [
  'DRAFT',
  'SUBMITTED',
  'APPROVED',
  'REJECTED',
  'SCHEDULED',
  'ON_AIR',
  'DONE',
  'CANCELLED',
] as const;
export type ProgrammeState = (typeof PROGRAMME_STATES)[number];

/** Who may take a step: who writes programmes, who approves them, or only the program itself as time passes. */
export type StepBy = 'programmes:write' | 'programmes:approve' | 'time';

interface State {
  sentence: Bilingual;
  /** The states that may follow, each with who may take the step. */
  next: Partial<Record<ProgrammeState, StepBy>>;
}

/** What may happen to a programme that is approved: an edit sends it back, an approver may take the approval back. */
const WITHDRAWN = {
  DRAFT: 'programmes:write',
  REJECTED: 'programmes:approve',
  CANCELLED: 'programmes:write',
} as const;

/** The one table of a programme's life: what each state means, what may follow it, and who may say so. */
export const PROGRAMME_LIFE: Readonly<Record<ProgrammeState, State>> = {
  DRAFT: {
    sentence: { en: 'It is being written.', vi: 'Đang soạn.' },
    next: { SUBMITTED: 'programmes:write', CANCELLED: 'programmes:write' },
  },
  SUBMITTED: {
    sentence: { en: 'It waits for somebody else to approve it.', vi: 'Đang chờ người khác phê duyệt.' },
    next: {
      APPROVED: 'programmes:approve',
      REJECTED: 'programmes:approve',
      DRAFT: 'programmes:write',
      CANCELLED: 'programmes:write',
    },
  },
  REJECTED: {
    sentence: {
      en: 'It was refused, with a reason; an edit makes it a draft again.',
      vi: 'Bị từ chối, có ghi lý do; sửa lại sẽ thành bản nháp.',
    },
    next: { DRAFT: 'programmes:write', CANCELLED: 'programmes:write' },
  },
  APPROVED: {
    sentence: {
      en: 'It is approved as it is; none of its occurrences is near enough to be planned.',
      vi: 'Đã được phê duyệt; chưa có lần phát nào đủ gần để lên kế hoạch.',
    },
    next: { SCHEDULED: 'time', ON_AIR: 'time', DONE: 'time', ...WITHDRAWN },
  },
  SCHEDULED: {
    sentence: {
      en: 'Its next occurrences are broadcasts that wait for their time.',
      vi: 'Các lần phát sắp tới đã được lên lịch, chờ đến giờ.',
    },
    next: { APPROVED: 'time', ON_AIR: 'time', DONE: 'time', ...WITHDRAWN },
  },
  ON_AIR: {
    sentence: {
      en: 'One of its occurrences has begun and is not known to be over.',
      vi: 'Một lần phát đã bắt đầu và chưa biết là đã xong.',
    },
    next: { APPROVED: 'time', SCHEDULED: 'time', DONE: 'time', ...WITHDRAWN },
  },
  DONE: {
    sentence: { en: 'No occurrence is left.', vi: 'Không còn lần phát nào.' },
    next: {},
  },
  CANCELLED: {
    sentence: {
      en: 'It was given up; nothing follows.',
      vi: 'Đã hủy; không chuyển sang trạng thái nào nữa.',
    },
    next: {},
  },
};

/** The states in which what was approved is played as its time comes. */
export const LIVE_STATES = ['APPROVED', 'SCHEDULED', 'ON_AIR'] as const satisfies readonly ProgrammeState[];

export function isLive(state: ProgrammeState): boolean {
  return (LIVE_STATES as readonly ProgrammeState[]).includes(state);
}

/** Who may take a step; undefined when the table does not have it. */
export function stepBy(from: ProgrammeState, to: ProgrammeState): StepBy | undefined {
  return PROGRAMME_LIFE[from].next[to];
}

/** The states that may follow one, in the order of a programme's life. */
export function statesAfter(from: ProgrammeState): ProgrammeState[] {
  return PROGRAMME_STATES.filter((state) => stepBy(from, state) !== undefined);
}

/** What is known of the occurrences of a live programme, to say which state it is in. */
export interface Standing {
  /** Broadcasts that have begun and are not settled. */
  begun: number;
  /** Broadcasts whose time has not come. */
  waiting: number;
  /** Whether its schedule names an occurrence that has no broadcast yet. */
  more: boolean;
}

/** The state that time has brought a live programme to. */
export function stateByTime({
  begun,
  waiting,
  more,
}: Standing): 'APPROVED' | 'SCHEDULED' | 'ON_AIR' | 'DONE' {
  if (begun > 0) return 'ON_AIR';
  if (waiting > 0) return 'SCHEDULED';
  return more ? 'APPROVED' : 'DONE';
}
