import { checkDate, checkOneOf, checkText } from './checks.js';
import { BLOCK_REASONS, LIFECYCLES, type BlockReason, type Lifecycle, type Violation } from './site-model.js';

interface Bilingual {
  en: string;
  vi: string;
}

/** Who may take a step: whoever keeps the register, or whoever approves the province's plan. */
export type TransitionPermission = 'sites:write' | 'sites:approve';

interface State {
  sentence: Bilingual;
  /** The states that may follow, each with the permission that the step needs. */
  next: Partial<Record<Lifecycle, TransitionPermission>>;
}

/** The one table of a site's life: what each state means, what may follow it, and who may say so. */
export const LIFE_CYCLE: Readonly<Record<Lifecycle, State>> = {
  planned: {
    sentence: {
      en: 'An operator wants to build here; the province has not decided.',
      vi: 'Doanh nghiệp đề xuất xây dựng; tỉnh chưa phê duyệt.',
    },
    next: { approved: 'sites:approve', decommissioned: 'sites:approve' },
  },
  approved: {
    sentence: {
      en: 'The province has approved it in the plan of passive infrastructure; work has not begun.',
      vi: 'Đã được phê duyệt trong quy hoạch hạ tầng viễn thông thụ động; chưa khởi công.',
    },
    next: {
      planned: 'sites:approve',
      blocked: 'sites:write',
      under_construction: 'sites:write',
      decommissioned: 'sites:approve',
    },
  },
  blocked: {
    sentence: {
      en: 'It is approved and cannot be built, for the reason that is given.',
      vi: 'Đã được phê duyệt nhưng chưa thể xây dựng, có ghi lý do.',
    },
    next: { approved: 'sites:write', under_construction: 'sites:write', decommissioned: 'sites:approve' },
  },
  under_construction: {
    sentence: { en: 'It is being built or equipped.', vi: 'Đang xây dựng hoặc lắp đặt thiết bị.' },
    next: { blocked: 'sites:write', active: 'sites:write', decommissioned: 'sites:approve' },
  },
  active: {
    sentence: { en: 'It is on air and counts in coverage.', vi: 'Đang phát sóng, được tính vào vùng phủ.' },
    next: { inactive: 'sites:write', decommissioned: 'sites:approve' },
  },
  inactive: {
    sentence: {
      en: 'It stands and is off air for some time.',
      vi: 'Trạm còn đó nhưng tạm ngừng phát sóng.',
    },
    next: { active: 'sites:write', decommissioned: 'sites:approve' },
  },
  decommissioned: {
    sentence: {
      en: 'It was given up for good; nothing follows.',
      vi: 'Đã chấm dứt hoạt động; không chuyển sang trạng thái nào nữa.',
    },
    next: {},
  },
};

/** Why an approved site cannot be built, in words. */
export const BLOCK_REASON_SENTENCES: Readonly<Record<BlockReason, Bilingual>> = {
  'emf-fear': {
    en: 'People nearby fear the radiation.',
    vi: 'Người dân lo ngại bức xạ điện từ.',
  },
  'land-lease': { en: 'The land cannot be leased.', vi: 'Vướng thuê đất, mặt bằng.' },
  'three-phase-power': { en: 'Three-phase power is missing.', vi: 'Chưa có điện ba pha.' },
  other: { en: 'Another reason, given in the note.', vi: 'Lý do khác, ghi trong ghi chú.' },
};

/** A step that is asked for. `on` is the day from which the new state holds, YYYY-MM-DD. */
export interface TransitionRequest {
  to: Lifecycle;
  reason: BlockReason | null;
  note: string | null;
  on: string;
}

/** The permission for a step; undefined when the table does not have the step. */
export function permissionFor(from: Lifecycle, to: Lifecycle): TransitionPermission | undefined {
  return LIFE_CYCLE[from].next[to];
}

/** The states that may follow one, in the order of a site's life. */
export function statesAfter(from: Lifecycle): Lifecycle[] {
  return LIFECYCLES.filter((state) => permissionFor(from, state) !== undefined);
}

/**
 * What is wrong with a step as it is told, whatever the state it comes from. The day may not lie after `today`, nor before
 * `since`, the day of the step before (null: not known).
 */
export function checkTransition(
  request: TransitionRequest,
  today: string,
  since: string | null,
): Violation[] {
  const { to, reason, note, on } = request;
  const badDay = checkDate('on', on);
  return [
    ...checkReason('reason', 'note', to, reason, note),
    ...checkText('note', note, 500),
    ...badDay,
    ...(badDay.length === 0 ? checkOrder(on, today, since) : []),
  ];
}

/** Only what is blocked has a reason; it must have one, and `other` must say which. */
export function checkReason(
  reasonField: string,
  noteField: string,
  state: Lifecycle,
  reason: BlockReason | null,
  note: string | null,
): Violation[] {
  if (state !== 'blocked')
    return reason === null
      ? []
      : [
          {
            field: reasonField,
            code: 'REASON',
            en: `${reasonField} is for blocked sites only`,
            vi: `${reasonField} chỉ dùng cho trạm bị vướng`,
          },
        ];
  if ((reason === null || reason === 'other') && note === null)
    return [
      {
        field: noteField,
        code: 'REASON',
        en: `say why the site is blocked: ${reasonField} (${BLOCK_REASONS.join(', ')}), and ${noteField} when it is other`,
        vi: `phải ghi lý do trạm bị vướng: ${reasonField} (${BLOCK_REASONS.join(', ')}), và ${noteField} nếu là lý do khác`,
      },
    ];
  return checkOneOf(reasonField, reason, BLOCK_REASONS);
}

function checkOrder(on: string, today: string, since: string | null): Violation[] {
  if (on > today)
    return [
      {
        field: 'on',
        code: 'FUTURE',
        en: `on must not be after today (${today}): tell what has happened`,
        vi: `on không được sau hôm nay (${today}): chỉ ghi việc đã xảy ra`,
      },
    ];
  if (since !== null && on < since)
    return [
      {
        field: 'on',
        code: 'ORDER',
        en: `on must not be before ${since}, the day of the state before`,
        vi: `on không được trước ${since}, ngày của trạng thái trước`,
      },
    ];
  return [];
}
