const WARNING_TEXTS = {
  'cluster.no-horns': {
    en: 'The cluster has no horn with power: it is left out.',
    vi: 'Cụm loa không có loa nào có công suất: không được tính.',
  },
  'horn.no-power': {
    en: 'Some horns of the cluster have no power: they are left out.',
    vi: 'Một số loa của cụm không có công suất: không được tính.',
  },
  'horn.assumed': {
    en: 'The register does not know this of the cluster’s horns; a default stands in.',
    vi: 'Không có dữ liệu này của loa; dùng giá trị mặc định.',
  },
  'range.height': {
    en: 'The horns hang higher than ISO 9613-2 is stated for (30 m).',
    vi: 'Loa treo cao hơn phạm vi của ISO 9613-2 (30 m).',
  },
  'range.distance': {
    en: 'The cluster is heard from further away than ISO 9613-2 states its accuracy for (1,000 m); counted in cells of the grid.',
    vi: 'Nghe được cụm loa từ xa hơn phạm vi có độ chính xác của ISO 9613-2 (1.000 m); tính theo số ô lưới.',
  },
  'range.cut': {
    en: 'The cluster would be heard beyond the greatest range that is reckoned.',
    vi: 'Có thể nghe được cụm loa ngoài tầm tính toán lớn nhất.',
  },
  'range.air': {
    en: 'The air is outside of what ISO 9613-1 is stated for.',
    vi: 'Thông số không khí nằm ngoài phạm vi của ISO 9613-1.',
  },
  'loudspeakers.no-place': {
    en: 'FM and wired loudspeakers are only counted by unit, nobody knows their places: they are in the estimates alone.',
    vi: 'Loa FM và loa có dây chỉ được đếm theo đơn vị hành chính, không rõ vị trí: chỉ có trong số ước tính.',
  },
} as const;
export type ReachWarningCode = keyof typeof WARNING_TEXTS;

/** Warnings of one kind about one field. */
export interface ReachWarning {
  code: ReachWarningCode;
  field: string | null;
  messageEn: string;
  messageVi: string;
  /** How often. */
  count: number;
  /** What it is about: clusters; the first hundred. */
  subjects: string[];
}

const MAX_SUBJECTS = 100;

/** Gathers warnings by kind. */
export class ReachWarnings {
  private readonly byKey = new Map<string, ReachWarning>();

  add(code: ReachWarningCode, subject: string | null, field: string | null = null, count = 1): void {
    const key = `${code}|${field ?? ''}`;
    let warning = this.byKey.get(key);
    if (!warning) {
      const { en, vi } = WARNING_TEXTS[code];
      warning = { code, field, messageEn: en, messageVi: vi, count: 0, subjects: [] };
      this.byKey.set(key, warning);
    }
    warning.count += count;
    if (subject !== null && warning.subjects.length < MAX_SUBJECTS && !warning.subjects.includes(subject))
      warning.subjects.push(subject);
  }

  list(): ReachWarning[] {
    return [...this.byKey.values()];
  }
}
