/**
 * Natural hazards as Decision 18/2021/QĐ-TTg names them, with the words that are said of them. The decision gives each its
 * own range of levels; whoever warns takes the level from the hydro-meteorological bulletin, so any of 1 to 5 is accepted.
 */
export const HAZARDS = {
  'tropical-depression': { vi: 'Áp thấp nhiệt đới', en: 'Tropical depression' },
  storm: { vi: 'Bão', en: 'Storm' },
  'heavy-rain': { vi: 'Mưa lớn', en: 'Heavy rain' },
  flood: { vi: 'Lũ', en: 'Flood' },
  'flash-flood': { vi: 'Lũ quét', en: 'Flash flood' },
  inundation: { vi: 'Ngập lụt', en: 'Inundation' },
  'storm-surge': { vi: 'Nước dâng', en: 'Storm surge' },
  'saline-intrusion': { vi: 'Xâm nhập mặn', en: 'Saline intrusion' },
  drought: { vi: 'Hạn hán', en: 'Drought' },
  landslide: { vi: 'Sạt lở đất, sụt lún đất', en: 'Landslide or subsidence' },
  thunderstorm: { vi: 'Dông, lốc, sét, mưa đá', en: 'Thunderstorm, tornado, lightning, hail' },
  'strong-wind': { vi: 'Gió mạnh trên biển', en: 'Strong wind at sea' },
  heat: { vi: 'Nắng nóng', en: 'Heat wave' },
  'forest-fire': { vi: 'Cháy rừng do tự nhiên', en: 'Forest fire' },
  fog: { vi: 'Sương mù', en: 'Fog' },
  cold: { vi: 'Rét hại, sương muối', en: 'Severe cold, frost' },
  earthquake: { vi: 'Động đất', en: 'Earthquake' },
  tsunami: { vi: 'Sóng thần', en: 'Tsunami' },
} as const satisfies Record<string, { vi: string; en: string }>;
export type Hazard = keyof typeof HAZARDS;
export const HAZARD_CODES = Object.keys(HAZARDS) as Hazard[];

/** The colours of the levels of risk, by the same decision. */
export const LEVELS = [
  { level: 1, colour: '#9ad0f5', vi: 'xanh dương nhạt', en: 'light blue' },
  { level: 2, colour: '#fff59d', vi: 'vàng nhạt', en: 'light yellow' },
  { level: 3, colour: '#fb8c00', vi: 'da cam', en: 'orange' },
  { level: 4, colour: '#e53935', vi: 'đỏ', en: 'red' },
  { level: 5, colour: '#8e24aa', vi: 'tím', en: 'purple' },
] as const;

export const KINDS = ['ALERT', 'ALL_CLEAR'] as const;
export type EmergencyKind = (typeof KINDS)[number];

/** What a prepared audio file may be used for. */
export const TEMPLATE_USES = ['ALERT', 'DRILL', 'ALL_CLEAR'] as const;
export type TemplateUse = (typeof TEMPLATE_USES)[number];

const DRILL = '[DIỄN TẬP] ';

/** The title that is shown and stored; of a drill it begins with the word, whatever else it says. */
export function titleOf(about: {
  kind: EmergencyKind;
  drill: boolean;
  hazard: Hazard | null;
  level: number | null;
  text: string | null;
}): string {
  const { kind, drill, hazard, level, text } = about;
  const named = hazard === null ? '' : HAZARDS[hazard].vi;
  const words = text ?? (level === null ? named : `${named} cấp độ ${level}`);
  return `${drill ? DRILL : ''}${kind === 'ALL_CLEAR' ? 'Hết cảnh báo: ' : 'Cảnh báo: '}${words}`.slice(
    0,
    200,
  );
}

/** Within its class the higher level goes first; what has no level stands between. */
export function rankOf(level: number | null): number {
  return level === null ? 25 : level * 10;
}
