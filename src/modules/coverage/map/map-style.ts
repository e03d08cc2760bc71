import type { LevelClass, Place } from '../domain/index.js';

/** From strong to none; told apart also without colour, by lightness alone. */
export const CLASS_COLOURS: Record<LevelClass, string> = {
  'very-good': '#23877d',
  good: '#6fbfae',
  sufficient: '#c9e7d3',
  none: '#f4c9a9',
};

export const INK = {
  text: '#1f2d38',
  muted: '#5d6b76',
  line: '#2c3d4a',
  site: '#16224a',
  frame: '#d8dee2',
  paper: '#fdfcfa',
  notice: '#fff3d1',
  noticeLine: '#e0b64a',
} as const;

export const CLASS_NAMES: Record<LevelClass, { vi: string; en: string }> = {
  'very-good': { vi: 'Rất tốt', en: 'very good' },
  good: { vi: 'Tốt', en: 'good' },
  sufficient: { vi: 'Đủ dùng', en: 'sufficient' },
  none: { vi: 'Không phủ sóng', en: 'not covered' },
};

export const PLACE_NAMES: Record<Place, { vi: string; en: string }> = {
  outdoor: { vi: 'ngoài trời', en: 'outdoors' },
  vehicle: { vi: 'trong xe', en: 'in a vehicle' },
  indoor: { vi: 'trong nhà', en: 'indoors' },
};

/** The usual short forms, so that names fit on the map: "TP. Ngã Bảy". */
export function shortName(name: string): string {
  return name
    .replace(/^Thành phố /u, 'TP. ')
    .replace(/^Thị xã /u, 'TX. ')
    .replace(/^Thị trấn /u, 'TT. ')
    .replace(/^(Huyện|Quận|Xã|Phường) /u, (kind) => `${kind.charAt(0)}. `);
}

/** Text as it may stand in a document or an attribute; characters that XML cannot hold are left out. */
export function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

/** As Vietnamese writes numbers: 1.234,5. */
export function number(value: number, decimals = 0): string {
  return value.toLocaleString('vi-VN', {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
}

/** A percentage that never rounds up to all or down to nothing. */
export function percent(value: number | null): string {
  if (value === null) return '–';
  if (value > 0 && value < 0.05) return '< 0,1 %';
  if (value < 100 && value >= 99.95) return '> 99,9 %';
  return `${number(value, 1)} %`;
}
