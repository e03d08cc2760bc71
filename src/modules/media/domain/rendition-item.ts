/** The voices of the speech engine: northern, central and southern Vietnamese. */
export const VOICES = ['vi', 'vi-vn-x-central', 'vi-vn-x-south'] as const;
export type Voice = (typeof VOICES)[number];
/** The province lies in the delta: its listeners speak so. */
export const DEFAULT_VOICE: Voice = 'vi-vn-x-south';

export const WORDS_PER_MINUTE = { least: 80, most: 300, usual: 150 } as const;
export const PAUSE_S = { least: 0.1, most: 300 } as const;
export const MOST_ITEMS = 100;
/** One hour: the longest session under Decree 49/2024. */
export const LONGEST_RENDITION_S = 3_600;

/** One part of a rendition; they are heard in the order given. */
export type RenditionItem =
  | { kind: 'audio'; sha256: string }
  | { kind: 'speech'; text: string; voice?: Voice; wordsPerMinute?: number }
  | { kind: 'pause'; durationS: number };

/** The same with nothing left open: what is kept of a rendition, and what its identity is reckoned from. */
export type RecipeItem =
  | { kind: 'audio'; sha256: string }
  | { kind: 'speech'; text: string; spokenText: string; voice: Voice; wordsPerMinute: number }
  | { kind: 'pause'; durationS: number };

/** What a rendition is made of and by what: the same recipe makes the same bytes. */
export interface RenditionRecipe {
  /** Of this program's processing; another version may make other bytes. */
  renderer: string;
  /** The speech engine and its version; null when nothing is spoken. */
  speechEngine: string | null;
  targetLufs: number;
  items: RecipeItem[];
}
