/** Why something of the snapshot was left out or taken with care. */
export const WARNING_TEXTS = {
  'site.duplicate': {
    en: 'The site code occurs more than once; only the first is used.',
    vi: 'Mã trạm bị trùng; chỉ dùng trạm đầu tiên.',
  },
  'site.position': { en: 'The site has no valid position.', vi: 'Trạm không có tọa độ hợp lệ.' },
  'cell.duplicate': {
    en: 'The cell code occurs more than once at its site; only the first is used.',
    vi: 'Mã cell bị trùng trong trạm; chỉ dùng cell đầu tiên.',
  },
  'cell.operator': { en: 'The cell has no operator.', vi: 'Cell không có nhà mạng.' },
  'cell.technology': { en: 'The technology is unknown.', vi: 'Không rõ công nghệ.' },
  'cell.no-height': {
    en: 'Neither the cell nor its site has a height.',
    vi: 'Cell và trạm đều không có độ cao.',
  },
  'cell.value': { en: 'A value is out of range.', vi: 'Giá trị nằm ngoài khoảng cho phép.' },
  'cell.bandwidth': {
    en: 'The bandwidth is none of the standard; resource blocks are reckoned from 90 % of it.',
    vi: 'Băng thông không theo chuẩn; số khối tài nguyên được tính từ 90 % băng thông.',
  },
  'area.empty': { en: 'The area has no extent.', vi: 'Đơn vị hành chính không có diện tích.' },
  'area.duplicate': {
    en: 'The area code occurs more than once; only the first is used.',
    vi: 'Mã đơn vị hành chính bị trùng; chỉ dùng đơn vị đầu tiên.',
  },
  'area.population': {
    en: 'The population is unknown or invalid: percentages of people are not given.',
    vi: 'Không rõ dân số hoặc dân số không hợp lệ: không tính được tỷ lệ dân số.',
  },
  'area.households': {
    en: 'The number of households is unknown or invalid: percentages of households are not given.',
    vi: 'Không rõ số hộ hoặc số hộ không hợp lệ: không tính được tỷ lệ hộ.',
  },
} as const;
export type WarningCode = keyof typeof WARNING_TEXTS;

/** Warnings of one kind about one field. */
export interface RunWarning {
  code: WarningCode;
  /** The field it is about, where there is one. */
  field: string | null;
  messageEn: string;
  messageVi: string;
  /** How often. */
  count: number;
  /** What it is about: `site`, `site/cell` or area code; the first hundred. */
  subjects: string[];
}

const MAX_SUBJECTS = 100;

/** Gathers warnings by kind, so that ten thousand bad cells make a line each kind and not ten thousand. */
export class WarningCollector {
  private readonly byKey = new Map<string, RunWarning>();

  add(code: WarningCode, subject: string, field: string | null = null): void {
    const key = `${code}|${field ?? ''}`;
    let warning = this.byKey.get(key);
    if (!warning) {
      const text = WARNING_TEXTS[code];
      warning = { code, field, messageEn: text.en, messageVi: text.vi, count: 0, subjects: [] };
      this.byKey.set(key, warning);
    }
    warning.count++;
    if (warning.subjects.length < MAX_SUBJECTS) warning.subjects.push(subject);
  }

  list(): RunWarning[] {
    return [...this.byKey.values()];
  }
}
