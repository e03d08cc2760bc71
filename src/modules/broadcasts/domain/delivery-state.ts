/**
 * What is known of one play at one cluster. Each state is what may truthfully be said of it, never what is hoped:
 * "sent" is not "played", and what nobody has told is UNKNOWN.
 */
export const DELIVERY_STATES = [
  'PLANNED',
  'SENT',
  'ACCEPTED',
  'STARTED',
  'FINISHED',
  'FAILED',
  'REJECTED',
  'MISSED',
  'INTERRUPTED',
  'CANCELLED',
  'EXPIRED',
  'UNKNOWN',
] as const;
export type DeliveryState = (typeof DELIVERY_STATES)[number];

interface StateRule {
  en: string;
  vi: string;
  /** Where it can go. A later, better word may also correct what looked like an end. */
  next: readonly DeliveryState[];
}

/** Ends by the cluster's own word. */
const ENDS = ['FINISHED', 'FAILED', 'REJECTED', 'MISSED', 'INTERRUPTED', 'CANCELLED', 'EXPIRED'] as const;

/** The life of a delivery: a sentence for each state, and every way out of it. The tests hold the rules against it. */
export const DELIVERY_RULES: Record<DeliveryState, StateRule> = {
  PLANNED: {
    en: 'It is to be played; its order or plan is not known to have gone out.',
    vi: 'Đã lên kế hoạch phát; chưa biết lệnh hoặc kế hoạch đã được gửi đi.',
    next: ['SENT', 'ACCEPTED', 'STARTED', 'UNKNOWN', ...ENDS],
  },
  SENT: {
    en: 'The broker has the order; the cluster has not said anything.',
    vi: 'Lệnh đã đến máy chủ truyền tin; cụm loa chưa phản hồi.',
    next: ['ACCEPTED', 'STARTED', 'UNKNOWN', ...ENDS],
  },
  ACCEPTED: {
    en: 'The cluster has taken the order; it is not playing yet.',
    vi: 'Cụm loa đã nhận lệnh; chưa phát.',
    next: ['STARTED', 'UNKNOWN', ...ENDS],
  },
  STARTED: {
    en: 'The cluster says that it plays.',
    vi: 'Cụm loa báo đang phát.',
    next: ['UNKNOWN', 'FINISHED', 'FAILED', 'INTERRUPTED'],
  },
  FINISHED: {
    en: 'The cluster says that it was heard to the end.',
    vi: 'Cụm loa báo đã phát hết.',
    next: ['FAILED', 'INTERRUPTED'],
  },
  FAILED: {
    en: 'The cluster could not play it.',
    vi: 'Cụm loa không phát được.',
    next: ['FINISHED', 'REJECTED', 'MISSED', 'INTERRUPTED', 'CANCELLED'],
  },
  REJECTED: {
    en: 'The cluster refused it: one of its rules forbids it.',
    vi: 'Cụm loa từ chối vì một quy tắc không cho phép.',
    next: ['STARTED', 'FINISHED', 'FAILED', 'MISSED', 'INTERRUPTED', 'CANCELLED', 'EXPIRED', 'UNKNOWN'],
  },
  MISSED: {
    en: 'The cluster was there and its time passed without it being played.',
    vi: 'Cụm loa hoạt động nhưng đã qua giờ mà không phát.',
    next: ['FINISHED', 'FAILED', 'REJECTED', 'INTERRUPTED', 'CANCELLED'],
  },
  INTERRUPTED: {
    en: 'It began and was ended before its end; it may resume when a higher one took its place.',
    vi: 'Đã bắt đầu phát nhưng bị ngắt giữa chừng; có thể phát tiếp nếu bị nội dung ưu tiên hơn thay thế.',
    next: ['STARTED', 'FINISHED', 'FAILED', 'UNKNOWN'],
  },
  CANCELLED: {
    en: 'It was stopped before it began, and certainly has not been played.',
    vi: 'Đã hủy trước khi phát và chắc chắn chưa phát.',
    next: [
      'SENT',
      'ACCEPTED',
      'STARTED',
      'FINISHED',
      'FAILED',
      'REJECTED',
      'MISSED',
      'INTERRUPTED',
      'EXPIRED',
      'UNKNOWN',
    ],
  },
  EXPIRED: {
    en: 'It was too late: never sent, or the cluster got it after its time.',
    vi: 'Đã quá hạn: chưa gửi đi, hoặc cụm loa nhận được khi đã quá giờ.',
    next: [
      'SENT',
      'ACCEPTED',
      'STARTED',
      'FINISHED',
      'FAILED',
      'REJECTED',
      'MISSED',
      'INTERRUPTED',
      'CANCELLED',
      'UNKNOWN',
    ],
  },
  UNKNOWN: {
    en: 'It should be over and the cluster has not said what became of it; its records may still tell.',
    vi: 'Đã quá giờ kết thúc mà cụm loa chưa báo kết quả; nhật ký của cụm loa có thể bổ sung sau.',
    next: [...ENDS],
  },
};
